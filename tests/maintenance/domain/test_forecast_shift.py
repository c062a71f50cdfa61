"""A change of use against simulated drivers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.forecast_shift import Shift, shift_of
from tests.maintenance.domain.drivers import ordinal, seasonal, shifted, steady, used

seeds = st.integers(0, 1_000_000)


def test_daily_use_doubled_since_monday():
    workdays = ([80.0] * 5 + [0.0] * 2) * 8
    km = [*workdays, *[160.0] * 5]  # the ninth week begins on day 56, a Monday
    assert shift_of(used(km)) == Shift(ordinal(56), 80.0, 160.0)


@pytest.mark.parametrize(
    ("km", "what"),
    [
        ([50.0] * 60, "nothing"),
        ([50.0] * 60 + [100.0] * 4, "too few days yet"),
        ([50.0] * 60 + [0.0] * 13, "a holiday"),
        ([50.0] * 60 + [900.0] * 3 + [50.0] * 4, "one long trip"),
        ([4.0] * 60 + [9.0] * 20, "too little to matter"),
        ([50.0] * 60 + [75.0] * 20, "not one and a half times"),
        ([50.0] * 20 + [100.0] * 10, "too short a past"),
        ([50.0] * 25, "hardly any past"),
        ([(30.0 + n) for n in range(120)], "a slow rise"),
        ([50.0] * 40 + [120.0] * 20 + [50.0] * 30 + [110.0] * 8, "it did the like of it before"),
    ],
)
def test_no_change_of_use(km, what):
    assert shift_of(used(km)) is None, what


@pytest.mark.parametrize(
    ("km", "since", "before", "now"),
    [
        ([50.0] * 60 + [100.0] * 5, 60, 50, 100),
        ([50.0] * 60 + [0.0] * 14, 60, 50, 0),
        ([50.0] * 60 + [20.0] * 20, 60, 50, 20),
        ([0.0] * 60 + [40.0] * 6, 60, 0, 40),
    ],
)
def test_a_clear_change_is_told_with_its_day(km, since, before, now):
    assert shift_of(used(km)) == Shift(ordinal(since), before, now)


WEEKS = ([10.0] * 7 + [30.0] * 7) * 5  # 20 km a day, and every day ten off it


@pytest.mark.parametrize(
    ("before", "not_yet", "now"),
    [
        ([50] * 60, [100] * 4, [100] * 5),  # more use shows in five days
        ([100] * 60, [40] * 13, [40] * 14),  # less, which may be a holiday, in fourteen
        ([50] * 60, [84.9] * 7, [85] * 7),  # 1.7 times as much
        ([100] * 60, [55.1] * 14, [55] * 14),
        ([12] * 60, [21.9] * 7, [22] * 7),  # ten kilometres
        ([50] * 30 + [100] * 5 + [50] * 40, [110] * 5, [110.1] * 5),  # it did nearly as much once
        ([100] * 30 + [40] * 14 + [100] * 40, [36.4] * 14, [36.3] * 14),
        (WEEKS, [48.03] * 5, [48.04] * 5),  # five standard errors
        ([50] * 60, [200, 50, 50, 50, 200], [200, 50, 200, 50, 200]),  # three days in five
        ([50] * 27, [100] * 5, [50] + [100] * 5),  # four weeks to compare with
        ([1_000] + [50] * 111, [50] + [100] * 5, [50, 50] + [100] * 5),  # a trip that is longer ago than they look
    ],
)
def test_a_change_shows_from_a_border_on(before, not_yet, now):
    assert shift_of(used(before + not_yet)) is None
    assert shift_of(used(before + now)) is not None


def test_a_change_is_told_by_its_own_days_of_the_week():
    week = [100.0] * 5 + [0.0] * 2
    found = shift_of(used(week * 9 + [200.0] * 5 + [0.0] * 2 + [200.0] * 5 + [0.0] * 2))

    assert (found.since, found.before, found.now) == (ordinal(63), pytest.approx(1_000 / 14), pytest.approx(2_000 / 14))


def test_after_four_weeks_the_new_level_is_the_usual_one():
    km = [50.0] * 100 + [100.0] * 60
    found = [day for day in range(101, 161) if shift_of(used(km[:day]))]
    assert found[0] == 105 and 128 <= found[-1] <= 135


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seeds, st.sampled_from([steady, seasonal]), st.integers(120, 400))
def test_neither_chance_nor_a_season_is_a_change(seed, driver, day):
    assert shift_of(used(driver(seed % 40_000, 400)[:day])) is None


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seeds, st.integers(150, 200))
def test_a_tripled_use_is_found_within_two_weeks_and_dated_within_one(seed, day):
    km = shifted(seed, day + 14, on=day, times=3.0)
    found = next(shift for later in range(day + 1, day + 15) if (shift := shift_of(used(km[:later]))))
    assert abs(found.since - ordinal(day)) <= 7
    assert found.now > found.before


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seeds, st.integers(150, 200))
def test_a_stopped_car_is_found_after_two_weeks(seed, day):
    km = shifted(seed, day + 24, on=day, times=0.0)
    assert any(shift_of(used(km[:later])) for later in range(day + 14, day + 25))
    assert not any((s := shift_of(used(km[:later]))) and s.now > s.before for later in range(day + 1, day + 14))
