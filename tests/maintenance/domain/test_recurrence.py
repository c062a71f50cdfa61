"""Grids and floating intervals: where the next point lies."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Lack
from maintenance.domain.punctual import early_or_late
from maintenance.domain.status import Status
from tests.maintenance.domain.scene import TODAY, done, facts, known, line, noon, seen

BY_KM = {"every_km": 10_000, "every_months": None, "oil_below_pct": None, "distance_recurs": "fixed"}
BY_TIME = {"every_km": None, "oil_below_pct": None, "time_recurs": "fixed"}
UNKNOWN = Anchor(AnchorKind.UNKNOWN)
GRID = known(date(2025, 1, 1), 50_000)


def due_km(a_line, anchor, *completions, look=None):
    return assess(a_line, anchor, completions, look or facts(50_000)).due_km


def on(day: int) -> date:
    return date(2025, 2, 1) + timedelta(days=day)


@pytest.mark.parametrize(
    ("done_at", "next_at"),
    [
        (62_000, 70_000),
        (64_999.9, 70_000),
        (65_000, 80_000),  # half an interval is not more than half
        (66_000, 80_000),
        (79_000, 90_000),
        (55_000, 70_000),
        (54_000, 60_000),
    ],
)
def test_the_next_grid_point_is_more_than_half_an_interval_above_the_completion(done_at, next_at):
    assert due_km(line(**BY_KM), GRID, done(on(0), done_at)) == next_at


def test_points_are_refolded_in_the_order_of_the_days_not_of_the_entries():
    first, second = done(on(10), 61_000), done(on(90), None)

    assert due_km(line(**BY_KM), GRID, second, first) == due_km(line(**BY_KM), GRID, first, second) == 80_000


def test_without_an_odometer_the_next_point_after_the_current_one_comes():
    assert due_km(line(**BY_KM), GRID, done(on(0), None)) == 70_000


def test_the_first_completion_starts_an_unknown_grid():
    assert due_km(line(**BY_KM), UNKNOWN, done(on(0), 43_210)) == 53_210
    assert due_km(line(**BY_KM), UNKNOWN, done(on(0), 43_210), done(on(99), 55_000)) == 63_210


def test_a_grid_from_the_day_of_enrolment_starts_there():
    today = Anchor(AnchorKind.TODAY, on(0), 50_300)

    assert due_km(line(**BY_KM), today) == 60_300
    assert due_km(line(**BY_KM), today, done(on(40), 62_000)) == 70_300


def test_a_grid_from_new_runs_from_nought_to_the_first_point_above_the_reading():
    new = Anchor(AnchorKind.NEW, on(0), 75_000)

    assert due_km(line(**BY_KM), new) == 80_000
    assert due_km(line(**BY_KM), Anchor(AnchorKind.NEW, on(0), 80_000)) == 90_000
    assert due_km(line(**BY_KM), new, done(on(40), 81_000)) == 90_000


def test_what_was_done_before_a_stated_service_does_not_count():
    assert due_km(line(**BY_KM), known(on(50), 60_000), done(on(0), 52_000)) == 70_000


@pytest.mark.parametrize(
    ("done_on", "next_on"),
    [
        (date(2026, 1, 20), date(2027, 1, 1)),  # late: no instant second one
        (date(2025, 12, 20), date(2027, 1, 1)),  # early: neither at once again nor a whole interval skipped
        (date(2025, 6, 1), date(2026, 1, 1)),
        (date(2025, 7, 3), date(2027, 1, 1)),  # 182 days before is not more than half of 365
        (date(2025, 7, 2), date(2026, 1, 1)),  # 183 days are
    ],
)
def test_a_grid_of_months_measures_its_half_in_real_days(done_on, next_on):
    yearly = line(**BY_TIME | {"every_months": 12})

    assert assess(yearly, GRID, [done(done_on, None)], facts()).due_on == next_on


def test_a_grid_of_months_clamps_from_the_day_of_its_anchor():
    monthly = line(**BY_TIME | {"every_months": 1})
    anchor = known(date(2026, 1, 31))

    assert assess(monthly, anchor, [], facts()).due_on == date(2026, 2, 28)
    assert assess(monthly, anchor, [done(date(2026, 2, 27), None)], facts()).due_on == date(2026, 3, 31)


kms = st.integers(500, 500_000)
days = st.dates(date(2016, 1, 1), date(2028, 12, 31))


@given(st.integers(0, 100_000), st.integers(100, 40_000), st.lists(kms, min_size=1, max_size=6))
def test_from_a_job_to_its_next_point_it_is_between_half_and_one_and_a_half_intervals(origin, every, jobs):
    done_at = sorted(jobs)
    history = [done(on(place), km) for place, km in enumerate(done_at)]
    verdict = assess(line(**BY_KM | {"every_km": every}), known(date(2025, 1, 1), origin), history, facts(1))

    assert every / 2 < verdict.due_km - done_at[-1] <= every * 1.5
    assert (verdict.due_km - origin) % every == 0


@given(days, st.integers(1, 36), days)
def test_a_grid_of_months_is_that_of_dateutil(origin, every, job):
    anchor = known(min(origin, job - timedelta(days=1)))
    verdict = assess(line(**BY_TIME | {"every_months": every}), anchor, [done(job, None)], facts())
    points = [anchor.on + relativedelta(months=every * steps) for steps in range(1, 200)]
    pairs = zip([anchor.on, *points], points, strict=False)

    assert verdict.due_on == next(p for before, p in pairs if 2 * (p - job).days > (p - before).days)


def test_each_fixed_axis_keeps_its_own_grid():
    both = line(every_km=10_000, every_months=12, oil_below_pct=None, distance_recurs="fixed", time_recurs="floating")
    verdict = assess(both, GRID, [done(date(2025, 6, 1), 62_000)], facts(63_000))

    assert (verdict.due_km, verdict.due_on) == (70_000, date(2026, 6, 1))


def test_severe_use_shortens_distance_and_time_and_leaves_the_oil():
    hard = line(every_km=8_000, every_months=6, severe=0.8)
    verdict = assess(hard, known(date(2025, 11, 3), 41_180), [], facts(42_000, 50))

    assert verdict.due_km == 47_580
    assert verdict.due_on == date(2025, 11, 3) + timedelta(days=144)  # 181 days × 0.8 = 144.8, rounded down
    assert verdict.oil_limit_pct == 20


def test_a_fixed_grid_under_severe_use_counts_in_days():
    hard = line(**BY_TIME | {"every_months": 12, "severe": 0.5})
    verdict = assess(hard, known(date(2025, 1, 1)), [done(date(2025, 7, 10), None)], facts())

    assert verdict.due_on == date(2025, 1, 1) + timedelta(days=2 * 182)


@pytest.mark.parametrize(("km", "status"), [(49_180, "due"), (49_380, "due"), (49_380.1, "overdue")])
def test_grace_puts_overdue_off_and_never_due(km, status):
    assert assess(line(every_months=None, oil_below_pct=None, grace_km=200), known(), [], facts(km)).status == status


def test_days_of_grace_put_overdue_off_and_wake_the_clock():
    by_time = line(every_km=None, oil_below_pct=None, grace_days=5)
    steps = [assess(by_time, known(), [], facts(today=date(2026, 5, day))) for day in (3, 8, 9)]

    assert [step.status for step in steps] == [Status.DUE, Status.DUE, Status.OVERDUE]
    assert [step.changes_on for step in steps] == [date(2026, 5, 9), date(2026, 5, 9), None]


HOURS = {"every_km": None, "every_months": None, "oil_below_pct": None, "every_hours": 250}


def with_hours(value, **more):
    return replace(facts(**more), hours=seen(value, TODAY, "bench"))


def test_engine_hours_speak_where_they_were_typed():
    start = replace(known(), hours=1_000)
    looks = [assess(line(**HOURS), start, [], with_hours(value)) for value in (1_100, 1_225, 1_250, 1_251)]

    assert [look.status for look in looks] == [Status.OK, Status.SOON, Status.DUE, Status.OVERDUE]
    assert looks[0].due_hours == 1_250


def test_engine_hours_that_nobody_typed_are_left_out_and_never_guessed():
    verdict = assess(line(**HOURS | {"every_km": 8_000}), known(), [], facts(42_000))

    assert verdict.status is Status.OK
    assert [axis.axis for axis in verdict.axes if axis.dropped] == [Axis.HOURS]


def test_engine_hours_without_those_of_the_start_are_missing():
    verdict = assess(line(**HOURS | {"every_km": 8_000}), known(), [], with_hours(1_100, odometer=42_000))

    assert verdict.status is Status.UNKNOWN
    assert [axis.missing for axis in verdict.axes if axis.axis is Axis.HOURS] == [Lack.NO_START_HOURS]


def test_early_and_late_are_against_the_point_in_force_just_before():
    both = line(every_km=10_000, every_months=12, oil_below_pct=None, distance_recurs="fixed")
    first, second = done(date(2025, 12, 20), 62_000), done(date(2027, 1, 5), 69_000)
    history = [second, first]

    assert early_or_late(both, GRID, history, first, facts()) == (-2_000, 12)
    assert early_or_late(both, GRID, history, second, facts()) == (1_000, -16)
    assert early_or_late(both, UNKNOWN, history, first, facts()) == (None, None)


def test_a_stated_service_of_a_later_day_says_nothing_of_an_earlier_job():
    job = done(date(2025, 12, 20), 62_000)

    assert early_or_late(line(), known(date(2026, 1, 1), 63_000), [job], job, facts()) == (None, None)
    assert early_or_late(line(), known(job.on, 62_000), [job], job, facts()) == (None, None)  # it is that very job


def test_oil_still_counts_from_the_last_job_of_all():
    by_oil = line(every_km=None, every_months=None)
    job = done(TODAY, 60_000)

    assert assess(by_oil, GRID, [job], facts(oil=seen(15, TODAY))).axes[0].missing == Lack.BEFORE_SERVICE
    assert noon(TODAY) == job.at
