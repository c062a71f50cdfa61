"""Where the clock of an item starts, as a manager says it: never chosen silently."""

from datetime import date, datetime

from django.db import transaction

from maintenance import review
from maintenance.domain.plan import AnchorKind
from maintenance.models import DueItem
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Vehicle

Start = tuple[DueItem, str, date | None, float | None]  # item, kind, day, km


@transaction.atomic
def set_starts(vehicle: Vehicle, wanted: list[Start], *, now: datetime) -> None:
    """Write down what changed, and judge the vehicle anew."""
    for item, kind, on, km in wanted:
        item.anchor = kind
        item.anchor_on, item.anchor_km = starting_point(vehicle, AnchorKind(kind), on, km, now)
        item.save(update_fields=["anchor", "anchor_on", "anchor_km"])
    review.review([vehicle.pk], now=now)


def starting_point(
    vehicle: Vehicle, kind: AnchorKind, on: date | None, km: float | None, now: datetime
) -> tuple[date | None, float | None]:
    if kind == AnchorKind.UNKNOWN:
        return None, None
    if kind == AnchorKind.KNOWN:
        return on, km  # review takes the nearest reading where nobody typed one
    gauge = Gauge.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER).first()
    return vehicle.fleet.day(now), gauge.number if gauge else None
