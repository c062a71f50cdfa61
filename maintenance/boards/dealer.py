"""What the dealer’s workshop did to a car, as its maker tells it, and whether the car stands there now."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from fleet.kit.units import number, show_distance
from fleet.owners.models import Membership
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


def in_workshop_since(gauge: Gauge | None) -> datetime | None:
    """Since when the car says that it is in the workshop; None while it is not."""
    if gauge is None or gauge.value is not True:
        return None
    said = Reading.objects.filter(vehicle_id=gauge.vehicle_id, signal=gauge.signal, at__lte=gauge.at)
    out = said.filter(detail=False, at__gte=OuterRef("at"))
    since = said.filter(~Exists(out)).order_by("at").values_list("at", flat=True).first()
    return since or gauge.at
