"""Who works in a fleet: roles, leaving, and that nobody locks everybody out."""

import threading

import pytest
from django.db import connection

from fleet.kit.refusals import Refused
from fleet.owners import people
from fleet.owners.models import Membership, Role
from maintenance.models import Alert, OrderStep, WorkOrder
from tests.scenes import NOON, a_car, a_fleet, a_member, unique

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(fleet):
    return a_member(fleet, email="ana@fleet.example")


def an_order(fleet, member, state=WorkOrder.State.OPEN):
    car = a_car(fleet)
    number = 1_001 + WorkOrder.objects.for_fleet(fleet).count()
    about = {"number": number, "key": unique("form"), "created_by": "A", "created_at": NOON, "assignee": member.user}
    return WorkOrder.objects.create(fleet=fleet, vehicle=car, state=state, **about)


def act(client, member, where, **typed):
    client.force_login(member.user)
    return client.post(f"/settings/people/{where}/", typed, follow=True).content.decode()


def test_a_manager_gives_another_role_and_it_holds_from_the_next_click_on(client, fleet, manager):
    other = a_member(fleet, Role.VIEWER)

    page = act(client, manager, f"{other.pk}/role", role="technician")

    assert "Viewer Person is technician now." in page
    other.refresh_from_db()
    assert other.role == Role.TECHNICIAN


def test_the_only_manager_can_neither_be_made_less_nor_go(client, fleet, manager):
    a_member(fleet, Role.TECHNICIAN)
    inactive = a_member(fleet, Role.MANAGER)
    inactive.user.is_active = False
    inactive.user.save()

    for where, typed in ((f"{manager.pk}/role", {"role": "viewer"}), (f"{manager.pk}/remove", {}), ("leave", {})):
        assert "is the only manager" in act(client, manager, where, **typed)
    manager.refresh_from_db()
    assert manager.role == Role.MANAGER


def test_who_is_removed_sees_nothing_of_the_fleet_any_more(client, fleet, manager):
    other = a_member(fleet, Role.TECHNICIAN)

    assert "works here no more" in act(client, manager, f"{other.pk}/remove")

    client.force_login(other.user)
    answer = client.get("/vehicles/")
    assert answer.status_code == 403 and "no fleet yet" in answer.content.decode()


def test_their_open_orders_are_free_and_what_was_at_work_is_on_hold(client, fleet, manager):
    other = a_member(fleet, Role.TECHNICIAN)
    waiting, working = an_order(fleet, other), an_order(fleet, other, WorkOrder.State.WORKING)
    done = an_order(fleet, other, WorkOrder.State.DONE)
    alert = Alert.objects.create(
        fleet=fleet, vehicle=done.vehicle, kind="fault", subject="P0420", occurrence="1", level="warning",
        opened_at=NOON, level_at=NOON, assignee=other.user,
    )  # fmt: skip

    act(client, manager, f"{other.pk}/remove")

    for order in (waiting, working, done, alert):
        order.refresh_from_db()
    assert (waiting.assignee, waiting.state) == (None, "open")
    assert (working.assignee, working.state, working.hold_note) == (
        None,
        "held",
        "Technician Person works here no more",
    )
    assert (done.assignee, alert.assignee) == (other.user, None)
    steps = list(OrderStep.objects.filter(order=working).order_by("pk").values_list("what", "by_name"))
    assert steps == [("held", "Manager Person"), ("given back", "Manager Person")]


def test_a_technician_who_only_looks_from_now_on_frees_the_work_too(client, fleet, manager):
    other = a_member(fleet, Role.TECHNICIAN)
    order = an_order(fleet, other)

    act(client, manager, f"{other.pk}/role", role="viewer")

    order.refresh_from_db()
    assert order.assignee is None


def test_a_person_may_leave(client, fleet, manager):
    other = a_member(fleet, Role.VIEWER)

    page = act(client, other, "leave")

    assert "no fleet yet" in page
    assert not Membership.objects.filter(pk=other.pk).exists()


def test_only_managers_read_addresses(client, fleet, manager):
    viewer = a_member(fleet, Role.VIEWER)

    client.force_login(viewer.user)
    theirs = client.get("/settings/people/").content.decode()
    client.force_login(manager.user)
    ours = client.get("/settings/people/").content.decode()

    assert "Manager Person" in theirs and "ana@fleet.example" not in theirs and "Ask somebody" not in theirs
    assert viewer.user.email in ours and "Ask somebody" in ours


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_two_managers_cannot_remove_each_other_at_once():
    fleet = a_fleet()
    pair = [a_member(fleet), a_member(fleet)]
    gate, told = threading.Barrier(2), []

    def remove(of, by):
        gate.wait()
        try:
            told.append(people.remove(fleet, of.pk, by=by.user, now=NOON) is not None)
        except Refused:
            told.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=args) for args in (pair, pair[::-1])]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(told) == [False, True]
    assert Membership.objects.filter(fleet=fleet, role=Role.MANAGER).count() == 1
