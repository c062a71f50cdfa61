"""Clocks of many rows wound at once."""

from datetime import UTC, datetime, timedelta

import pytest

from fleet.kit import clocks
from tests.scenes import a_car, a_fleet
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db
NOON, HOUR = datetime(2026, 5, 12, 12, tzinfo=UTC), timedelta(hours=1)


@pytest.fixture
def cars():
    fleet = a_fleet()
    return [a_car(fleet) for _ in range(3)]


def ring(car: Vehicle) -> datetime | None:
    return Vehicle.objects.get(pk=car.pk).review_after


def set_to(car: Vehicle, at: datetime | None) -> None:
    car.review_after = at
    car.save()


def test_each_is_wound_to_its_own_moment_unless_somebody_rang_it(cars):
    early, never, rung = cars
    set_to(early, NOON)
    set_to(never, NOON)
    set_to(rung, NOON)
    Vehicle.objects.filter(pk=rung.pk).update(review_after=NOON - HOUR)

    clocks.wind_all(cars, "review_after", {early.pk: NOON + HOUR, rung.pk: NOON + HOUR})

    assert [ring(car) for car in cars] == [NOON + HOUR, None, NOON - HOUR]


def test_a_clock_that_was_off_is_wound_too(cars):
    set_to(cars[0], None)
    clocks.wind_all(cars[:1], "review_after", {cars[0].pk: NOON})
    assert ring(cars[0]) == NOON


def test_a_clock_is_brought_forward_and_never_put_back(cars):
    for car, at in zip(cars, (None, NOON, NOON + 2 * HOUR), strict=True):
        set_to(car, at)

    clocks.bring_forward(Vehicle, "review_after", {car.pk: NOON + HOUR for car in cars})

    assert [ring(car) for car in cars] == [NOON + HOUR, NOON, NOON + HOUR]


def test_many_are_one_question(cars, django_assert_num_queries):
    with django_assert_num_queries(1):
        clocks.wind_all(cars, "review_after", {})
        clocks.bring_forward(Vehicle, "review_after", {})
