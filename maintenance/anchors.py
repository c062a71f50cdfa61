"""Where the clock of an item starts, as a manager says it: never chosen silently."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from fleet.kit import rows
from fleet.owners.models import User
from maintenance import review
from maintenance.domain.plan import AnchorKind
from maintenance.models import DueItem, KeptStart, Task
from maintenance.standins import noon
from vehicles.domain import segments
from vehicles.models import Vehicle
from vehicles.waist import meters

AT_ONCE = 50  # vehicles that are judged while somebody waits; more are rung for
POINT = ("anchor", "anchor_on", "anchor_km", "anchor_reading", "anchor_hours", "anchor_by", "anchor_at")


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
    changed, kept = [], []
    for start in starts:
        known = held.get((start.vehicle.pk, start.task.pk))
        target = known or KeptStart(vehicle=start.vehicle, task=start.task)
        on, km = point(start, clusters.get(start.vehicle.pk, ()), now)
        said = (start.kind.value, on, km, None, start.hours, str(by)[:120], now)
        for name, value in zip(POINT, said, strict=True):
            setattr(target, name, value)
        (kept if known is None else changed).append(target)
    rows.update(changed, POINT)
    unique = ["vehicle", "task"]
    KeptStart.objects.bulk_create(kept, update_conflicts=True, unique_fields=unique, update_fields=POINT)
    look_again(cars, now=now, by=by)
    return len(kept)


def point(start: Start, clusters: Sequence[segments.Segment], now: datetime) -> tuple[date | None, float | None]:
    """The day to count from, and the true distance if it was typed; without one, review takes the nearest reading."""
    if start.kind == AnchorKind.UNKNOWN:
        return None, None
    if start.kind != AnchorKind.KNOWN:
        return start.vehicle.fleet.day(now), None  # “from new” counts the first mark beyond this day
    if start.km is None:
        return start.on, None
    return start.on, segments.true_km(clusters, start.km, noon(start.on, start.vehicle.fleet.zone))


def look_again(vehicle_ids: Collection[int], *, now: datetime, by: User | None = None) -> None:
    if len(vehicle_ids) <= AT_ONCE:
        review.review(vehicle_ids, now=now, by=by)
    else:
        Vehicle.objects.filter(pk__in=list(vehicle_ids)).update(review_after=now)
