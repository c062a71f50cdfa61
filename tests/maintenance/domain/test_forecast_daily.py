"""What a car did on each day, from readings at any time."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.forecast_daily import Seen, burned, driven
from tests.maintenance.domain.drivers import FIRST, ZONE, ordinal, seen, steady

BEGIN = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)


def at(days: float, low: float, high: float | None = None) -> Seen:
    return Seen(BEGIN + timedelta(days=days), low, low if high is None else high)


def amounts(days) -> list[tuple[int, float]]:
    return [(day.day - ordinal(0), round(day.amount, 6)) for day in days]


def test_between_two_readings_the_distance_is_spread_evenly():
    assert amounts(driven([at(0.5, 100), at(3.5, 400)], ZONE)) == [(1, 100), (2, 100)]


def test_days_are_local_ones():
    halifax = ZoneInfo("America/Halifax")  # four hours behind
    assert amounts(driven([at(0, 0), at(1, 240), at(2, 240)], halifax)) == [(0, 200)]


@pytest.mark.parametrize("days", [[], [0], [0, 0], [0, 0.9], [0.4, 0.6]])
def test_less_than_a_whole_day_tells_nothing_and_divides_nothing(days):
    readings = [at(day, 5 + day) for day in days]
    assert driven(readings, ZONE) == [] and burned(readings, ZONE) == []


def test_two_readings_at_one_moment_are_a_step_in_its_day():
    assert amounts(driven([at(0, 0), at(1.5, 10), at(1.5, 30), at(3, 30)], ZONE)) == [
        (0, 6.666667),
        (1, 23.333333),
        (2, 0),
    ]


def test_a_step_back_is_left_out_and_what_is_beside_it_counts():
    told = driven([at(0, 0), at(2, 100), at(3, 20), at(5, 80)], ZONE)
    assert amounts(told) == [(0, 50), (1, 50), (3, 30), (4, 30)]


def test_oil_is_counted_down_and_a_service_is_left_out():
    told = burned([at(0, 30), at(2, 26), at(3, 100), at(5, 97)], ZONE)
    assert amounts(told) == [(0, 2), (1, 2), (3, 1.5), (4, 1.5)]


def test_a_service_within_a_day_counts_from_the_level_after_it():
    told = burned([at(0, 30), at(1, 28), at(2.5, 27, 100), at(4.5, 96)], ZONE)
    assert amounts(told) == [(0, 2), (3, 2)]


@pytest.mark.parametrize(("rise", "known"), [(9.9, [0, 1, 2]), (10, [0, 2])])
def test_a_rise_of_ten_points_is_a_service(rise, known):
    between = burned([at(0, 40), at(1, 30), at(2, 30 + rise), at(3, 25)], ZONE)
    within = burned([at(0, 40), at(1, 30, 30 + rise), at(2, 29), at(3, 28)], ZONE)

    assert [day for day, _ in amounts(between)] == known
    assert [day for day, _ in amounts(within)] == ([0, 1, 2] if rise < 10 else [1, 2])


@pytest.mark.parametrize(("back", "known"), [(2, [0, 1, 2]), (2.1, [0, 2])])
def test_an_odometer_may_go_back_by_two_kilometres(back, known):
    told = driven([at(0, 0), at(1, 100), at(2, 100 - back), at(3, 150)], ZONE)
    assert [day for day, _ in amounts(told)] == known


def test_the_play_of_the_oil_meter_is_not_counted_twice():
    told = burned([at(0, 80), at(1, 79), at(2, 81), at(3, 79)], ZONE)
    assert sum(day.amount for day in told) == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 23), st.randoms(use_true_random=False))
def test_the_days_add_up_to_what_the_meter_says_whatever_came_when(seed, hour, mixed):
    km = steady(seed, 60)
    told = seen(km, hour=hour)
    shuffled = list(told)
    mixed.shuffle(shuffled)
    days = driven(shuffled, ZONE)

    assert days == driven(told, ZONE)
    first = next(one for one in told if one.at.toordinal() >= days[0].day)
    assert sum(day.amount for day in days) <= told[-1].high - told[0].high + 1e-6
    assert abs(sum(day.amount for day in days) - (told[-1].high - first.high)) <= 2 * max(km)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 500_000))
def test_another_start_of_the_meter_changes_nothing(seed, start):
    km = steady(seed, 40)
    here, there = driven(seen(km, hour=6), ZONE), driven(seen(km, hour=6, start=10_000 + start), ZONE)
    assert [day.day for day in here] == [day.day for day in there]
    assert all(abs(a.amount - b.amount) < 1e-6 for a, b in zip(here, there, strict=True))


def test_sparse_reports_keep_the_sum():
    dice = Random(1)
    km = steady(7, 120)
    told = [one for n, one in enumerate(seen(km)) if n % 9 == 0 or dice.random() < 0.1]
    days = driven(told, ZONE)
    assert round(sum(day.amount for day in days), 3) == round(told[-1].high - told[0].high, 3)
