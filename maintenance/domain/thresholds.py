"""When a signal is past a value and stays there: a fold over its readings in the order they were measured.

It opens at or past one value and closes only beyond another, so nothing flaps; where a minimum duration is set, it
opens once a reading shows that it lasted. The fold looks at the readings alone, never at when they arrived.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rule:
    """`opens_at` and `closes_at` in the signal's own unit; the closing value lies on the good side."""

    below: bool
    opens_at: float
    closes_at: float
    lasts: timedelta = timedelta()

    def is_past(self, value: float) -> bool:
        """At the value counts."""
        return value <= self.opens_at if self.below else value >= self.opens_at

    def is_good(self, value: float) -> bool:
        """Beyond the closing value. Between the two nothing changes."""
        return value > self.closes_at if self.below else value < self.closes_at

    def worse(self, one: float, other: float) -> float:
        return min(one, other) if self.below else max(one, other)


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One reading. Of several at one instant the greatest stands; `newness` orders them by their own facts."""

    at: datetime
    newness: tuple = field(default=())
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """One time past the value. Without `opened_at` it has not lasted, or not yet; `last` is its latest reading."""

    began_at: datetime
    worst: float
    last: float
    last_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """People should know of it now."""
        return self.opened_at is not None and self.closed_at is None


def trouble_with(below: bool, opens_at: float, closes_at: float) -> str:
    """Why these two values make no rule, "" if they do."""
    if below and closes_at <= opens_at:
        return "must be higher than the value that opens it, or it would open and close at every reading"
    if not below and closes_at >= opens_at:
        return "must be lower than the value that opens it, or it would open and close at every reading"
    return ""


def fold(rule: Rule, points: Iterable[Point], memory: Stretch | None = None) -> list[Stretch]:
    """All stretches in the order they began. `memory` is the one still running when these readings begin."""
    running, over = memory, []
    for point in by_instant(points):
        if running is None:
            running = begun(rule, point)
            continue
        running = gone_on(rule, running, point)
        if running.closed_at is not None:
            over.append(running)
            running = None
    return over + ([running] if running else [])


def by_instant(points: Iterable[Point]) -> list[Point]:
    """One reading an instant, in measured order."""
    held: dict[datetime, Point] = {}
    for point in points:
        if point.at not in held or point > held[point.at]:
            held[point.at] = point
    return [held[at] for at in sorted(held)]


def begun(rule: Rule, point: Point) -> Stretch | None:
    if not rule.is_past(point.value):
        return None
    opened = point.at if not rule.lasts else None
    return Stretch(point.at, point.value, point.value, point.at, opened_at=opened)


def gone_on(rule: Rule, running: Stretch, point: Point) -> Stretch:
    """Before it has lasted, the first reading that is not past the value ends it; afterwards only a good one."""
    ended = rule.is_good(point.value) if running.opened_at else not rule.is_past(point.value)
    if ended:
        return replace(running, last=point.value, last_at=point.at, closed_at=point.at)
    lasted = point.at - running.began_at >= rule.lasts
    return replace(
        running,
        worst=rule.worse(running.worst, point.value),
        last=point.value,
        last_at=point.at,
        opened_at=running.opened_at or (point.at if lasted else None),
    )
