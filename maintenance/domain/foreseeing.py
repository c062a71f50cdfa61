"""When an item will be due, from the paces of its vehicle: a range of days, never a verdict."""

from datetime import date, timedelta

from maintenance.domain import forecast
from maintenance.domain.assessment import Verdict
from maintenance.domain.forecast import Pace, Range
from maintenance.domain.plan import Axis, Facts, Sight

STEADY = timedelta(days=3)  # a range moves a little with every reading; what is stored should not dance


Grounds = dict[Axis, tuple[Pace, Range | None]]  # per axis its pace, and the range of days that gives


def foresee(verdict: Verdict, facts: Facts) -> tuple[Range | None, Grounds]:
    """The range in which the first axis is reached, and what it rests on axis by axis. None for what is due."""
    if verdict.status.is_reached or not facts.paces:
        return None, {}
    grounds: Grounds = {}
    ranges: list[Range | None] = []
    sights = {Axis.DISTANCE: facts.odometer, Axis.OIL: facts.oil, Axis.HOURS: facts.hours}
    for mark, standing in zip(verdict.marks, verdict.standings, strict=True):
        if standing.remaining is None:
            continue
        axis = mark.axis
        if axis is Axis.TIME:
            ranges.append(Range(mark.due, mark.due))
        elif (pace := facts.paces.get(axis)) is not None and type(sight := sights[axis]) is Sight:
            found = forecast.foretell(standing.remaining, pace, facts.today, facts.seen_on(sight))
            grounds[axis] = pace, found
            ranges.append(found)
    return forecast.first_of(ranges), grounds


def is_steady(before: tuple[date | None, date | None], found: Range | None) -> bool:
    """Whether the stored range says the same to a person."""
    if found is None or None in before:
        return found is None and before == (None, None)
    return abs(before[0] - found.early) <= STEADY and abs(before[1] - found.late) <= STEADY


def reasons(grounds: Grounds) -> list[tuple[str, str, bool]]:
    """What each axis rests on, or why it tells no day; not how much, which moves with every reading."""
    return [(axis.value, pace.why, found is None) for axis, (pace, found) in grounds.items()]


def account(grounds: Grounds) -> dict:
    """What is stored with an item, by `forecast.account`."""
    paces = {axis: pace for axis, (pace, _) in grounds.items()}
    return forecast.account(paces, {axis: found for axis, (_, found) in grounds.items()})
