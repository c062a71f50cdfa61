"""What the dealer’s workshop did to a car, as its maker tells it, and whether the car stands there now."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, DateTimeField, Exists, OuterRef, Subquery, When
from django.db.models.functions import Coalesce

from fleet.kit.units import number, show_distance
from fleet.owners.models import Membership
from vehicles.domain.signals import Signal
from vehicles.models import DealerRecord, Gauge, Reading

MOST = 30


@dataclass(frozen=True, slots=True)
class Visit:
    on: str
    at: datetime | None
    tasks: str
    aside: str


def visits(rows: list[DealerRecord], member: Membership) -> list[Visit]:
    """Newest first; those without a day last."""
    dated = sorted((row for row in rows if row.done_at), key=lambda row: row.done_at, reverse=True)
    return [shown(row, member) for row in (*dated, *(row for row in rows if not row.done_at))][:MOST]


def shown(row: DealerRecord, member: Membership) -> Visit:
    parts = [str(detail) for detail in row.details]
    if row.odometer_km is not None:
        parts.insert(0, f"at {show_distance(row.odometer_km, member.fleet.units)}")
    if row.cost is not None:
        parts.append(f"{number(float(row.cost), 2)} {row.currency}".strip())
    return Visit(
        on=f"{member.fleet.day(row.done_at):%-d %b %Y}" if row.done_at else "day not told",
        at=row.done_at,
        tasks=", ".join(task["name"] for task in row.tasks) or "Work not told",
        aside=" · ".join(parts),
    )


def in_workshop_since() -> Case:
    """Since when the vehicle says that it is in the workshop, to be read with it; None while it is not."""
    told = Gauge.objects.filter(vehicle=OuterRef("pk"), signal=Signal.IN_SERVICE)
    said = Reading.objects.filter(vehicle=OuterRef("pk"), signal=Signal.IN_SERVICE)
    said = said.filter(at__lte=Subquery(told.filter(vehicle=OuterRef("vehicle")).values("at")))
    out = Reading.objects.filter(vehicle=OuterRef("vehicle"), signal=Signal.IN_SERVICE, detail=False)
    since = said.filter(~Exists(out.filter(at__gte=OuterRef("at")))).order_by("at").values("at")[:1]
    is_in = Exists(told.filter(detail=True))
    return Case(When(is_in, then=Coalesce(Subquery(since), Subquery(told.values("at")))), output_field=DateTimeField())
