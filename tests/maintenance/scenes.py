"""A car with a plan, judged."""

from datetime import timedelta

from maintenance import review
from maintenance.domain.plan import AnchorKind
from maintenance.models import DueItem
from tests.scenes import NOON, odometer
from vehicles.models import Source
from vehicles.waist import ingest


def drive(vehicle, *measurements, now=NOON):
    """Let the car say something, and judge it."""
    ingest.record(vehicle, measurements, source=Source.WEBHOOK, now=now)
    review.review([vehicle.pk], now=now)


def item_of(vehicle, task: str = "oil-change") -> DueItem:
    return DueItem.objects.select_related("vehicle__fleet", "task").get(vehicle=vehicle, task__key=task)


def last_done(vehicle, task: str = "oil-change", *, km: float, days_ago: int) -> DueItem:
    """A known last service, so that the clock of this item runs."""
    review.review([vehicle.pk], now=NOON)
    item = item_of(vehicle, task)
    item.anchor, item.anchor_km = AnchorKind.KNOWN, km
    item.anchor_on = (NOON - timedelta(days=days_ago)).date()
    item.save()
    return item


def at_km(vehicle, km: float, *, now=NOON):
    drive(vehicle, odometer(km, at=now - timedelta(minutes=10)), now=now)
