"""The pace against simulated drivers whose truth is known."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.forecast import Pace, Rests, foretell
from maintenance.domain.forecast_pace import of_similar, pace_of, quantile, rolling
from tests.maintenance.domain.drivers import on, ordinal, seasonal, shifted, steady, used

seeds = st.integers(0, 1_000_000)


def told(km, day: int | None = None, **given) -> Pace:
    day = len(km) if day is None else day
    return pace_of(used(km[:day]), today=ordinal(day), still=2.0, **given)


def reached(km, day: int, left: float) -> int | None:
    """The day on which so many more km are driven."""
    for later in range(day, len(km)):
        left -= km[later]
        if left <= 0:
            return later
    return None


def share_held(km, *, ahead: int) -> tuple[int, int]:
    """Of the ranges said every second week for a point about so many days ahead: how many held, of how many."""
    held = total = 0
    for day in range(200, len(km), 14):
        left = ahead * sum(km) / len(km)
        said, came = foretell(left, told(km, day), on(day), on(day)), reached(km, day, left)
        if said is not None and came is not None:
            total += 1
            held += said.early <= on(came) <= said.late
    return held, total


@pytest.mark.parametrize(
    ("km", "why"),
    [
        ([], Rests.UNTOLD),
        ([50.0] * 6, Rests.SHORT),
        ([50.0] * 7, Rests.OWN),
        ([50.0] * 100 + [0.0] * 28, Rests.STANDS),
        ([50.0] * 100 + [0.0] * 27, Rests.OWN),
        ([50.0] * 100 + [0.0] * 27 + [1.9], Rests.STANDS),
        ([50.0] * 100 + [0.0] * 27 + [2.0], Rests.OWN),
    ],
)
def test_what_a_pace_rests_on(km, why):
    pace = told(km)
    assert pace.why == why
    assert (pace.usual is None) == (why != Rests.OWN)


def test_a_car_that_is_silent_for_four_weeks_is_not_guessed_at():
    km = [50.0] * 100
    assert pace_of(used(km), today=ordinal(127), still=2.0).usual == 50
    assert pace_of(used(km), today=ordinal(128), still=2.0).why == Rests.SILENT


def test_only_the_last_half_year_counts_and_not_today():
    km = [900.0] * 100 + [50.0] * 190 + [5_000.0]
    assert told(km, 290).fast == 50
    assert pace_of(used(km), today=ordinal(290), still=2.0) == told(km, 290)


@pytest.mark.parametrize(("known", "days"), [(179, 179), (180, 180), (181, 180)])
def test_half_a_year_is_a_hundred_and_eighty_days(known, days):
    assert told([50.0] * known).days == days


def test_a_little_that_was_gained_is_no_use_below_nought():
    pace = told([-5.0] * 60 + [50.0] * 40)
    assert pace.slow == 0 < pace.fast


@pytest.mark.parametrize(("days", "windows", "first"), [(7, 1, 4), (10, 4, 4), (20, 11, 5.5), (60, 33, 14.5)])
def test_a_short_history_is_looked_at_in_windows_half_as_long(days, windows, first):
    rates = rolling(used([float(day + 1) for day in range(days)]), ordinal(days))

    assert (len(rates), rates[0][0]) == (windows, first)
    assert rates[-1][0] == pytest.approx(days - first + 1)


def test_what_is_six_weeks_old_counts_half():
    weights = [weight for _, weight in rolling(used([50.0] * 120), ordinal(120))]
    assert weights[-46] / weights[-1] == pytest.approx(0.5)
    assert len(set(weights)) == len(weights)  # each day a little more than the one before


def test_slow_and_fast_are_neither_the_slowest_nor_the_fastest_weeks():
    pace = told([float(day) for day in range(100)])
    assert 20 < pace.slow < pace.usual < pace.fast < 80


def test_oil_life_goes_by_parts_of_a_point_a_day():
    assert told([0.3] * 60).usual == pytest.approx(0.3)
    assert told([]).days == 0


def test_recent_weeks_count_more():
    rising, falling = [20.0] * 90 + [60.0] * 90, [60.0] * 90 + [20.0] * 90
    assert told(rising).usual > told(falling).usual


def test_before_a_change_of_use_nothing_counts():
    km = [20.0] * 90 + [60.0] * 10
    assert (told(km, since=ordinal(90)).slow, told(km, since=ordinal(90)).days) == (60, 10)
    assert told(km, 97, since=ordinal(90)).slow == 60
    assert told(km, 96, since=ordinal(90)).slow == 20  # not yet a week of it


def test_a_change_of_use_after_which_nothing_was_told_leaves_what_was_known():
    assert pace_of(used([50.0] * 90), today=ordinal(110), still=2.0, since=ordinal(95)).usual == 50


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1.0), (0.125, 1.0), (0.5, 2.5), (0.875, 4.0), (1.0, 4.0), (0.375, 2.0)]
)
def test_a_quantile_of_equal_weights_is_the_usual_one(share, expected):
    assert quantile([(value, 1.0) for value in (4.0, 2.0, 1.0, 3.0)], share) == expected


def test_only_the_parts_of_the_weight_matter():
    assert quantile([(value, 4.0) for value in (1.0, 2.0, 3.0, 4.0)], 0.5) == 2.5


def test_a_heavy_value_pulls_the_quantile():
    assert quantile([(1.0, 1.0), (2.0, 1.0), (9.0, 98.0)], 0.5) > 8


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seeds)
def test_quantiles_are_in_order_and_inside_of_what_was_driven(seed):
    km = steady(seed, 180)
    pace = told(km)
    assert 0 <= pace.slow <= pace.usual <= pace.fast <= max(km)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seeds)
def test_a_steady_driver_is_told_within_a_tenth(seed):
    km = steady(seed, 200)
    assert told(km).usual == pytest.approx(sum(km) / len(km), rel=0.12)


@settings(max_examples=3, deadline=None, derandomize=True)
@given(st.integers(0, 1_000))
def test_the_ranges_of_steady_drivers_hold_in_three_of_four_cases(seed):
    """Hundreds of ranges, so that chance stays small: simulated long enough, the share is about 0.78."""
    counts = [share_held(steady(one, 420), ahead=60) for one in range(seed, seed + 25)]
    held, total = (sum(column) for column in zip(*counts, strict=True))
    assert total > 200 and held / total > 0.65


def test_the_ranges_of_seasonal_drivers_hold_less_and_never_by_nonsense():
    """A season of one half more and less beats any look at the past; the page says how often the range held."""
    counts = [share_held(seasonal(one, 560), ahead=20) for one in range(20)]
    held, total = (sum(column) for column in zip(*counts, strict=True))
    assert 0.1 < held / total < 0.6


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seeds)
def test_a_stopped_driver_has_no_date(seed):
    km = shifted(seed, 240, on=200, times=0.0)
    assert told(km).why == Rests.STANDS
    assert foretell(1_000, told(km), on(240), on(240)) is None


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seeds)
def test_a_known_change_of_use_leads_to_the_new_pace(seed):
    km = shifted(seed, 230, on=200, times=2.0)
    new = sum(km[200:]) / 30
    knowing, ignorant = told(km, since=ordinal(200)), told(km)
    assert knowing.usual == pytest.approx(new, rel=0.15)
    assert abs(knowing.usual - new) < abs(ignorant.usual - new)


def test_three_similar_cars_stand_in_and_two_do_not():
    known = [Pace(rate - 5, rate, rate + 5, 90) for rate in (30.0, 40.0, 90.0)]
    assert of_similar(known) == Pace(35, 40, 45, 90, Rests.SIMILAR, 3)
    assert of_similar(known[:2]) is None
    for other in (Pace(None, None, None, 2, Rests.SHORT), Pace(0, 0, 0, 90), Pace(1, 2, 3, 90, Rests.SIMILAR, 4)):
        assert of_similar([*known[:2], other]) is None
