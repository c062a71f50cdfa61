"""Letting go of what speaks v2: by its grant, and by the application's own name once the grant is dead."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.owners.models import Owner
from tests.flows.makers import sandbox
from tests.flows.walking import accounts, command, connected, managed
from tests.scenes import a_fleet, a_member
from vehicles.consent import parting, reconciling
from vehicles.models import Connection, Grant, Parting, Round, Terms

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def makers(tmp_path, settings):
    with sandbox(tmp_path, settings) as origin:
        yield origin


@pytest.fixture
def cars(makers):
    manager = a_member(a_fleet())
    Terms.objects.create(fleet=manager.fleet, generation="v2")
    owner = Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")
    cars = connected(owner, manager, accounts(makers)[0]["account"])
    assert {car.connection.generation for car in cars} == {"v2"}
    return cars


def test_a_parted_car_is_gone_there(cars):
    car = cars[0]
    assert car.smartcar_id in managed()

    parting.part(car.connection, now=timezone.now())
    parting.sweep(now=timezone.now())

    assert not Parting.objects.filter(done_at=None).exists()
    assert managed() == {other.smartcar_id for other in cars[1:]}


def test_a_dead_grant_is_no_obstacle(cars):
    car = cars[0]
    Grant.objects.update(dead_at=timezone.now())

    parting.part(car.connection, now=timezone.now())
    parting.sweep(now=timezone.now())

    assert not Parting.objects.filter(done_at=None).exists()
    assert car.smartcar_id not in managed()


def test_the_list_of_the_management_finds_who_is_gone(makers, cars):
    car, now = cars[0], timezone.now() + timedelta(seconds=1)
    command(makers, "state", vehicleId=car.smartcar_id, state="disconnected")

    reconciling.sweep(now=now)
    assert Connection.objects.get(vehicles=car).misses == 1
    reconciling.sweep(now=now + timedelta(days=1, minutes=1))

    assert Connection.objects.get(vehicles=car).state == "disconnected"
    assert set(Connection.objects.exclude(vehicles=car).values_list("state", flat=True)) == {"connected"}
    assert Round.objects.get(name="connections v2").found["listed"] == len(cars) - 1
