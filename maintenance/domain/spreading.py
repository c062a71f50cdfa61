"""One code on several vehicles of one model: is it one story?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WITHIN = timedelta(days=60)
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One episode of the code. `vehicle` is any key."""

    vehicle: int
    opened_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Cases that belong together. `ripe_at` is when the vehicle came that made them enough."""

    cases: tuple[Case, ...]
    ripe_at: datetime

    @property
    def began_at(self) -> datetime:
        return self.cases[0].opened_at

    @property
    def vehicles(self) -> frozenset[int]:
        return frozenset(case.vehicle for case in self.cases)

    @property
    def is_open(self) -> bool:
        return any(case.is_open for case in self.cases)


def runs(cases: Iterable[Case], *, within: timedelta = WITHIN, enough: int = ENOUGH) -> list[Run]:
    """All cases that lie with enough vehicles in a window, runs whose windows meet as one; by time."""
    ordered = sorted(cases, key=lambda case: (case.opened_at, case.vehicle, case.is_open))
    found: list[list] = []  # first place, last place, when it was enough
    first = 0
    for last, case in enumerate(ordered):
        while case.opened_at - ordered[first].opened_at > within:
            first += 1
        if len({one.vehicle for one in ordered[first : last + 1]}) < enough:
            continue
        if found and first <= found[-1][1]:
            found[-1][1] = last
        else:
            found.append([first, last, case.opened_at])
    return [Run(tuple(ordered[first : last + 1]), ripe_at) for first, last, ripe_at in found]
