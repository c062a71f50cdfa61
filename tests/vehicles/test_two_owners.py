"""One car that two makers' accounts of one fleet share: two connections, one vehicle."""

import pytest
from django.utils import timezone

from fleet.owners.models import Owner
from tests.scenes import a_fleet, unique
from vehicles.consent import enrolment, mending
from vehicles.domain.measurements import Identity
from vehicles.models import Connection, Vehicle
from vehicles.smartcar.resources import ConnectionSeen

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


def consents(fleet, name: str, car_id: str = "the-car") -> Connection:
    owner = Owner.objects.create(fleet=fleet, name=name)
    seen = ConnectionSeen(unique("connection"), unique("user"), car_id, owner.external_id, (), Identity(make="FORD"))
    enrolment.take_in(owner, [seen], now=timezone.now())
    return Connection.objects.get(owner=owner)


def test_the_car_is_one_vehicle_and_reports_through_the_newest_consent(fleet):
    first, second = consents(fleet, "Leasing"), consents(fleet, "Driver")

    assert first.pk != second.pk
    assert Vehicle.objects.get().connection == second


def test_when_one_is_in_trouble_the_other_stands_in(fleet):
    first, second = consents(fleet, "Leasing"), consents(fleet, "Driver")
    second.turn("needs_owner", "CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED", timezone.now())
    Vehicle.objects.update(poll_after=None)

    assert mending.stand_in(now=timezone.now()) == 1
    assert mending.stand_in(now=timezone.now()) == 0

    car = Vehicle.objects.get()
    assert car.connection == first and car.poll_after is not None


def test_nobody_stands_in_from_another_fleet_or_for_another_car(fleet):
    alone = consents(fleet, "Leasing")
    consents(fleet, "Driver", car_id="another-car")
    Connection.objects.create(
        fleet=a_fleet("Theirs"), owner=alone.owner, connection_id="x", user_id="y", smartcar_id="the-car"
    )
    alone.turn("needs_owner", "PERMISSION", timezone.now())

    assert mending.stand_in(now=timezone.now()) == 0


def test_the_same_owner_who_consents_again_has_one_connection(fleet):
    first = consents(fleet, "Leasing")
    again = ConnectionSeen("a-new-id", first.user_id, "the-car", first.owner.external_id, (), Identity())

    enrolment.take_in(first.owner, [again], now=timezone.now())

    assert Connection.objects.get().connection_id == "a-new-id"
