"""How one vehicle is looked after where that differs from its program, and what was asked of it once."""

from datetime import date, datetime

from django.db import transaction

from fleet.owners.models import User
from maintenance import review, snoozing
from maintenance.models import Care, DueItem, Program, Task
from maintenance.plans import tasks as library
from maintenance.refusals import Refused
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Vehicle
from vehicles.waist import meters

LONGEST_PAUSE = 366  # days; whatever stands longer is retired


@transaction.atomic
def set_care(
    vehicle: Vehicle, *, program: Program | None, severe: float, severe_why: str, by: User, now: datetime
) -> None:
    """The program given by hand, None for the first that matches, and how hard the car is used (0 < severe ≤ 1)."""
    held(vehicle)
    said = {"program": program, "severe": severe, "severe_why": severe_why if severe != 1 else ""}
    said |= {"set_by": str(by)[:120], "set_at": now}
    Care.objects.update_or_create(vehicle=vehicle, fleet_id=vehicle.fleet_id, defaults=said)
    review.review([vehicle.pk], now=now, by=by)


@transaction.atomic
def pause(vehicle: Vehicle, *, until: date, why: str, by: User, now: datetime) -> None:
    """Nobody is told of what is due until that day. It moves nothing, and wakes by itself."""
    today = vehicle.fleet.day(now)
    if until <= today:
        raise Refused("paused_until", "Choose a day after today.")
    if (until - today).days > LONGEST_PAUSE:
        raise Refused("paused_until", f"At most {LONGEST_PAUSE} days. Retire a vehicle that stays away for longer.")
    held(vehicle)
    said = {"paused_until": until, "paused_why": why[:200], "paused_by": str(by)[:120], "paused_at": now}
    Care.objects.update_or_create(vehicle=vehicle, fleet_id=vehicle.fleet_id, defaults=said)
    review.review([vehicle.pk], now=now, by=by)


@transaction.atomic
def go_on(vehicle: Vehicle, *, now: datetime) -> None:
    """End a pause before its day."""
    held(vehicle)
    over = {"paused_until": None, "paused_why": "", "paused_by": "", "paused_at": None}
    Care.objects.filter(vehicle=vehicle).update(**over)
    review.review([vehicle.pk], now=now)


@transaction.atomic
def ask_once(
    vehicle: Vehicle,
    *,
    task: Task | None,
    called: str,
    on: date | None,
    dash_km: float | None,
    in_km: float | None,
    by: User,
    now: datetime,
) -> DueItem:
    """A job that is due once, at a day or a distance, whichever comes first. `called` names a task that is new.

    The distance is what the dash will show, or so much further than now.
    """
    held(vehicle)
    km = read_at = None
    if dash_km is not None:
        km, read_at = meters.to_true(vehicle.pk, dash_km, now), now
    elif in_km is not None:
        gauge = Gauge.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER).first()
        if gauge is None or gauge.number is None:
            raise Refused("in_km", "No odometer is known yet. Say what the dash will show, or a day.")
        km, read_at = round(gauge.number + in_km, 1), gauge.at
    if km is None and on is None:
        raise Refused("on", "Say a day or a distance.")
    task = task or new_task(vehicle, called)
    standing = DueItem.objects.filter(vehicle=vehicle, task=task).first()
    if standing is not None and standing.left_at is None:
        asks = "was asked for once already" if standing.line_id is None else "is in the program of this vehicle"
        raise Refused("task", f"{task.name} {asks}.")
    item = standing or DueItem(fleet_id=vehicle.fleet_id, vehicle=vehicle, task=task)
    item.line, item.left_at = None, None
    item.once_km, item.once_on, item.once_at, item.once_by = km, on, read_at, str(by)[:120]
    item.once_since = vehicle.fleet.day(now)
    item.save()
    review.review([vehicle.pk], now=now, by=by)
    item.refresh_from_db()
    return item


def new_task(vehicle: Vehicle, called: str) -> Task:
    """A task of the library with this name; one that is there already serves."""
    tasks = Task.objects.filter(fleet_id=vehicle.fleet_id)
    if found := tasks.filter(name__iexact=called, retired_at=None).first():
        return found
    key = library.free_key(set(tasks.values_list("key", flat=True)), called)
    return Task.objects.create(fleet_id=vehicle.fleet_id, key=key, name=called)


@transaction.atomic
def drop(item: DueItem, *, now: datetime) -> None:
    """Nobody wants it any more. Only what was asked for once can be dropped; a program’s line is edited."""
    vehicle = item.vehicle
    held(vehicle)
    if DueItem.objects.filter(pk=item.pk, line=None).delete()[0]:
        snoozing.end(item, why="dropped", now=now)
    review.review([vehicle.pk], now=now)


def held(vehicle: Vehicle) -> None:
    """Two people who change the same car take turns."""
    Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle.pk)
