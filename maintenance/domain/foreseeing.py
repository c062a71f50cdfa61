"""When an item will be due, from the paces of its vehicle: a range of days, never a verdict."""

from datetime import date, timedelta

from maintenance.domain import forecast
from maintenance.domain.assessment import Verdict
from maintenance.domain.forecast import Range
from maintenance.domain.plan import Axis, Facts, Sight

STEADY = timedelta(days=3)  # a range moves a little with every reading; what is stored should not dance


def foresee(verdict: Verdict, facts: Facts) -> tuple[Range | None, dict]:
    """The range in which the first axis is reached, and what it rests on axis by axis. None for what is due."""
    if verdict.status.is_reached or not facts.paces:
        return None, {}
    ranges: dict[Axis, Range | None] = {}
    paces = {}
    sights = {Axis.DISTANCE: facts.odometer, Axis.OIL: facts.oil, Axis.HOURS: facts.hours}
    by_time = None
    for mark, standing in zip(verdict.marks, verdict.standings, strict=True):
        if standing.dropped or standing.remaining is None:
            continue
        if mark.axis is Axis.TIME:
            by_time = Range(mark.due, mark.due)
        elif (pace := facts.paces.get(mark.axis)) is not None and isinstance(sights[mark.axis], Sight):
            seen_on = facts.seen_on(sights[mark.axis])
            paces[mark.axis] = pace
            ranges[mark.axis] = forecast.foretell(standing.remaining, pace, facts.today, seen_on)
    first = forecast.first_of([*ranges.values(), by_time])
    return first, forecast.account(paces, ranges)


def is_steady(before: tuple[date | None, date | None], told: dict, found: Range | None, rests: dict) -> bool:
    """Whether what is stored, `before` and what it was `told` to rest on, says the same to a person."""
    if _reasons(told) != _reasons(rests):
        return False
    if found is None or None in before:
        return found is None and before == (None, None)
    return abs(before[0] - found.early) <= STEADY and abs(before[1] - found.late) <= STEADY


def _reasons(told: dict) -> dict:
    """What each axis rests on, or why it tells no day; not how much, which moves with every reading."""
    return {axis: (one["why"], one["early"] is None) for axis, one in told.items()}
