"""Which of two items of one status comes first: the one that was, or will be, reached earlier."""

from datetime import date, timedelta
from math import ceil

from maintenance.domain.assessment import Verdict
from maintenance.domain.plan import Axis, Facts, Sight
from maintenance.domain.recurrence import EXACT
from maintenance.domain.status import Status

STEADY = timedelta(days=3)  # a new reading moves the estimate a little every day; the list should not dance
PLAIN_KM_A_DAY = 40.0


def km_a_day(verdict: Verdict, facts: Facts) -> float:
    """What it usually drives; else its pace through the interval so far; a plain guess in its first week."""
    pace = facts.paces.get(Axis.DISTANCE)
    if pace is not None and pace.usual:
        return pace.usual
    if verdict.start_on is None or verdict.start_km is None:
        return PLAIN_KM_A_DAY
    days = (facts.today - verdict.start_on).days
    driven = facts.odometer.value - verdict.start_km
    return driven / days if days >= 7 and driven > 0 else PLAIN_KM_A_DAY


def share_moves_on(verdict: Verdict, today: date) -> date | None:
    """The next day on which time alone moves the share by which it is overdue, to the percent; None if it does not."""
    if verdict.winner is not Axis.TIME or verdict.overdue_share is None:
        return None
    mark = next(mark for mark in verdict.marks if mark.axis is Axis.TIME)
    days = ceil(round((verdict.overdue_share + 0.005) * mark.span, EXACT))
    return max(mark.due + timedelta(days=days), today + timedelta(days=1))


def sort_on(verdict: Verdict, facts: Facts, *, before: date | None) -> date | None:
    """The day by which the list sorts this item, an estimate that is never shown. Kept while it moves little."""
    day = _reached(verdict, facts)
    if day is not None and before is not None and abs(day - before) <= STEADY:
        return before
    return day


def _reached(verdict: Verdict, facts: Facts) -> date | None:
    if verdict.winner is Axis.TIME:
        return verdict.due_on
    if verdict.winner is Axis.DISTANCE and isinstance(facts.odometer, Sight) and verdict.due_km is not None:
        left = verdict.due_km - facts.odometer.value
        days = max(-3_650.0, min(3_650.0, left / km_a_day(verdict, facts)))
        return facts.today + timedelta(days=round(days))
    if verdict.winner in (Axis.OIL, Axis.HOURS) and verdict.status in (Status.DUE, Status.OVERDUE):
        return facts.today
    return verdict.due_on
