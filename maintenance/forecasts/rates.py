"""How often the ranges held: per axis over a year, and by the month in which the outcome became certain."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncMonth

from fleet.owners.models import Fleet
from maintenance.domain.forecast_settling import Came
from maintenance.models import Foretold

YEAR = timedelta(days=365)
ENOUGH = 20  # settled ranges; of fewer no share is told


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

    def add(self, came: str, count: int) -> None:
        setattr(self, came, getattr(self, came) + count)


def by_month(fleet: Fleet, today: date) -> dict[tuple[str, date], Rate]:
    """(axis, first of the month) → rate, over the last year."""
    found: dict[tuple[str, date], Rate] = defaultdict(Rate)
    settled = Foretold.objects.for_fleet(fleet).filter(settled_on__gt=today - YEAR, verdict__in=list(Came))
    counted = settled.annotate(month=TruncMonth("settled_on")).order_by().values_list("axis", "month", "verdict")
    for axis, month, came, count in counted.annotate(n=Count("pk")):
        found[axis, month].add(came, count)
    return dict(found)


def by_axis(months: dict[tuple[str, date], Rate]) -> dict[str, Rate]:
    """The year of each axis."""
    found: dict[str, Rate] = defaultdict(Rate)
    for (axis, _), rate in months.items():
        for came in Came:
            found[axis].add(came.value, getattr(rate, came.value))
    return dict(found)
