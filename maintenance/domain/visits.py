"""One visit, not five: what else on a vehicle falls due soon enough to be done with the job at hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from maintenance.domain.status import Status


@dataclass(frozen=True, slots=True)
class Coming:
    """One item of the vehicle with its points. `likely_on` is the early end of its forecast."""

    pk: int
    status: Status
    due_km: float | None = None
    due_on: date | None = None
    likely_on: date | None = None


@dataclass(frozen=True, slots=True)
class Companion:
    """A job to do in the same visit, and what doing it early gives up; None where that cannot be told."""

    pk: int
    is_reached: bool
    gives_up_km: float | None
    gives_up_days: int | None


@dataclass(frozen=True, slots=True)
class Visit:
    companions: tuple[Companion, ...]
    visits_saved: int


def together(
    main: Coming, others: Iterable[Coming], *, today: date, odometer_km: float | None, days: int, km: float
) -> Visit:
    """What falls due within `days` or `km` of today, the nearest first.

    Jobs that are due already would be done now anyway and save nothing; of the others, those that would come on
    one day would be one visit.
    """
    near = []
    for other in others:
        if other.pk == main.pk:
            continue
        left_km = None if other.due_km is None or odometer_km is None else round(other.due_km - odometer_km, 1)
        left_days = None if other.due_on is None else (other.due_on - today).days
        likely_days = None if other.likely_on is None else (other.likely_on - today).days
        within = (left_km is not None and left_km <= km) or any(
            left is not None and left <= days for left in (left_days, likely_days)
        )
        if not (within or other.status.is_reached):
            continue
        companion = Companion(other.pk, other.status.is_reached, _not_below_zero(left_km), _not_below_zero(left_days))
        near.append((_nearness(companion, km, days), companion, other))
    near.sort(key=lambda one: (not one[1].is_reached, one[0], one[1].pk))
    moments = {_moment(other) for _, companion, other in near if not companion.is_reached}
    return Visit(tuple(companion for _, companion, _ in near), len(moments))


def _not_below_zero(left):
    return None if left is None else max(left, 0)


def _nearness(companion: Companion, km: float, days: int) -> float:
    """The part of the window that is left before it would be due."""
    parts = []
    if companion.gives_up_km is not None and km:
        parts.append(companion.gives_up_km / km)
    if companion.gives_up_days is not None and days:
        parts.append(companion.gives_up_days / days)
    return min(parts, default=0.0)


def _moment(other: Coming):
    """When it would have brought the vehicle in by itself: the same day or the same mark is the same visit."""
    return min((on for on in (other.likely_on, other.due_on) if on is not None), default=None) or ("km", other.due_km)
