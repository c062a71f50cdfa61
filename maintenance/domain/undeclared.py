"""A service that nobody has logged shows in the oil life: it rises."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from maintenance.domain.proof import ROSE_POINTS, WAVERS_POINTS

LOGGED_BEFORE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Rise:
    """From the last low reading to the first that was high enough. Percent."""

    low_at: datetime
    low: float
    at: datetime
    high: float

    def overlaps(self, other: "Rise") -> bool:
        return self.low_at < other.at and other.low_at < self.at


def rises(readings: Iterable[tuple[datetime, float]]) -> list[Rise]:
    """Every rise by 50 points or more, in however many steps the car told it; a sensor wavers on the way."""
    found: list[Rise] = []
    low: tuple[datetime, float] | None = None
    peak, told = 0.0, False
    for at, value in sorted(set(readings)):
        if low is None or value < peak - WAVERS_POINTS or value <= low[1]:
            low, peak, told = (at, value), value, False
        elif not told and value - low[1] >= ROSE_POINTS:
            found.append(Rise(low[0], low[1], at, value))
            told = True
        peak = max(peak, value)
    return found


def undeclared(found: Iterable[Rise], done: Iterable[date], *, day: Callable[[datetime], date]) -> list[Rise]:
    """The rises that no completion accounts for. `day` is the fleet's local day."""
    done = set(done)
    return [rise for rise in found if not any(accounts_for(on, rise, day=day) for on in done)]


def accounts_for(on: date, rise: Rise, *, day: Callable[[datetime], date]) -> bool:
    """From 14 days before to the day of the rise.

    Between two readings nobody knows that day. Of a car that was silent for longer it may be any since it was last
    seen low: a job logged then is the one that shows, and a question would only ask for what is written down.
    """
    last = day(rise.at)
    return min(day(rise.low_at), last - LOGGED_BEFORE) <= on <= last
