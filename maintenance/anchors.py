"""Where the clock of an item starts, as a manager says it: never chosen silently."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from fleet.owners.models import User
from maintenance import review
from maintenance.domain.plan import AnchorKind
from maintenance.models import DueItem, KeptStart, Task
from maintenance.standins import noon
from vehicles.domain import segments
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Vehicle
from vehicles.waist import meters

AT_ONCE = 50  # vehicles that are judged while somebody waits; more are rung for
POINT = ("anchor", "anchor_on", "anchor_km", "anchor_hours", "anchor_by", "anchor_at")


@dataclass(frozen=True, slots=True)
class Start:
    """When a task was last done on a vehicle. `km` is what the dash showed then, `hours` are of the engine."""

    vehicle: Vehicle
    task: Task
    kind: AnchorKind
    on: date | None = None
    km: float | None = None
    hours: float | None = None


@transaction.atomic
def set_starts(starts: Sequence[Start], *, by: User, now: datetime) -> int:
    """Write them down, and judge the vehicles anew. The vehicles come with their fleets.

    What no program asks for on its vehicle is kept for the day when one does. Returns how many of those there are.
    """
    cars = {start.vehicle.pk: start.vehicle for start in starts}
    items = DueItem.objects.filter(vehicle__in=cars, task__in={start.task.pk for start in starts}, left_at=None)
    held = {(item.vehicle_id, item.task_id): item for item in items.select_for_update()}
    clusters = meters.segments_of(cars)
    gauges = Gauge.objects.filter(vehicle__in=cars, signal=Signal.ODOMETER)
    odometers = dict(gauges.values_list("vehicle_id", "number"))
    changed, kept = [], []
    for start in starts:
        known = held.get((start.vehicle.pk, start.task.pk))
        target = known or KeptStart(vehicle=start.vehicle, task=start.task)
        on, km = point(start, clusters.get(start.vehicle.pk, ()), odometers.get(start.vehicle.pk), now)
        said = (start.kind.value, on, km, start.hours, str(by)[:120], now)
        for name, value in zip(POINT, said, strict=True):
            setattr(target, name, value)
        (kept if known is None else changed).append(target)
    DueItem.objects.bulk_update(changed, POINT, batch_size=500)
    unique = ["vehicle", "task"]
    KeptStart.objects.bulk_create(kept, update_conflicts=True, unique_fields=unique, update_fields=POINT)
    look_again(cars, now=now, by=by)
    return len(kept)


def point(
    start: Start, clusters: Sequence[segments.Segment], odometer_km: float | None, now: datetime
) -> tuple[date | None, float | None]:
    """The day and the true distance to count from; None where review finds them, or nobody knows them."""
    if start.kind == AnchorKind.KNOWN:
        if start.km is None:
            return start.on, None  # review takes the nearest reading where nobody typed one
        return start.on, segments.true_km(clusters, start.km, noon(start.on, start.vehicle.fleet.zone))
    if start.kind == AnchorKind.UNKNOWN:
        return None, None
    return start.vehicle.fleet.day(now), odometer_km  # “from new” counts the first mark beyond this day


def look_again(vehicle_ids: Collection[int], *, now: datetime, by: User | None = None) -> None:
    if len(vehicle_ids) <= AT_ONCE:
        review.review(vehicle_ids, now=now, by=by)
    else:
        Vehicle.objects.filter(pk__in=list(vehicle_ids)).update(review_after=now)
