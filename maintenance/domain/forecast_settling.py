"""What came of a range that was written down: held against the readings that followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum
from math import floor

from maintenance.domain.forecast import Range
from maintenance.domain.forecast_daily import RISE, Seen, moment
from maintenance.domain.plan import Axis


class Came(StrEnum):
    """The values are stored. Early and late: the car got there before, or later than, the range."""

    HIT = "hit"
    EARLY = "early"
    LATE = "late"
    VOID = "void"  # serviced, or the plan changed, before the car got there: nothing can be said


@dataclass(frozen=True, slots=True)
class Outcome:
    """`on`: the local day on which the point was reached; None while a late one is still short of it, and of a void."""

    came: Came
    on: date | None = None


def settle(
    said: Range, seen: Sequence[Seen], zone: tzinfo, *, axis: str, point: float, ended_on: date | None, moved: bool
) -> Outcome | None:
    """None: still open. `seen`: in order of time, from the last reading before it was said on.

    `ended_on`: the first service since. `moved`: the item is due at another point by now, for whatever reason.
    """
    on = reached_on(seen, zone, axis, point)
    rose = _rose_on(seen, zone) if axis == Axis.OIL else None
    ended = min((day for day in (ended_on, rose) if day is not None), default=None)
    if on is not None and (ended is None or on <= ended):
        came = Came.EARLY if on < said.early else Came.LATE if on > said.late else Came.HIT
        return Outcome(came, on)
    if ended is not None or moved:
        return Outcome(Came.VOID)
    if seen and _day(seen[-1], zone) > said.late:
        return Outcome(Came.LATE)
    return None


def reached_on(seen: Sequence[Seen], zone: tzinfo, axis: str, point: float) -> date | None:
    """The local day on which the point was reached, if a reading shows it; evenly between its neighbours."""
    before: tuple[float, float] | None = None
    for one in seen:
        x, y, goal = moment(one.at, zone), one.high, point
        if axis == Axis.OIL:
            y, goal = -one.low, -point
        if y >= goal:
            if before is not None:
                x0, y0 = before
                x = x0 + (x - x0) * (goal - y0) / (y - y0)
            return date.fromordinal(floor(x))
        before = x, y
    return None


def _rose_on(seen: Sequence[Seen], zone: tzinfo) -> date | None:
    """The day on which the oil life rose as only a service makes it rise."""
    level = None
    for one in seen:
        if level is not None and one.high - level >= RISE:
            return _day(one, zone)
        level = one.low
    return None


def _day(seen: Seen, zone: tzinfo) -> date:
    return seen.at.astimezone(zone).date()
