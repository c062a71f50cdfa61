"""A replaced meter through the waist: whatever the order, the gauge tells distance and keeps the dash beside it."""

from datetime import timedelta
from itertools import permutations

import pytest

from tests.scenes import NOON, a_car, a_fleet, odometer
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Reading, Segment, Source, Vehicle
from vehicles.post import rebuilding
from vehicles.waist import ingest, meters

pytestmark = pytest.mark.django_db

OFFSET_KM = 90_180.0


@pytest.fixture
def car():
    return a_car(a_fleet())


def day(ago: float, km: float) -> Measurement:
    return odometer(km, at=NOON - timedelta(days=ago))


def unmeasured(ago: float, km: float) -> Measurement:
    return Measurement(Signal.ODOMETER, km, measured_at=None, fetched_at=NOON - timedelta(days=ago))


def tell(car, *measurements: Measurement) -> None:
    for one in measurements:
        ingest.record(car, [one], source=Source.WEBHOOK, now=NOON)


def replaced_at(car, ago: float) -> Segment:
    return Segment.objects.create(
        fleet=car.fleet,
        vehicle=car,
        begins_at=NOON - timedelta(days=ago),
        offset_km=OFFSET_KM,
        reason="cluster",
        by_name="A. Person",
        created_at=NOON,
    )


def state(car) -> tuple:
    gauge = Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER)
    held = Reading.objects.filter(vehicle=car).order_by("at").values_list("number", "standing")
    return gauge.number, gauge.detail, gauge.at, list(held), Vehicle.objects.get(pk=car.pk).meter_asked_at


STORY = (day(5, 90_000), day(4, 90_200), day(3, 20), day(2, 120))


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_any_order_across_a_segment_ends_in_the_same_gauge(car, order):
    replaced_at(car, 3)
    tell(car, *(STORY[n] for n in order))

    assert state(car) == (
        90_300,
        {"dash": 120.0},
        NOON - timedelta(days=2),
        [(90_000, "accepted"), (90_200, "accepted"), (20, "accepted"), (120, "accepted")],
        None,
    )


def test_a_rebuild_finds_nothing_to_say_where_a_meter_was_replaced(car):
    replaced_at(car, 3)
    tell(car, *STORY, STORY[-1], unmeasured(1, 120))

    assert rebuilding.rebuild(car, now=NOON) == []
    assert state(car)[0] == 90_300


def test_a_rebuild_asks_the_same_question_again(car):
    tell(car, *STORY[:2], day(4.5, 90_100), *STORY[2:], day(1, 220))
    assert state(car)[-1] == NOON - timedelta(days=3)

    Vehicle.objects.filter(pk=car.pk).update(meter_asked_at=None)
    assert [difference.what for difference in rebuilding.rebuild(car, now=NOON)] == ["was the meter replaced"]
    assert state(car)[-1] == NOON - timedelta(days=3)


def test_the_question_goes_once_the_old_height_is_told_again(car):
    tell(car, *STORY[:2], day(4.5, 90_100), *STORY[2:], day(1, 220))

    tell(car, day(0.5, 90_260))

    assert state(car)[-1] is None
    assert state(car)[0] == 90_260


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_equal_value_without_a_measured_time_makes_nothing_fresh(car, order):
    told = (day(5, 1_000), unmeasured(1, 1_000))
    tell(car, *(told[n] for n in order))

    assert state(car)[2] == NOON - timedelta(days=5)


def test_the_same_dash_in_another_segment_is_no_echo(car):
    tell(car, day(5, 120))
    replaced_at(car, 3)

    tell(car, unmeasured(1, 120))

    assert Reading.objects.filter(vehicle=car).count() == 2


def test_dash_and_distance_are_told_for_any_moment(car):
    replaced_at(car, 3)

    assert meters.to_true(car.pk, 20, NOON) == 90_200
    assert meters.to_true(car.pk, 20, NOON - timedelta(days=4)) == 20
    assert meters.to_dash(car.pk, 90_200, NOON) == 20


def test_a_segment_that_was_taken_back_counts_for_nothing(car):
    segment = replaced_at(car, 3)
    segment.voided_at = NOON
    segment.save()

    assert meters.to_true(car.pk, 20, NOON) == 20
    replaced_at(car, 3)  # and another may begin at its moment
