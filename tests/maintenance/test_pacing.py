"""The sweep that tells each car's pace."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maintenance.forecasts import pacing
from maintenance.models import Pace
from tests.maintenance.paces import DAY, burned, driven
from tests.scenes import NOON, a_car, a_fleet, odometer
from vehicles.models import Reading, Segment, Source, Vehicle
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db


def pace_of(car, axis="distance") -> Pace:
    return Pace.objects.get(vehicle=car, axis=axis)


def test_a_car_that_reports_gets_the_pace_it_drives_at():
    car = a_car(a_fleet())
    driven(car, days=100, a_day=50)
    pacing.look([car.pk], now=NOON)

    pace = pace_of(car)

    assert (round(pace.slow), round(pace.usual), round(pace.fast)) == (50, 50, 50)
    assert pace.why == "" and 97 <= pace.days <= 100


def test_oil_life_has_its_own_pace_across_a_service():
    car = a_car(a_fleet())
    burned(car, *[60 - n for n in range(30)], *[100 - n for n in range(30)])
    pacing.look([car.pk], now=NOON)

    assert round(pace_of(car, "oil").usual, 2) == 1


def test_a_car_without_a_word_has_no_pace_and_one_of_days_has_none_yet():
    fleet = a_fleet()
    mute, new = a_car(fleet), a_car(fleet, model="Ranger")
    driven(new, days=4, a_day=50)
    pacing.look([mute.pk, new.pk], now=NOON)

    assert (pace_of(mute).usual, pace_of(mute).why) == (None, "untold")
    assert (pace_of(new).usual, pace_of(new).why) == (None, "short")
    assert not Pace.objects.filter(axis="oil").exists()


def test_a_new_car_takes_the_median_of_its_like_and_says_so():
    fleet, others = a_fleet(), a_fleet("Theirs")
    for a_day in (40, 50, 90):
        driven(a_car(fleet), days=60, a_day=a_day)
    for _ in range(3):
        driven(a_car(others), days=60, a_day=400)
    new, odd = a_car(fleet), a_car(fleet, model="Ranger")
    driven(new, days=3, a_day=10)
    driven(odd, days=3, a_day=10)
    pacing.look(Vehicle.objects.values_list("pk", flat=True), now=NOON)

    assert (round(pace_of(new).usual), pace_of(new).why, pace_of(new).cars) == (50, "similar", 3)
    assert (pace_of(odd).usual, pace_of(odd).why) == (None, "short")


def test_a_car_that_stands_has_no_pace():
    car = a_car(a_fleet())
    driven(car, days=60, a_day=50, until=NOON - 40 * DAY)
    ingest.record(
        car, [odometer(43_000, at=NOON - n * DAY) for n in range(39, -1, -1)], source=Source.WEBHOOK, now=NOON
    )
    pacing.look([car.pk], now=NOON)

    assert (pace_of(car).usual, pace_of(car).why) == (None, "stands")


def test_a_car_that_is_silent_for_a_month_has_none_either():
    car = a_car(a_fleet())
    driven(car, days=60, a_day=50, until=NOON - 30 * DAY)
    pacing.look([car.pk], now=NOON)

    assert (pace_of(car).usual, pace_of(car).why) == (None, "silent")


def test_a_voided_reading_rings_and_leads_to_a_new_pace():
    car = a_car(a_fleet())
    driven(car, days=8, a_day=50)
    ingest.record(car, [odometer(42_400, at=NOON + DAY)], source=Source.WEBHOOK, now=NOON + DAY)
    Vehicle.objects.update(pace_after=NOON)
    assert pacing.sweep(now=NOON + 2 * DAY) == 1
    before = pace_of(car).fast
    assert pacing.sweep(now=NOON + 2 * DAY) == 0

    ingest.void(Reading.objects.get(number=42_400), now=NOON + 2 * DAY)

    assert pacing.sweep(now=NOON + 2 * DAY) == 1
    assert pace_of(car).fast < before and round(pace_of(car).fast) == 50


def test_an_exchanged_meter_is_no_drive():
    car = a_car(a_fleet())
    driven(car, days=40, a_day=50, until=NOON - 20 * DAY)
    at = NOON - 20 * DAY + timedelta(hours=2)
    Segment.objects.create(
        fleet=car.fleet, vehicle=car, begins_at=at, offset_km=41_990, reason="New cluster", by_name="Ana", created_at=at
    )
    Reading.objects.bulk_create(
        Reading(
            vehicle=car, signal="odometer", number=10 + 50 * n, at=NOON - (20 - n) * DAY + timedelta(hours=3),
            received_at=NOON, source=Source.WEBHOOK, digest=f"after-{n}",
        )
        for n in range(20)
    )  # fmt: skip
    pacing.look([car.pk], now=NOON)

    pace = pace_of(car)
    assert (round(pace.slow), round(pace.fast)) == (50, 50) and pace.days > 55


def test_a_doubled_use_is_found_once_and_kept():
    car = a_car(a_fleet())
    midnight = NOON.replace(hour=0)
    driven(car, days=60, a_day=40, until=midnight - 6 * DAY)
    driven(car, days=6, a_day=80, start_km=42_400, until=midnight)
    pacing.look([car.pk], now=NOON)
    first = pace_of(car).shift

    assert (first["since"], first["before"], first["now"]) == ("2026-05-06", 40, 80)

    driven(car, days=3, a_day=80, start_km=42_880, until=midnight + 3 * DAY)
    pacing.look([car.pk], now=NOON + 3 * DAY)
    assert pace_of(car).shift["found"] == first["found"]


def test_after_some_weeks_the_new_use_is_the_usual_one_and_the_pace_still_begins_there():
    car = a_car(a_fleet())
    midnight = NOON.replace(hour=0)
    driven(car, days=60, a_day=40, until=midnight - 40 * DAY)
    driven(car, days=40, a_day=80, start_km=42_400, until=midnight)
    for ago in (30, 0):
        pacing.look([car.pk], now=NOON - ago * DAY)

    pace = pace_of(car)
    assert pace.shift["usual"] and (round(pace.slow), round(pace.fast)) == (80, 80)


def test_a_trip_that_ends_was_no_change_of_use():
    car = a_car(a_fleet())
    midnight = NOON.replace(hour=0)
    driven(car, days=60, a_day=40, until=midnight - 20 * DAY)
    driven(car, days=8, a_day=200, start_km=42_400, until=midnight - 12 * DAY)
    driven(car, days=12, a_day=40, start_km=44_000, until=midnight)
    pacing.look([car.pk], now=NOON - 12 * DAY)
    assert pace_of(car).shift["now"] == 200

    pacing.look([car.pk], now=NOON)
    assert pace_of(car).shift is None


def test_each_car_is_looked_at_about_once_a_day():
    fleet = a_fleet()
    cars = [a_car(fleet) for _ in range(3)]
    Vehicle.objects.update(pace_after=NOON)

    assert pacing.sweep(now=NOON) == 3
    assert pacing.sweep(now=NOON + timedelta(hours=23)) == 0
    assert pacing.sweep(now=NOON + timedelta(hours=24)) == 3

    Vehicle.objects.filter(pk=cars[0].pk).update(retired_at=NOON)
    assert pacing.sweep(now=NOON + timedelta(hours=48)) == 2


def test_a_pace_that_moves_wakes_the_review_and_one_that_stays_does_not():
    car = a_car(a_fleet())
    driven(car, days=60, a_day=50)
    for moment, woken in ((NOON, True), (NOON + timedelta(hours=1), False)):
        Vehicle.objects.update(review_after=None)
        pacing.look([car.pk], now=moment)
        assert (Vehicle.objects.get().review_after is not None) == woken


def test_the_queries_of_a_batch_do_not_grow_with_its_cars():
    def queries(cars):
        with CaptureQueriesContext(connection) as caught:
            pacing.look([car.pk for car in cars], now=NOON)
        return len(caught)

    fleet = a_fleet()
    few = [a_car(fleet) for _ in range(2)]
    many = [a_car(fleet) for _ in range(12)]
    for car in few + many:
        driven(car, days=20, a_day=50)
        burned(car, *range(80, 60, -1))

    assert queries(few) == queries(many) <= 16
