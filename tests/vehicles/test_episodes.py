"""Trouble codes and warning lights as stored episodes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.scenes import NOON, a_car, a_fleet, codes, oil
from vehicles.domain.measurements import Gap, Measurement, Snapshot, Why
from vehicles.domain.signals import Signal
from vehicles.models import Fault, Light, Source
from vehicles.waist import episodes, ingest

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=60)


@pytest.fixture
def car():
    return a_car(a_fleet())


def day(number: float):
    return NOON + timedelta(days=number)


def record(car, *measurements, now=LATER):
    ingest.record(car, measurements, source=Source.WEBHOOK, now=now)


def light(signal: Signal, status: str, at) -> Measurement:
    value = {"status": status, "description": None}
    return Measurement(signal, value, measured_at=at, fetched_at=at)


def count(number: int, at) -> Measurement:
    return Measurement(Signal.TROUBLE_CODE_COUNT, number, measured_at=at, fetched_at=at)


def test_a_read_that_counts_more_codes_than_it_names_closes_nothing(car):
    record(car, codes("P0420", at=day(0)))
    record(car, codes(at=day(1)), count(1, day(1)))
    record(car, codes(at=day(2)), count(1, day(2)))
    assert Fault.objects.get(vehicle=car).first_clean_at is None

    record(car, codes(at=day(3)), count(0, day(3)))
    record(car, codes(at=day(4)), count(0, day(4)))
    assert Fault.objects.get(vehicle=car).closed_at == day(4)


def test_where_one_measured_time_repeats_the_count_told_with_the_codes_stands(car):
    for number, measurement in ((0, codes("P0420", at=day(0))), (0, count(1, day(0)))):
        record(car, replace(measurement, fetched_at=day(number)))
    for number, measurement in ((1, codes(at=day(0))), (1, count(0, day(0)))):
        record(car, replace(measurement, fetched_at=day(number)))
    for number in (2, 5, 9, 16):
        record(car, oil(90 - number, at=day(number)))

    assert Fault.objects.get(vehicle=car).closed_at == day(15)


@pytest.mark.parametrize("why", [Why.ERROR, Why.UNSUPPORTED, Why.NOT_PERMITTED, Why.UNAVAILABLE])
def test_a_read_that_failed_closes_nothing(car, why):
    record(car, codes("P0420", at=day(0)))
    for number in (1, 2, 3):
        gap = Snapshot(gaps=(Gap(Signal.TROUBLE_CODES, why),))
        ingest.record_all([ingest.Arrival(car.pk, gap, Source.POLL, day(number))], now=LATER)

    fault = Fault.objects.get(vehicle=car)
    assert (fault.closed_at, fault.first_clean_at, fault.quiet_since) == (None, None, None)


def test_one_measured_time_repeated_closes_after_fourteen_days_of_other_signals(car):
    record(car, codes("P0420", at=day(0)))
    record(car, codes(at=day(1)))
    for number in (2, 5, 9):
        record(car, oil(90 - number, at=day(number)))
        assert Fault.objects.get(vehicle=car).closed_at is None
    assert Fault.objects.get(vehicle=car).quiet_since == day(1)

    record(car, oil(60, at=day(15.5)))
    assert Fault.objects.get(vehicle=car).closed_at == day(15)


def test_the_fourteen_days_do_not_hang_on_the_order_of_arrival(car):
    told = [codes("P0420", at=day(0)), codes(at=day(1)), codes("P0420", at=day(30))]
    told += [oil(90 - number, at=day(number)) for number in (2, 5, 9, 16)]
    for one in reversed(told):
        record(car, one)

    old, new = Fault.objects.filter(vehicle=car).order_by("occurrence")
    assert (old.closed_at, new.opened_at, new.occurrence) == (day(15), day(30), 2)
    assert not episodes.refold_all(car)


def test_a_light_is_an_episode_that_two_good_reads_apart_close(car):
    record(car, light(Signal.SYSTEM_ABS, "ALERT", day(0)), light(Signal.SYSTEM_MIL, "OK", day(0)))
    record(car, light(Signal.SYSTEM_ABS, "OK", day(1)))
    assert Light.objects.get(vehicle=car).closed_at is None

    record(car, light(Signal.SYSTEM_ABS, "OK", day(2)))
    held = Light.objects.get(vehicle=car)
    assert (held.signal, held.name, held.closed_at) == ("system_abs", "ABS warning", day(2))


def test_one_light_says_nothing_of_another(car):
    record(car, light(Signal.SYSTEM_ABS, "ALERT", day(0)))
    for number in (1, 2, 3):
        record(car, light(Signal.SYSTEM_MIL, "OK", day(number)))

    assert Light.objects.get(vehicle=car).quiet_since is None


def test_a_light_that_is_back_within_a_week_recurs_and_later_is_a_new_episode(car):
    told = [("ALERT", 0), ("OK", 1), ("OK", 2), ("ALERT", 9), ("OK", 10), ("OK", 11), ("ALERT", 18.1)]
    for status, number in reversed(told):
        record(car, light(Signal.SYSTEM_OIL_PRESSURE, status, day(number)))

    held = Light.objects.filter(vehicle=car).order_by("occurrence")
    assert [(one.recurrences, one.is_open) for one in held] == [(1, False), (0, True)]
