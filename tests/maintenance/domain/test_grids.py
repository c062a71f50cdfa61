"""Which of the jobs that were logged moves a grid, and by how much exactly."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind
from tests.maintenance.domain.scene import done, facts, known, line, seen

NONE = {"every_km": None, "every_months": None, "oil_below_pct": None}
BY_KM = NONE | {"every_km": 10_000, "distance_recurs": "fixed"}
BY_TIME = NONE | {"every_months": 12, "time_recurs": "fixed"}
BY_HOURS = NONE | {"every_hours": 250, "hours_recur": "fixed"}
STATED = known(date(2025, 3, 1), 60_000)
UNKNOWN = Anchor(AnchorKind.UNKNOWN)
DAY = date(2025, 6, 1)


def verdict(terms, anchor, *completions):
    return assess(line(**terms), anchor, completions, replace(facts(50_000), hours=seen(100)))


def test_of_one_day_the_highest_odometer_counts_whoever_logged_first():
    jobs = done(DAY, 61_000), done(DAY, 66_000)

    assert [verdict(BY_KM, STATED, *order).due_km for order in (jobs, jobs[::-1])] == [80_000, 80_000]


def test_nought_on_the_meter_is_more_than_nothing_written_down():
    jobs = done(DAY, None), done(DAY, 0.0)

    assert [verdict(BY_KM, UNKNOWN, *order).due_km for order in (jobs, jobs[::-1])] == [10_000, 10_000]


@pytest.mark.parametrize("hours", [0, 1_300])
def test_of_one_day_the_highest_hours_count(hours):
    jobs = done(DAY, None), replace(done(DAY, None), hours=hours)

    for order in (jobs, jobs[::-1]):
        assert verdict(BY_HOURS, UNKNOWN, *order).due_hours == hours + 250


def test_of_two_alike_the_one_that_was_read_is_named():
    jobs = done(DAY, 61_000, stand_in=True), done(DAY, 61_000)

    assert not any(verdict(BY_KM, STATED, *order).trace["anchor"]["stand_in"] for order in (jobs, jobs[::-1]))


def test_what_was_stated_covers_its_day_and_all_before_it():
    same_day, before, after = done(STATED.on, 52_000), done(date(2025, 1, 1), 52_000), done(DAY, 66_000)

    assert verdict(BY_KM, STATED, same_day).due_km == 70_000
    assert verdict(BY_KM, STATED, before, after).due_km == 80_000


@pytest.mark.parametrize(("done_at", "due"), [(65_000.4, 70_001), (65_000.5, 80_002)])
def test_half_of_an_odd_interval_is_a_half(done_at, due):
    assert verdict(BY_KM | {"every_km": 10_001}, STATED, done(DAY, done_at)).due_km == due


@pytest.mark.parametrize(
    ("done_on", "due"), [(date(2025, 10, 2), date(2026, 1, 3)), (date(2025, 10, 3), date(2026, 7, 3))]
)
def test_half_of_the_days_of_an_interval_is_not_more_than_half(done_on, due):
    assert verdict(BY_TIME | {"every_months": 6}, known(date(2025, 1, 3)), done(done_on, None)).due_on == due


def test_severe_use_counts_from_the_first_job_where_nothing_else_is_known():
    hard = BY_TIME | {"severe": 0.5}

    assert verdict(hard, UNKNOWN, done(date(2025, 1, 1), None)).due_on == date(2025, 1, 1) + timedelta(days=182)


def test_severe_use_never_leaves_less_than_a_day():
    shortest = NONE | {"every_months": 1, "severe": 0.01}

    assert verdict(shortest, STATED).due_on == STATED.on + timedelta(days=1)


def test_from_new_without_a_day_of_enrolment_the_first_point_comes_first():
    look = facts(registered_on=date(2025, 1, 1))

    assert assess(line(**BY_TIME), Anchor(AnchorKind.NEW), [], look).due_on == date(2026, 1, 1)
