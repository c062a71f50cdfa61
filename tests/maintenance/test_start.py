"""The first hour, step by step, as it is worked out from what is there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.owners.models import Fleet, Invitation, Owner, Role
from maintenance import review
from maintenance.boards import start
from tests.scenes import a_car, a_fleet, a_member, odometer
from vehicles.models import Source, Vehicle
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return a_member(a_fleet(settled_at=None))


def states(member, now=None) -> list[str]:
    return [step.state for step in start.board(member, now or timezone.now())["steps"]]


def step(member, n: int, now=None) -> start.Step:
    return start.board(member, now or timezone.now())["steps"][n]


def reports(car: Vehicle, now) -> None:
    ingest.record(car, [odometer(50_000, at=now)], source=Source.WEBHOOK, now=now)
    review.review([car.pk], now=now)


def test_in_an_empty_fleet_a_car_comes_next_and_the_rest_waits_for_it(manager):
    assert states(manager) == ["done", "done", "now", "waiting", "waiting", "waiting", "later"]
    assert "Name whoever holds the account" in step(manager, 2).words

    Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")
    assert "An owner is named" in step(manager, 2).words


def test_a_car_that_has_told_nothing_yet_is_waited_for_and_after_an_hour_looked_at(manager):
    car, now = a_car(manager.fleet), timezone.now()
    car.connection.consented_at = now - timedelta(minutes=5)
    car.connection.save()
    assert states(manager, now)[2:6] == ["done", "waiting", "waiting", "waiting"]
    assert "0 of 1 car have told something. The others are asked now" in step(manager, 3, now).words

    late = step(manager, 3, now + timedelta(hours=3))
    assert late.state == "now" and "permissions unticked" in late.words and late.act == "See which and why"


def test_once_it_has_told_something_the_last_services_come_next(manager):
    now = timezone.now()
    reports(a_car(manager.fleet), now)

    assert states(manager, now) == ["done", "done", "done", "done", "done", "now", "later"]
    assert "starts are unknown" in step(manager, 5).words


def test_a_car_without_a_program_wants_one(manager):
    now = timezone.now()
    manager.fleet.programs.all().update(retired_at=now)
    reports(a_car(manager.fleet), now)

    assert step(manager, 4).state == "now" and "1 car of 1 follows none" in step(manager, 4).words


def test_an_open_invitation_or_a_second_person_is_enough(manager):
    now, soon = timezone.now(), timezone.now() + timedelta(days=1)
    asked = Invitation.objects.create(
        fleet=manager.fleet, email="per@fleet.example", by_name="A", created_at=now, expires_at=soon
    )
    assert step(manager, 6).is_done and "One person is asked" in step(manager, 6).words

    asked.delete()
    a_member(manager.fleet, Role.TECHNICIAN)
    assert step(manager, 6).is_done and "2 people work here" in step(manager, 6).words


def test_the_due_list_reminds_a_manager_until_the_hour_is_over(client, manager):
    technician = a_member(manager.fleet, Role.TECHNICIAN)
    client.force_login(technician.user)
    assert "Go on with the first hour" not in client.get("/").content.decode()
    client.force_login(manager.user)
    assert "Go on with the first hour" in client.get("/").content.decode()

    client.post("/start/end/")

    first = Fleet.objects.get(pk=manager.fleet_id).settled_at
    client.post("/start/end/")
    assert "Go on with the first hour" not in client.get("/").content.decode()
    assert first and Fleet.objects.get(pk=manager.fleet_id).settled_at == first
    assert "I know my way" not in client.get("/start/").content.decode()


def test_another_fleets_cars_do_no_step_of_ours(manager):
    reports(a_car(a_fleet("Elsewhere")), timezone.now())

    assert states(manager)[2] == "now"


def test_it_costs_the_same_for_one_car_and_for_thirty(client, manager, django_assert_max_num_queries):
    client.force_login(manager.user)
    for _ in range(30):
        reports(a_car(manager.fleet), timezone.now())

    with django_assert_max_num_queries(12):
        assert client.get("/start/").status_code == 200
