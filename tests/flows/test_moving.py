"""A fleet moves from v2 to v3: same vehicles, same history, and a way back."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from fleet.owners.models import Owner
from tests.flows.makers import sandbox
from tests.flows.walking import account_of, command, walk
from tests.scenes import a_fleet, a_member, odometer
from tests.vehicles.smartcar.far_end import far_end
from vehicles.consent import moving, subscribing
from vehicles.domain.measurements import Snapshot
from vehicles.line import gateway, grants
from vehicles.models import CallBucket, Connection, Gauge, Grant, Source, Terms, Vehicle
from vehicles.smartcar.errors import TryLater
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager():
    member = a_member(a_fleet())
    Terms.objects.create(fleet=member.fleet, generation="v2")
    return member


@pytest.fixture
def makers(tmp_path, settings):
    with sandbox(tmp_path, settings) as origin:
        yield origin


@pytest.fixture
def cars(makers, manager):
    owner = Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")
    walk(owner, manager, account_of(makers))
    return list(Vehicle.objects.order_by("pk"))


def move(manager) -> None:
    moving.begin(manager.fleet, now=timezone.now())
    moving.sweep(now=timezone.now())


def generations() -> set[str]:
    return set(Connection.objects.values_list("generation", flat=True))


def later(days: int = 2) -> None:
    """The next sweep after those that wait for something, with all the calls it may wish for."""
    CallBucket.objects.all().delete()
    moving.sweep(now=timezone.now() + timedelta(days=days))


def v3_refuses(cars, settings) -> None:
    """The next look at what has moved: by v3 it may not be read."""
    with far_end() as there:
        refusal = {"errors": [{"type": "PERMISSION", "code": None, "status": "403"}]}
        for car in cars:
            there.will(f"GET /vehicle/v3/vehicles/{car.smartcar_id}/signals", 403, refusal)
        origins = {"vehicle": f"{there.origin}/vehicle", "iam": f"{there.origin}/iam"}
        held, settings.SMARTCAR_ORIGINS = settings.SMARTCAR_ORIGINS, settings.SMARTCAR_ORIGINS | origins
        gateway.smartcar.cache_clear()
        CallBucket.objects.all().delete()
        moving.sweep(now=timezone.now() + timedelta(hours=1))
    settings.SMARTCAR_ORIGINS = held
    gateway.smartcar.cache_clear()


def test_every_car_keeps_its_row_its_history_and_its_name(makers, manager, cars):
    now = timezone.now()
    ingest.record_all([ingest.Arrival(cars[0].pk, Snapshot((odometer(84_300, at=now),)), Source.POLL, now)], now=now)
    rows = set(Connection.objects.values_list("pk", flat=True))

    move(manager)

    assert generations() == {"v3"}
    assert set(Connection.objects.values_list("pk", flat=True)) == rows
    assert [car.pk for car in Vehicle.objects.order_by("pk")] == [car.pk for car in cars]
    assert Gauge.objects.get(vehicle=cars[0], signal="odometer").number == 84_300
    assert not Connection.objects.filter(connection_id__startswith="v2:").exists()
    assert Terms.objects.get().generation == "v3"


def test_the_grant_is_kept_until_v3_has_told_something(makers, manager, cars):
    move(manager)
    later()  # v3 knows the cars, and its store is empty: nothing was subscribed by it yet
    assert Connection.objects.filter(grant=None).count() == 0
    assert moving.progress(manager.fleet)["proving"] == len(cars)

    subscribing.sweep(now=timezone.now())
    later(days=4)

    assert Connection.objects.exclude(grant=None).count() == 0
    assert moving.progress(manager.fleet) is None
    grants.sweep(now=timezone.now() + timedelta(days=2))
    assert not Grant.objects.exists()


def test_a_car_that_v3_does_not_list_stays_on_v2_and_works(makers, manager, cars):
    Connection.objects.filter(pk=cars[0].connection_id).update(user_id="a-user-that-v3-does-not-know")

    move(manager)

    stayed = Connection.objects.select_related("grant").get(pk=cars[0].connection_id)
    assert (stayed.generation, stayed.move_note) == ("v2", moving.NOT_LISTED)
    assert gateway.line(stayed).read(cars[0].smartcar_id, timezone.now()).measurements
    assert Connection.objects.filter(generation="v3").count() == len(cars) - 1
    assert moving.progress(manager.fleet)["held_up"] == [{"why": moving.NOT_LISTED, "car": cars[0].name}]


def test_where_v3_fails_after_the_move_it_is_v2_again(makers, manager, cars, settings):
    move(manager)
    v3_refuses(cars, settings)

    back = Connection.objects.select_related("grant").filter(move_note="PERMISSION").first()
    assert back.generation == "v2"
    assert (back.state, back.connection_id) == ("connected", f"v2:{back.user_id}:{back.car_id}")
    CallBucket.objects.all().delete()
    assert gateway.line(back).read(back.car_id, timezone.now()).measurements


def test_an_outage_of_v3_only_delays(makers, manager, cars):
    command(makers, "hosts", outage="503", down=["vehicle"])
    move(manager)
    assert generations() == {"v2"}

    command(makers, "hosts", outage="")
    later()

    assert generations() == {"v3"}


def test_a_move_that_is_done_twice_moves_once(makers, manager, cars):
    connection = Connection.objects.get(pk=cars[0].connection_id)
    move(manager)
    moved = Connection.objects.get(pk=cars[0].connection_id)

    moving.forward(connection, timezone.now())  # a worker that was thought dead

    assert Connection.objects.get(pk=cars[0].connection_id).connection_id == moved.connection_id


def test_a_v2_fleet_beside_it_is_left_alone(makers, manager, cars):
    other = a_member(a_fleet("Theirs"))
    Terms.objects.create(fleet=other.fleet, generation="v2")

    move(other)

    assert generations() == {"v2"}
    assert moving.progress(other.fleet) is None


def test_the_manager_starts_it_and_sees_how_far_it_is(client, makers, manager, cars):
    client.force_login(manager.user)
    page = client.get("/connect/").content.decode()
    assert "Move to v3" in page and f"{len(cars)} connections of this fleet speak" in page

    assert client.post("/connect/move/")["Location"] == "/connect/"
    moving.sweep(now=timezone.now())

    assert f"{len(cars)} more read" in client.get("/connect/").content.decode()


def test_the_command_says_and_begins(makers, manager, cars, capsys):
    call_command("move_to_v3")
    assert f"{len(cars)} not begun" in capsys.readouterr().out
    call_command("move_to_v3", fleet=manager.fleet_id, begin=True)
    assert f"{len(cars)} waiting" in capsys.readouterr().out


def test_a_read_that_must_wait_keeps_the_place(makers, manager, cars):
    command(makers, "trouble", vehicleId=cars[0].smartcar_id, type="RATE_LIMIT", code="VEHICLE")
    move(manager)

    waiting = Connection.objects.select_related("grant").get(pk=cars[0].connection_id)
    with pytest.raises(TryLater):
        gateway.by_v3(waiting).read(cars[0].smartcar_id, timezone.now())
    assert waiting.generation == "v2" and waiting.move_after > timezone.now()


def test_stopped_between_two_cars_the_others_stay_on_v2(makers, manager, cars):
    moving.begin(manager.fleet, now=timezone.now())
    moving.sweep(now=timezone.now(), most=1)
    told = moving.progress(manager.fleet)
    assert (told["proving"], told["waiting"]) == (1, len(cars) - 1)

    assert moving.stop(manager.fleet, by=manager.user, now=timezone.now()) == len(cars) - 1

    for _ in cars:
        later()
    assert Connection.objects.filter(generation="v2", move_after=None).count() == len(cars) - 1
    assert moving.begin(manager.fleet, now=timezone.now()) == len(cars) - 1  # it can be taken up again


def test_one_that_is_held_up_is_not_tried_again_after_the_stop(makers, manager, cars):
    Connection.objects.filter(pk=cars[0].connection_id).update(user_id="a-user-that-v3-does-not-know")
    move(manager)

    moving.stop(manager.fleet, by=manager.user, now=timezone.now())

    told = moving.progress(manager.fleet)
    assert (told["on_v2"], told["waiting"], told["held_up"]) == (1, 0, [])


def test_the_worker_in_the_midst_of_a_car_does_not_undo_the_stop(manager, cars):
    moving.begin(manager.fleet, now=timezone.now())
    in_hand = Connection.objects.get(pk=cars[0].connection_id)

    moving.stop(manager.fleet, by=manager.user, now=timezone.now())
    moving.later(in_hand, moving.NOT_LISTED, timezone.now())

    assert moving.progress(manager.fleet)["waiting"] == 0


def test_another_fleet_goes_on(manager, cars):
    moving.begin(manager.fleet, now=timezone.now())
    assert moving.stop(a_fleet("Theirs"), by=manager.user, now=timezone.now()) == 0
    assert moving.progress(manager.fleet)["waiting"] == len(cars)


def test_how_far_it_is_costs_three_questions(manager, cars, django_assert_num_queries):
    moving.begin(manager.fleet, now=timezone.now())
    with django_assert_num_queries(3):
        moving.progress(manager.fleet)


def test_the_manager_stops_it_on_the_page(client, manager, cars):
    moving.begin(manager.fleet, now=timezone.now())
    client.force_login(manager.user)
    assert "Stop moving" in client.get("/connect/").content.decode()

    client.post("/connect/move/stop/")

    page = client.get("/connect/").content.decode()
    assert "Stop moving" not in page and f"Stopped by {manager.user} on" in page
    assert "Move to v3" in page


def test_one_that_v3_gives_back_after_the_stop_is_not_tried_again(client, makers, manager, cars, settings):
    move(manager)
    moving.stop(manager.fleet, by=manager.user, now=timezone.now())
    v3_refuses(cars, settings)
    given_back = set(Connection.objects.filter(generation="v2").values_list("pk", flat=True))

    for days in (2, 9):
        later(days=days)

    assert given_back
    assert set(Connection.objects.filter(generation="v2").values_list("pk", flat=True)) == given_back
    told = moving.progress(manager.fleet)
    assert (told["on_v2"], told["waiting"], len(told["stayed"])) == (len(given_back), 0, len(given_back))
    client.force_login(manager.user)
    page = client.get("/connect/").content.decode()
    assert f"Stopped by {manager.user} on" in page and "v3 could not take these over" in page


def test_begun_anew_it_forgets_the_stop(makers, manager, cars):
    moving.stop(manager.fleet, by=manager.user, now=timezone.now())
    move(manager)

    assert generations() == {"v3"}
    assert moving.progress(manager.fleet)["stopped_at"] is None


def test_it_can_be_stopped_while_all_that_moved_is_proving_itself(client, makers, manager, cars):
    move(manager)
    client.force_login(manager.user)
    assert "Stop moving" in client.get("/connect/").content.decode()

    client.post("/connect/move/stop/")

    assert "Stop moving" not in client.get("/connect/").content.decode()
    assert generations() == {"v3"}
