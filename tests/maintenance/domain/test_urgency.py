"""The day by which the list sorts an item: an estimate, kept while it moves little."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from maintenance.domain.assessment import assess
from maintenance.domain.forecast import Pace
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Line, Missing
from maintenance.domain.urgency import share_moves_on, sort_on
from tests.maintenance.domain.scene import TODAY, facts, known, line, seen

BY_KM = {"every_months": None, "oil_below_pct": None}
EARLY = date(2026, 1, 1)
ONCE = Line("Recall of the seat belt", "", 0, once_km=60_000)


def sorted_by(a_line, anchor, look, *, before=None):
    return sort_on(assess(a_line, anchor, [], look), look, before=before)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def usually(km_a_day: float | None):
    return {Axis.DISTANCE: Pace(km_a_day, km_a_day, km_a_day)}


@pytest.mark.parametrize(
    ("km_a_day", "odometer", "expected"),
    [
        (50, 48_180, 20),
        (50, 48_205, 20),  # 19.5 days
        (50, 49_180, 0),
        (50, 50_180, -20),  # reached so long ago
        (0.01, 48_180, 3_650),  # no list needs to look further
        (0.01, 50_180, -3_650),
        (None, 48_180, 27),  # 7,000 km in the 190 days since the last service
        (0, 48_180, 27),
    ],
)
def test_what_is_left_by_what_it_usually_drives(km_a_day, odometer, expected):
    look = replace(facts(odometer), paces=usually(km_a_day))
    assert sorted_by(line(**BY_KM), known(), look) == days(expected)


@pytest.mark.parametrize(
    ("ago", "driven", "expected"),
    [
        (6, 200, 195),  # 40 km a day, as nobody knows
        (7, 200, 273),
        (30, 0, 200),
        (30, -10, 200),
        (30, 1, 3_650),
    ],
)
def test_in_its_first_week_it_is_taken_to_drive_as_others_do(ago, driven, expected):
    assert sorted_by(line(**BY_KM), known(days(-ago), 48_000), facts(48_000 + driven)) == days(expected)


def test_without_a_start_to_count_from_it_drives_as_others_do():
    assert sorted_by(line(**BY_KM), Anchor(AnchorKind.KNOWN, None, 41_180), facts(48_180)) == days(25)
    assert sorted_by(ONCE, Anchor(AnchorKind.TODAY, days(-60), None), facts(52_000)) == days(200)


def test_a_date_is_a_date():
    assert sorted_by(line(), known(), facts(42_000, 80)) == date(2026, 5, 3)


@pytest.mark.parametrize(("oil", "expected"), [(25, date(2026, 5, 3)), (20, EARLY), (8, EARLY)])
def test_oil_that_is_due_was_reached_by_today(oil, expected):
    assert sorted_by(line(), known(), facts(42_000, oil, today=EARLY)) == expected


def test_engine_hours_that_are_due_were_reached_by_today():
    look = replace(facts(), hours=seen(1_300))
    assert sorted_by(line(**BY_KM, every_km=None, every_hours=250), replace(known(), hours=1_000), look) == TODAY


@pytest.mark.parametrize("start", [known(), known(km=None)])
def test_what_distance_cannot_tell_the_calendar_does(start):
    look = facts(Missing("waiting") if start.odometer_km else 48_000, 80, today=EARLY)
    assert sorted_by(line(), start, look) == date(2026, 5, 3)


@pytest.mark.parametrize(("before", "expected"), [(-4, 0), (-3, -3), (3, 3), (4, 0), (None, 0)])
def test_the_list_does_not_dance(before, expected):
    held = None if before is None else date(2026, 5, 3) + timedelta(days=before)
    assert sorted_by(line(), known(), facts(42_000, 80), before=held) == date(2026, 5, 3) + timedelta(days=expected)


def test_what_no_day_can_be_told_of_is_sorted_by_none():
    assert sorted_by(line(**BY_KM), known(), facts(), before=TODAY) is None


@pytest.mark.parametrize("months", [1, 6, 24])
@pytest.mark.parametrize("late", [0, 1, 40, 500])
def test_the_share_of_what_is_late_by_time_moves_on_the_day_that_is_named(months, late):
    by_time = line(every_km=None, oil_below_pct=None, every_months=months)
    due = assess(by_time, known(EARLY), [], facts(50_000)).due_on

    def on(day: date):
        look = facts(50_000, today=day)
        return assess(by_time, known(EARLY), [], look), day

    verdict, today = on(due + timedelta(days=late))
    moves = share_moves_on(verdict, today)
    before, then = on(moves - timedelta(days=1))[0], on(moves)[0]
    assert moves > today
    assert before.overdue_share == verdict.overdue_share < then.overdue_share


def test_no_day_moves_what_is_late_by_distance():
    look = facts(50_000)
    assert share_moves_on(assess(line(**BY_KM), known(), [], look), look.today) is None
