"""When will it become due: a range of days from what one car usually does in a day. Never more than an expectation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil, floor
from typing import NamedTuple

FURTHEST = 1_095  # days; further ahead nobody can tell anything
SURE = 6  # decimals; 1,000 km at 10 km a day are 100 days, whatever binary floats make of it


class Rests(StrEnum):
    """What a pace rests on, or why there is none. The values are stored in `Pace.why`."""

    OWN = ""
    SIMILAR = "similar"  # the median of similar vehicles of the fleet
    SHORT = "short"  # less than a week is known
    STANDS = "stands"  # it is not driven: the time axis rules
    SILENT = "silent"  # nothing was told for four weeks
    UNTOLD = "untold"  # the car gives no such reading


@dataclass(frozen=True, slots=True)
class Pace:
    """What one car does a day on one axis: km driven, points of oil life used, engine hours run.

    The 20 %, 50 % and 80 % quantiles; None, all three, where there is no telling, with `why`. `days`: of history that
    it rests on. `cars`: how many similar vehicles it was taken from, 0 for its own.
    """

    slow: float | None
    usual: float | None
    fast: float | None
    days: float = 0.0
    why: str = Rests.OWN
    cars: int = 0

    @property
    def moves(self) -> bool:
        return self.fast is not None and self.fast > 0


class Range(NamedTuple):
    """The days between which a point is expected to be reached, both included."""

    early: date
    late: date


def foretell(remaining: float, pace: Pace | None, today: date, seen_on: date) -> Range | None:
    """When what remained on the day of the reading will be used up. Never before today.

    None: no pace, nothing left (that is measured, not foretold), or even the early end too far away. A car that
    stands at times has its late end at the furthest. One that has not reported for a while may be there by now.
    """
    if pace is None or not pace.moves or remaining <= 0:
        return None
    soonest = round(remaining / pace.fast, SURE)
    if soonest > FURTHEST:
        return None
    latest = round(remaining / pace.slow, SURE) if pace.slow else FURTHEST
    return Range(
        max(today, seen_on + timedelta(days=floor(soonest))),
        max(today, seen_on + timedelta(days=ceil(min(latest, FURTHEST)))),
    )


def first_of(ranges: Iterable[Range | None]) -> Range | None:
    """The range of the item from those of its axes: the first reached wins, at its earliest and at its latest.

    A due date is the range from that day to that day.
    """
    first = None
    for one in ranges:
        if one is not None and one != first:
            first = one if first is None else Range(min(first.early, one.early), min(first.late, one.late))
    return first


def account(paces: Mapping[str, Pace], ranges: Mapping[str, Range | None]) -> dict:
    """What is stored with an item (`DueItem.forecast`): for each axis by its name, its range and what that rests on.

    {"distance": {"early": "2027-01-03", "late": "2027-01-09", "slow": 41.2, "usual": 44.0, "fast": 48.9, "days": 180.0,
    "why": "", "cars": 0}}; `early` and `late` are None where no day can be told.
    """
    return {
        str(axis): {
            "early": None if ranges.get(axis) is None else ranges[axis].early.isoformat(),
            "late": None if ranges.get(axis) is None else ranges[axis].late.isoformat(),
            "slow": _short(pace.slow),
            "usual": _short(pace.usual),
            "fast": _short(pace.fast),
            "days": round(pace.days),
            "why": str(pace.why),
            "cars": pace.cars,
        }
        for axis, pace in paces.items()
    }


def _short(rate: float | None) -> float | None:
    """Three significant figures: a stored verdict does not change with every metre driven."""
    return None if rate is None else float(f"{rate:.3g}")
