"""Where the clock of an item starts, as a manager says it: never chosen silently."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from maintenance import review
from maintenance.domain.plan import AnchorKind
from maintenance.models import DueItem
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Reading, Standing, Vehicle

NEAR = timedelta(days=30)
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
        return on, km if km is not None else nearest_km(vehicle, on)
    gauge = Gauge.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER).first()
    return vehicle.fleet.day(now), gauge.number if gauge else None


def nearest_km(vehicle: Vehicle, on: date) -> float | None:
    """The accepted reading nearest to a known day, if one lies within a month of it."""
    noon = datetime.combine(on, time(12), tzinfo=vehicle.fleet.zone)
    near = Reading.objects.filter(
        vehicle=vehicle, signal=Signal.ODOMETER, standing=Standing.ACCEPTED, at__range=(noon - NEAR, noon + NEAR)
    )
    best = min(near.values_list("at", "number"), key=lambda pair: abs(pair[0] - noon), default=None)
    return None if best is None else best[1]
