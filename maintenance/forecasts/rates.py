"""How often the ranges held: per axis, by the month in which the outcome became certain."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from fleet.owners.models import Fleet
from maintenance.domain.forecast_settling import Came
from maintenance.models import Foretold, HitRate

YEAR = timedelta(days=365)
ENOUGH = 20  # settled ranges; of fewer no share is told
LARGE, SELDOM = 5_000, timedelta(minutes=15)  # a month of many is not counted anew with every batch


@dataclass(slots=True)
class Rate:
    """Counts of settled ranges. What was serviced or changed before it fell due says nothing and is told apart."""

    hit: int = 0
    early: int = 0
    late: int = 0
    void: int = 0

    @property
    def settled(self) -> int:
        return self.hit + self.early + self.late

    @property
    def share(self) -> float | None:
        """None while there are too few to tell."""
        return self.hit / self.settled if self.settled >= ENOUGH else None


def recount(settled: Iterable[tuple[int, date]], *, now: datetime) -> None:
    """Count the months of these (fleet, day settled on) anew. Counted, not added up: twice does no harm."""
    months = {(fleet_id, day.replace(day=1)) for fleet_id, day in settled}
    for fleet_id, month in months:
        held = HitRate.objects.filter(fleet_id=fleet_id, month=month, at__gt=now - SELDOM, at__lte=now)
        if any(rate.hit + rate.early + rate.late + rate.void > LARGE for rate in held):
            continue
        after = (month + timedelta(days=32)).replace(day=1)
        found = Foretold.objects.filter(fleet_id=fleet_id, settled_on__gte=month, settled_on__lt=after)
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for axis, came, count in found.order_by().values_list("axis", "verdict").annotate(n=Count("pk")):
            counts[axis][came] = count
        HitRate.objects.bulk_create(
            [HitRate(fleet_id=fleet_id, axis=axis, month=month, at=now, **told) for axis, told in counts.items()],
            update_conflicts=True,
            unique_fields=["fleet", "axis", "month"],
            update_fields=[*(came.value for came in Came), "at"],
        )


def by_month(fleet: Fleet, today: date) -> dict[tuple[str, date], Rate]:
    """(axis, first of the month) → rate, over the last year."""
    held = HitRate.objects.for_fleet(fleet).filter(month__gt=today - YEAR)
    return {(one.axis, one.month): Rate(one.hit, one.early, one.late, one.void) for one in held}


def by_axis(months: dict[tuple[str, date], Rate]) -> dict[str, Rate]:
    """The year of each axis."""
    found: dict[str, Rate] = {}
    for (axis, _), one in months.items():
        year = found.get(axis, Rate())
        found[axis] = Rate(year.hit + one.hit, year.early + one.early, year.late + one.late, year.void + one.void)
    return found


def of_fleet(fleet: Fleet, today: date) -> dict[str, Rate]:
    return by_axis(by_month(fleet, today))
