"""Many keys as one parameter."""

import pytest

from tests.scenes import a_car, a_fleet
from vehicles.models import Connection, Vehicle

pytestmark = pytest.mark.django_db


def test_it_finds_what_in_finds_and_asks_nothing_for_nothing(django_assert_num_queries):
    fleet = a_fleet()
    cars = [a_car(fleet) for _ in range(3)]
    wanted = {cars[0].pk, cars[2].pk}

    assert {car.pk for car in Vehicle.objects.filter(pk__among=wanted)} == wanted
    assert Vehicle.objects.exclude(pk__among=wanted).get() == cars[1]
    assert Connection.objects.filter(vehicles__pk__among=iter([cars[1].pk])).get() == cars[1].connection
    assert Vehicle.objects.filter(pk__among=(pk for pk in wanted)).update(name="Van") == 2
    with django_assert_num_queries(0):
        assert not Vehicle.objects.filter(fleet_id__among=[])


def test_hundreds_are_one_parameter():
    few, many = (str(Vehicle.objects.filter(pk__among=range(count)).query).count(" AND ") for count in (1, 900))
    assert few == many
    assert Vehicle.objects.filter(pk__among=range(100_000)).count() == 0
