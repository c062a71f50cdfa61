"""Letting go from our side: at once here, at Smartcar as soon as it answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.owners.models import Owner
from tests.flows.makers import sandbox
from tests.flows.walking import accounts, command, connected, listed, subscribed
from tests.scenes import a_fleet, a_member, odometer, state_of
from vehicles.asking import polling
from vehicles.consent import parting
from vehicles.models import Connection, Delivery, Gauge, Parting, Source, Vehicle
from vehicles.models.connection import PARTED
from vehicles.post import letterbox
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_parted_car_is_gone_there_and_keeps_its_history_here(cars):
    car, now = cars[0], timezone.now()
    ingest.record(car, [odometer(84_300, at=now)], source=Source.POLL, now=now)
    assert car.smartcar_id in listed() & subscribed()

    parting.part(car.connection, now=now)
    parting.sweep(now=now)

    assert car.smartcar_id not in listed() | subscribed()
    assert {other.smartcar_id for other in cars[1:]} <= listed() & subscribed()
    car.refresh_from_db()
    assert (car.connection.state, car.connection.reason) == ("disconnected", PARTED)
    assert (car.poll_after, car.subscribe_after, car.subscribed_at) == (None, None, None)
    assert Gauge.objects.get(vehicle=car, signal="odometer").number == 84_300
    assert not Parting.objects.filter(done_at=None).exists()


def test_what_smartcar_cannot_hear_is_said_again_until_it_is_done(makers, cars):
    car, now = cars[0], timezone.now()
    command(makers, "hosts", outage="503")

    parting.part(car.connection, now=now)
    parting.sweep(now=now)

    assert not Vehicle.objects.pollable().filter(pk=car.pk).exists()
    waiting = Parting.objects.filter(done_at=None)
    assert waiting.count() == 2
    assert all(row.after > now and row.error for row in waiting)
    parting.sweep(now=now + timedelta(days=1))
    command(makers, "fine-weather")
    assert car.smartcar_id in listed()
    parting.sweep(now=now + timedelta(days=3))
    assert car.smartcar_id not in listed()
    assert not waiting.all().exists()


def test_what_is_gone_already_is_done(makers, cars):
    car = cars[0]
    command(makers, "state", vehicleId=car.smartcar_id, state="disconnected")

    parting.part(car.connection, now=timezone.now())
    parting.sweep(now=timezone.now())

    assert not Parting.objects.filter(done_at=None).exists()


def test_one_that_never_succeeds_is_given_up_and_can_be_rung_by_a_person(makers, cars):
    now = timezone.now()
    command(makers, "hosts", outage="503")
    parting.part(cars[0].connection, now=now)
    for _ in range(parting.TRIES):
        now += timedelta(days=2)
        parting.sweep(now=now)
    given_up = Parting.objects.filter(done_at=None, after=None)
    assert given_up.count() == 2

    command(makers, "fine-weather")
    for row in given_up:
        parting.try_again(row, now=now)
    parting.sweep(now=now)

    assert cars[0].smartcar_id not in listed()


def test_an_owner_who_comes_back_in_time_is_not_parted_after_all(makers, manager, cars):
    car, owner = cars[0], cars[0].connection.owner
    parting.part(car.connection, now=timezone.now())

    connected(owner, manager, accounts(makers)[0]["account"])
    parting.sweep(now=timezone.now())

    car.refresh_from_db()
    assert car.connection.state == "connected"
    assert car.smartcar_id in listed() & subscribed()


def test_a_retired_car_comes_back_as_itself(makers, manager, cars):
    car, owner, now = cars[0], cars[0].connection.owner, timezone.now()
    name, smartcar_id = car.name, car.smartcar_id
    parting.retire(car, now=now)
    parting.sweep(now=now)
    car.refresh_from_db()
    assert (car.smartcar_id, car.retired_at) == (None, now)
    assert smartcar_id not in listed()

    again = connected(owner, manager, accounts(makers)[0]["account"])

    car.refresh_from_db()
    assert car in again
    assert (car.name, car.smartcar_id, car.retired_at, car.connection.state) == (name, smartcar_id, None, "connected")
    assert Vehicle.objects.count() == len(cars)


def test_a_retired_car_is_free_for_another_fleet_and_takes_nothing_along(makers, manager, cars):
    now = timezone.now()
    smartcar_ids = [car.smartcar_id for car in cars]
    for car in cars:
        parting.retire(car, now=now)
    letterbox.keep(state_of(smartcar_ids[0], km=84_300, at=now), now=now)
    Delivery.objects.update(state="parked", open_after=None)

    other = a_member(a_fleet("Theirs"))
    theirs = connected(Owner.objects.create(fleet=other.fleet, name="New keys"), other, accounts(makers)[0]["account"])

    assert {car.smartcar_id for car in theirs} == set(smartcar_ids)
    assert Delivery.objects.get().state == "idle"
    for car in Vehicle.objects.filter(fleet=manager.fleet).select_related("connection"):
        assert car.connection.fleet_id == manager.fleet_id
        assert car.connection.state == "disconnected"
    parting.sweep(now=timezone.now())
    assert set(smartcar_ids) <= listed()


def test_a_retired_car_is_not_asked_any_more(cars):
    parting.retire(cars[0], now=timezone.now())
    Vehicle.objects.filter(connection__state="connected").update(poll_after=timezone.now())

    polling.sweep(now=timezone.now())

    assert cars[0].pk not in Vehicle.objects.exclude(polled_at=None).values_list("pk", flat=True)
    assert Vehicle.objects.exclude(polled_at=None).exists()


def test_a_car_of_two_owners_goes_on_through_the_other(manager, cars):
    car = cars[0]
    other = Owner.objects.create(fleet=manager.fleet, name="The other driver")
    second = Connection.objects.create(
        fleet=manager.fleet, owner=other, connection_id="c-2", user_id="u-2", smartcar_id=car.smartcar_id
    )

    parting.part(car.connection, now=timezone.now())

    car.refresh_from_db()
    assert car.connection == second
    assert car.poll_after is not None
