"""Soon by a forecast, once only, a meter in question, and terms that are held."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maintenance.domain.assessment import assess
from maintenance.domain.forecast import Pace, Range
from maintenance.domain.foreseeing import account, foresee
from maintenance.domain.held import judge
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Lack, Line, Missing, Sight
from maintenance.domain.status import Status
from maintenance.domain.why import explain
from tests.maintenance.domain.scene import TODAY, done, facts, known, line, seen

BY_KM = {"every_months": None, "oil_below_pct": None}


def driven(odometer, fast, *, slow=None, today=TODAY, seen_on=TODAY):
    pace = Pace(slow or fast, fast, fast, 180.0)
    return replace(facts(seen(odometer, seen_on), today=today), paces={Axis.DISTANCE: pace})


@pytest.mark.parametrize(
    ("left", "fast", "status"),
    [
        (1_500, 100, Status.OK),  # 15 days
        (1_400, 100, Status.SOON),  # 14 days
        (1_499, 100, Status.SOON),  # nobody drives part of a day less
        (804, 53.6, Status.OK),  # 15 days, whatever binary floats make of it
        (801, 40, Status.OK),
        (800, 40, Status.SOON),  # the share of the interval, forecast or not
    ],
)
def test_the_early_end_within_the_lead_is_soon(left, fast, status):
    assert assess(line(**BY_KM), known(), [], driven(49_180 - left, fast)).status is status


def test_the_lead_is_capped_at_a_third_of_the_days_an_interval_takes():
    quick = line(**BY_KM | {"every_km": 3_000})  # at 300 km a day it takes ten days: three of lead

    assert assess(quick, known(), [], driven(44_180 - 1_200, 300)).status is Status.OK
    assert assess(quick, known(), [], driven(44_180 - 900, 300)).status is Status.SOON


def test_the_calendar_alone_brings_a_forecast_near_and_the_clock_knows_the_day():
    early = assess(line(**BY_KM), known(), [], driven(49_180 - 2_000, 100))

    assert (early.status, early.changes_on) == (Status.OK, TODAY + timedelta(days=6))
    day = early.changes_on
    assert assess(line(**BY_KM), known(), [], driven(49_180 - 2_000, 100, today=day, seen_on=TODAY)).status == "soon"


def test_a_reading_counts_from_its_day_in_the_fleet_s_zone():
    late = Sight(42_000, datetime(2026, 5, 11, 23, tzinfo=UTC), "webhook")

    assert replace(facts(late), zone=ZoneInfo("Europe/Berlin")).seen_on(late) == date(2026, 5, 12)
    assert facts(late).seen_on(late) == date(2026, 5, 11)


def test_a_forecast_never_turns_anything_due():
    long_ago = TODAY - timedelta(days=90)
    verdict = assess(line(**BY_KM), known(), [], driven(48_000, 400, seen_on=long_ago))

    assert verdict.status is Status.SOON


def test_a_soon_by_forecast_is_explained_and_the_explanation_agrees():
    look = driven(49_180 - 1_400, 100)
    verdict = assess(line(**BY_KM), known(), [], look)
    card = explain(verdict.trace, odometer=look.odometer, oil=look.oil, today=TODAY, units="metric")

    assert card.status is Status.SOON
    forecast = next(row for row in card.rows if row.label == "Forecast")
    assert forecast.sum == "At up to 100.0 km a day it may be there from 26 May 2026, and within 14 days is soon"


def test_the_range_of_an_item_is_that_of_its_first_axis():
    look = driven(47_180, 100, slow=50)
    found, grounds = foresee(assess(line(oil_below_pct=None), known(date(2025, 12, 3)), [], look), look)

    assert found == Range(TODAY + timedelta(days=20), date(2026, 6, 3))
    assert account(grounds)["distance"]["late"] == (TODAY + timedelta(days=40)).isoformat()


def test_what_is_due_is_measured_and_not_foretold():
    look = driven(49_180, 100)

    assert foresee(assess(line(**BY_KM), known(), [], look), look) == (None, {})


ONCE = Line("Recall of the seat belt", "", 0, once_km=60_000, once_on=date(2026, 9, 1))


def test_a_one_off_is_due_at_the_first_of_its_points():
    unset = Anchor(AnchorKind.UNKNOWN)

    assert assess(ONCE, unset, [], facts(50_000)).status is Status.OK
    assert assess(ONCE, unset, [], facts(50_000, today=date(2026, 8, 18))).status is Status.SOON
    assert assess(ONCE, unset, [], facts(60_000)).status is Status.DUE
    assert assess(ONCE, unset, [], facts(50_000, today=date(2026, 9, 2))).winner is Axis.TIME


@pytest.mark.parametrize(
    ("km", "today", "winner"),
    [
        (50_000, date(2026, 8, 24), Axis.TIME),  # 10,000 km or 8 days left
        (59_900, date(2026, 5, 12), Axis.DISTANCE),
        (60_001, date(2026, 11, 24), Axis.TIME),  # 1 km and 84 days past
        (75_000, date(2026, 9, 2), Axis.DISTANCE),
    ],
)
def test_of_a_one_off_without_a_beginning_the_nearer_point_is_named(km, today, winner):
    assert assess(ONCE, Anchor(AnchorKind.UNKNOWN), [], facts(km, today=today)).winner is winner


def test_a_one_off_is_explained_without_an_interval():
    asked = Anchor(AnchorKind.TODAY, TODAY, 50_000, by="R. Osei")
    verdict = assess(ONCE, asked, [], facts(59_500))
    card = explain(verdict.trace, odometer=seen(59_500), oil=Missing(), today=TODAY, units="metric")
    told = {row.label: (row.sum, row.result) for row in card.rows}

    assert card.headline == "500 km left"
    assert told["Started from"] == ("Asked for once by R. Osei", "50,000 km · 12 May 2026")
    assert told["Interval"][0] == "None: due once"


def test_a_meter_in_question_leaves_distance_unknown_and_nothing_ok():
    look = replace(facts(oil=80), odometer=Missing(Lack.METER))
    verdict = assess(line(), known(date(2026, 5, 1)), [], look)
    card = explain(verdict.trace, odometer=seen(12), oil=look.oil, today=TODAY, units="metric")

    assert (verdict.status, verdict.winner) == (Status.UNKNOWN, Axis.DISTANCE)
    assert "was the meter replaced?" in card.sentence


OLD, NEW = line(), line(every_km=15_000, every_months=24, program_version=4)


def test_a_new_version_never_moves_a_point_that_is_due():
    _, hold = judge(OLD, None, known(), [], facts(49_180, 80))
    verdict, still = judge(NEW, hold, known(), [], facts(49_200, 80))
    card = explain(verdict.trace, odometer=seen(49_200), oil=seen(80), today=TODAY, units="metric")

    assert (verdict.status, verdict.due_km, still) == (Status.OVERDUE, 49_180, hold)
    assert "The program has moved on to v4" in next(row.sum for row in card.rows if row.label == "Kept")


def test_a_grace_that_a_new_version_gives_does_not_reach_what_is_overdue():
    strict = line(**BY_KM)
    _, hold = judge(strict, None, known(), [], facts(49_180))
    lenient = replace(strict, grace_km=500, program_version=4)

    assert judge(lenient, hold, known(), [], facts(49_200))[0].status == Status.OVERDUE


def test_what_was_not_due_goes_by_the_new_version():
    look = facts(45_000, 80, today=date(2026, 1, 1))
    _, hold = judge(OLD, None, known(), [], look)

    assert hold is None
    assert judge(NEW, hold, known(), [], look)[0].due_km == 56_180


def test_after_the_service_the_new_version_counts_and_a_void_brings_the_old_point_back():
    _, hold = judge(OLD, None, known(), [], facts(49_180, 80))
    before = judge(NEW, hold, known(), [], facts(49_200, 80))
    after, kept = judge(NEW, hold, known(), [done(TODAY, 49_200)], facts(49_200, seen(99, TODAY + timedelta(days=1))))

    assert after.due_km == 64_200
    assert judge(NEW, kept, known(), [], facts(49_200, 80)) == before


def test_a_corrected_reading_lets_go_of_what_was_never_due():
    look = facts(42_000, 80, today=date(2026, 1, 1))
    _, hold = judge(OLD, None, known(), [], replace(look, odometer=seen(490_000)))

    verdict, let_go = judge(NEW, hold, known(), [], look)
    assert (verdict.due_km, let_go) == (56_180, None)


def test_a_service_of_the_same_day_that_is_voided_brings_the_old_point_back_too():
    by_oil = line(every_km=None, every_months=None)
    more, start, look = replace(by_oil, every_km=1_000, program_version=4), known(TODAY, None), facts(oil=10)
    _, hold = judge(by_oil, None, start, [], look)
    before, hold = judge(more, hold, start, [], look)
    after, kept = judge(more, hold, start, [done(TODAY, 0.0)], look)

    assert (before.status, after.status) == (Status.OVERDUE, Status.UNKNOWN)
    assert judge(more, kept, start, [], look)[0] == before
