"""A car that comes under a new name and is, by its VIN, one that the fleet had before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.scenes import a_car, a_fleet, odometer, state_of
from vehicles.consent import homecoming, parting
from vehicles.models import Connection, Gauge, Source, Vehicle
from vehicles.post import inbox, letterbox
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
VIN = "WF0XXXTTGXLA12345"


@pytest.fixture
def fleet():
    return a_fleet()


def before(fleet, **fields) -> Vehicle:
    return a_car(fleet, vin=VIN, enrolled_at=timezone.now() - timedelta(days=300), **fields)


def newcomer(fleet, **fields) -> Vehicle:
    return a_car(fleet, vin=VIN, enrolled_at=timezone.now() - timedelta(minutes=5), **fields)


def test_a_retired_vehicle_takes_over_the_new_name_and_what_came_under_it(fleet):
    now = timezone.now()
    known = before(fleet, name="Van 07")
    ingest.record(known, [odometer(84_300, at=now - timedelta(days=9))], source=Source.POLL, now=now)
    parting.retire(known, now=now)
    new = newcomer(fleet)
    letterbox.keep(state_of(new.smartcar_id, km=91_000, at=now), now=now)
    inbox.sweep(now=now)

    assert homecoming.sweep(now=now) == 1
    inbox.sweep(now=now)

    known.refresh_from_db()
    assert (known.name, known.smartcar_id, known.retired_at) == ("Van 07", new.smartcar_id, None)
    assert known.connection_id == new.connection_id
    assert Gauge.objects.get(vehicle=known, signal="odometer").number == 91_000
    assert known.readings.filter(number=84_300).exists()
    new.refresh_from_db()
    assert (new.smartcar_id, new.connection, new.vin) == (None, None, "")
    assert new.retired_at == now
    assert homecoming.sweep(now=now) == 0


@pytest.mark.parametrize("state", ["disconnected", "needs_owner"])
def test_a_vehicle_that_nothing_connects_is_known_as_well(fleet, state):
    known = before(fleet)
    Connection.objects.filter(pk=known.connection_id).update(state=state)
    newcomer(fleet)

    assert homecoming.sweep(now=timezone.now()) == 1
    assert Vehicle.objects.active().get() == known


def test_another_fleets_vehicle_is_never_meant(fleet):
    parting.retire(before(a_fleet("Theirs")), now=timezone.now())
    newcomer(fleet)

    assert homecoming.sweep(now=timezone.now()) == 0


def test_two_connected_cars_with_one_vin_are_left_alone(fleet):
    before(fleet)
    newcomer(fleet)

    assert homecoming.sweep(now=timezone.now()) == 0


def test_a_car_that_people_have_worked_on_for_days_stays_itself(fleet):
    parting.retire(before(fleet), now=timezone.now())
    a_car(fleet, vin=VIN, enrolled_at=timezone.now() - timedelta(days=5))

    assert homecoming.sweep(now=timezone.now()) == 0
