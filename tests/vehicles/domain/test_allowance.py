"""Sums with calls: the bucket, the month, the share of a fleet."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vehicles.domain import allowance
from vehicles.domain.allowance import Bucket
from vehicles.domain.cadence import Rank

BUCKET = Bucket(120, 2)


def test_our_bucket_is_never_fuller_than_theirs():
    ours = theirs = 0.0
    for _ in range(100):
        ours, theirs = BUCKET.refilled(ours, timedelta(minutes=1)), min(120, theirs + 2)
        assert ours <= theirs
    assert (ours, theirs) == (118, 120)


def test_time_that_runs_backwards_refills_nothing():
    assert BUCKET.refilled(5, timedelta(minutes=-3)) == 5


@pytest.mark.parametrize(
    ("left", "spare"), [(118, [118, 113, 108, 98, 98]), (20, [20, 15, 10, 0, 0]), (0.9, [0, 0, 0, 0, 0])]
)
def test_each_rank_leaves_to_those_before_it_what_is_theirs(left, spare):
    assert [BUCKET.spare(left, rank) for rank in Rank] == spare


def test_a_thousand_cars_are_one_poll_each_per_eight_hours():
    assert round(allowance.hours_each(1_000, 2), 1) == 8.3


@pytest.mark.parametrize(
    ("day", "zone", "told"),
    [
        (date(2026, 5, 12), "Europe/Oslo", "2026-06-01T00:00:00+02:00"),
        (date(2026, 12, 31), "UTC", "2027-01-01T00:00:00+00:00"),
    ],
)
def test_the_next_month_begins_at_the_fleet_s_own_midnight(day, zone, told):
    assert allowance.next_month(day, ZoneInfo(zone)).isoformat() == told


def test_a_fifth_of_the_month_is_kept_for_people_and_repair():
    assert [allowance.month_limit(500, rank) for rank in Rank] == [500, 500, 500, 400, 400]


def test_a_small_fleet_is_asked_daily_beside_a_large_one():
    gaps = allowance.gaps({1: 10_000, 2: 20}, 2_000)

    assert gaps[2] == timedelta(days=1)
    assert gaps[1] == timedelta(days=10_000 / 1_980)


@given(
    cars=st.dictionaries(st.integers(1, 50), st.integers(1, 20_000), min_size=1, max_size=20),
    calls=st.floats(1, 50_000),
)
def test_shares_never_exceed_the_calls_and_leave_none_unused_while_somebody_waits(cars, calls):
    gaps = allowance.gaps(cars, calls)
    used = sum(count / (gaps[fleet] / timedelta(days=1)) for fleet, count in cars.items())

    assert used <= calls * 1.001
    assert used >= min(calls, sum(cars.values())) * 0.999
    # Whoever has more cars never waits less for each of them.
    by_size = sorted(cars, key=lambda fleet: cars[fleet])
    assert all(gaps[a] <= gaps[b] + timedelta(seconds=1) for a, b in zip(by_size, by_size[1:], strict=False))
