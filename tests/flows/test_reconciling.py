"""Once a day Smartcar's lists are held against ours."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from fleet.owners.models import Owner
from fleet.watch.models import Alarm
from tests.flows.makers import sandbox
from tests.flows.walking import accounts, command, connected, subscribed
from tests.scenes import a_fleet, a_member
from vehicles.asking import polling
from vehicles.boards import reach
from vehicles.consent import listings, parting, reconciling, subscribing
from vehicles.line import gateway
from vehicles.models import Connection, Parting, Round, Vehicle
from vehicles.models.connection import REVOKED

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def makers(tmp_path, settings):
    with sandbox(tmp_path, settings) as origin:
        yield origin


@pytest.fixture
def manager():
    return a_member(a_fleet())


@pytest.fixture
def cars(makers, manager):
    owner = Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")
    return connected(owner, manager, accounts(makers)[0]["account"])


def after(days: int):
    """Long enough for the next walk, and never before the consent."""
    return timezone.now() + days * (DAY + timedelta(minutes=1)) + timedelta(seconds=1)


def state_of(car) -> tuple[str, int]:
    connection = Connection.objects.get(vehicles=car)
    return connection.state, connection.misses


def test_what_is_listed_stays_as_it_is(cars):
    reconciling.sweep(now=after(0))

    assert {state_of(car) for car in cars} == {("connected", 0)}
    walk = Round.objects.get(name="connections v3")
    assert walk.found == {"listed": len(cars), "unknown": 0, "missed": 0, "gone": 0}
    assert walk.after > after(0)


def test_one_miss_is_noted_and_two_disconnect(makers, cars):
    car = cars[0]
    command(makers, "state", vehicleId=car.smartcar_id, state="disconnected")

    reconciling.sweep(now=after(0))
    assert state_of(car) == ("connected", 1)
    reconciling.sweep(now=after(0))
    assert state_of(car) == ("connected", 1), "the same day counts once"
    reconciling.sweep(now=after(1))

    assert state_of(car)[0] == "disconnected"
    car.refresh_from_db()
    assert car.connection.reason == REVOKED
    assert (car.poll_after, car.subscribe_after, car.retired_at) == (None, None, None)
    assert {state_of(other) for other in cars[1:]} == {("connected", 0)}


def test_a_connection_that_is_back_is_connected_again(makers, manager, cars):
    car = cars[0]
    Connection.objects.filter(pk=car.connection_id).update(state="disconnected", reason=REVOKED)
    Vehicle.objects.filter(pk=car.pk).update(poll_after=None, subscribe_after=None)

    reconciling.sweep(now=after(0))

    assert state_of(car) == ("connected", 0)
    car.refresh_from_db()
    assert car.poll_after is not None
    assert car.subscribe_after is not None


def test_what_we_gave_back_and_is_still_listed_is_given_back_again(cars):
    car = cars[0]
    parting.part(car.connection, now=timezone.now())
    Parting.objects.update(done_at=timezone.now() - 3 * DAY, after=None)
    car.connection.owner.attempts.all().delete()

    reconciling.sweep(now=after(0))

    assert state_of(car)[0] == "disconnected"
    assert Parting.objects.filter(what="disconnect", done_at=None, smartcar_id=car.smartcar_id).exists()


def test_a_miss_is_forgotten_once_it_is_listed(cars):
    Connection.objects.filter(pk=cars[0].connection_id).update(misses=1)

    reconciling.sweep(now=after(0))

    assert state_of(cars[0]) == ("connected", 0)


def test_a_list_that_breaks_off_accuses_nobody(makers, cars):
    car = cars[0]
    command(makers, "state", vehicleId=car.smartcar_id, state="disconnected")
    Connection.objects.filter(pk=car.connection_id).update(misses=1)
    command(makers, "hosts", outage="page", down=["vehicle"])

    reconciling.sweep(now=after(0))

    assert state_of(car) == ("connected", 1)
    walk = Round.objects.get(name="connections v3")
    assert walk.error
    assert walk.ended_at is None
    command(makers, "fine-weather")
    reconciling.sweep(now=after(0) + timedelta(hours=2))
    assert state_of(car)[0] == "disconnected"


def test_an_empty_bucket_interrupts_a_walk_and_it_goes_on_where_it_was(cars, monkeypatch):
    monkeypatch.setattr("vehicles.smartcar.client.PAGE_SIZE", 1)
    monkeypatch.setattr(reconciling, "PAGES_A_TURN", 2)
    now = after(0)

    reconciling.sweep(now=now)
    walk = Round.objects.get(name="connections v3")
    assert (walk.seen, walk.ended_at) == (2, None)
    first = Connection.objects.exclude(listed_at=None).count()
    for _ in range(len(cars)):
        reconciling.sweep(now=now)

    assert first == 2
    assert not Connection.objects.filter(listed_at=None).exists()
    assert Round.objects.get(name="connections v3").found["listed"] == len(cars)


def test_a_connection_nobody_knows_is_counted_and_left_alone(makers, cars):
    stranger = accounts(makers)[1]
    command(makers, "consent", account=stranger["account"])

    reconciling.sweep(now=after(0))

    assert Round.objects.get(name="connections v3").found["unknown"] == len(stranger["vehicles"])
    assert Vehicle.objects.count() == len(cars)


def test_permissions_are_learnt_anew(cars):
    told = cars[0].connection.permissions
    Connection.objects.update(permissions=["read_odometer"])

    reconciling.sweep(now=after(0))

    assert Connection.objects.get(vehicles=cars[0]).permissions == told


def test_a_lost_subscription_is_made_again_and_a_stray_one_called_off(makers, cars):
    lost, stray = cars[0], cars[1]
    client = gateway.smartcar()
    client.unsubscribe(settings.SMARTCAR_WEBHOOK_ID, lost.connection.user_id, lost.smartcar_id)
    Vehicle.objects.filter(pk=stray.pk).update(retired_at=timezone.now())

    reconciling.sweep(now=after(0))
    subscribing.sweep(now=after(0))
    parting.sweep(now=after(0))

    assert subscribed() == {car.smartcar_id for car in cars} - {stray.smartcar_id}
    assert Round.objects.get(name="subscriptions").found == {"listed": len(cars) - 1, "unknown": 1, "again": 1}


def test_a_car_that_is_listed_and_not_found_is_told_after_a_day(cars):
    car, now = cars[0], after(0)
    Vehicle.objects.filter(pk=car.pk).update(lost_since=now - timedelta(hours=23))
    reconciling.sweep(now=now)
    assert not Alarm.objects.exists()

    reconciling.sweep(now=now + timedelta(hours=2))

    assert Alarm.objects.get().on
    assert state_of(car) == ("connected", 0)
    Vehicle.objects.filter(pk=car.pk).update(seen_at=now + timedelta(hours=2))
    reconciling.sweep(now=now + timedelta(hours=3))
    assert not Alarm.objects.get().on


def test_an_empty_list_against_a_whole_fleet_is_not_believed(cars, monkeypatch):
    monkeypatch.setattr(listings, "TOO_MANY", len(cars))
    Connection.objects.update(misses=1, listed_at=None, consented_at=timezone.now() - 9 * DAY)

    told = listings.ConnectionsV3().missing(0, since=timezone.now(), now=timezone.now())

    assert told == {"empty": len(cars)}
    assert not Connection.objects.filter(state="disconnected").exists()


def test_a_car_that_smartcar_lists_and_cannot_find_is_degraded_and_kept(makers, cars):
    car = cars[0]
    command(makers, "state", vehicleId=car.smartcar_id, state="not_found")
    Vehicle.objects.update(poll_after=None)
    Vehicle.objects.filter(pk=car.pk).update(poll_after=timezone.now())

    polling.sweep(now=timezone.now())

    car.refresh_from_db()
    assert car.lost_since is not None
    assert reach.of_page([car], timezone.now())[0][car.pk].state == "lost"
    reconciling.sweep(now=after(0))
    reconciling.sweep(now=after(2))
    assert state_of(car) == ("connected", 0)
    assert "1 of our cars" in Alarm.objects.get(name=listings.LOST).words
