"""A vehicle made anew from what it told, up to its verdicts."""

from datetime import datetime

from django.db import transaction

from maintenance import review
from maintenance.models import DueItem
from vehicles.models import Vehicle
from vehicles.post import rebuilding
from vehicles.post.rebuilding import Difference

# Without the columns that remember: since when a status stands, and the day it was sorted by.
VERDICT = ("status", "winner", "due_km", "due_on", "oil_limit_pct", "changes_on", "trace")


def check(vehicle: Vehicle, *, now: datetime) -> list[Difference]:
    """What a rebuild would change. Nothing is changed."""
    return rebuilding.try_out(lambda: rebuild(vehicle, now=now))


@transaction.atomic
def rebuild(vehicle: Vehicle, *, now: datetime) -> list[Difference]:
    """Make everything derived anew, and tell what differs.

    A verdict whose review is still to come is not compared: it is not the last word.
    """
    waiting = Vehicle.objects.filter(pk=vehicle.pk, review_after__lte=now).exists()
    before = verdicts(vehicle)
    found = rebuilding.rebuild(vehicle, now=now)
    if vehicle.retired_at is None:
        DueItem.objects.filter(vehicle=vehicle).update(told_digest="")  # believe nothing that is stored
        review.review([vehicle.pk], now=now)
        if not waiting:
            found += rebuilding.compare(before, verdicts(vehicle))
    return found


def verdicts(vehicle: Vehicle) -> dict[str, str]:
    items = DueItem.objects.filter(vehicle=vehicle).select_related("task")
    return {f"verdict {item.task.key} {name}": str(getattr(item, name)) for item in items for name in VERDICT}
