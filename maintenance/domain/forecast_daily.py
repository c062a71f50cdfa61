"""What a car did on each day, from readings at any time: between two of them it is taken to go evenly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from math import ceil, floor

RISE = 10.0  # points of oil life; what rises less is the meter’s own play, what rises more was a service
BACK_KM = 2.0  # an odometer that goes back further is in doubt: across that nothing is known
A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The readings of a day or of a moment: when the last was measured, the lowest and the highest."""

    at: datetime
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Used:
    """One local day, as its ordinal, and what was used of the axis in it. Only days that lie between two readings."""

    day: int
    amount: float


def driven(seen: Iterable[Seen], zone: tzinfo) -> list[Used]:
    """Distance a day, from true distances. What lies across a step back is left out."""
    stretches: list[list[tuple[float, float]]] = []
    before: Seen | None = None
    for one in sorted(seen, key=lambda s: s.at):
        if before is None or one.high < before.high - BACK_KM:
            stretches.append([])
        stretches[-1].append((moment(one.at, zone), one.high))
        before = one
    return [day for stretch in stretches for day in days(stretch)]


def burned(seen: Iterable[Seen], zone: tzinfo) -> list[Used]:
    """Points of oil life a day. A service, from the last reading before it to the first after it, is left out."""
    stretches: list[list[tuple[float, float]]] = []
    level: float | None = None
    for one in sorted(seen, key=lambda s: s.at):
        serviced = one.high - one.low >= RISE  # within the day: afterwards the highest is what counts
        now = one.high if serviced else one.low
        if level is None or serviced or now - level >= RISE:
            stretches.append([])
        stretches[-1].append((moment(one.at, zone), -now))
        level = now
    return [day for stretch in stretches for day in days(stretch)]


def moment(at: datetime, zone: tzinfo) -> float:
    """Local days since the beginning of the calendar; a day of 23 or 25 hours is read on the clock of its wall."""
    local = at.astimezone(zone)
    midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return local.toordinal() + midnight.total_seconds() / A_DAY


def days(points: Sequence[tuple[float, float]]) -> list[Used]:
    """The whole days that the points cover, with what a straight line between them gives.

    Two points at one moment are a step, which belongs to the day of that moment.
    """
    if len(points) < 2:
        return []
    first, last = ceil(points[0][0]), floor(points[-1][0])
    levels, at = [], 0
    for midnight in range(first, last + 1):
        while points[at + 1][0] < midnight:
            at += 1
        (x0, y0), (x1, y1) = points[at], points[at + 1]
        levels.append(y0 + (y1 - y0) * (midnight - x0) / (x1 - x0) if x1 > x0 else y1)
    return [Used(first + n, b - a) for n, (a, b) in enumerate(zip(levels, levels[1:], strict=False))]
