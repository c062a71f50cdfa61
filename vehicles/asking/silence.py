"""Each car's own rhythm, and cars that have gone silent: one by itself, or many of a make at once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import TruncHour, Upper

from fleet.kit import clocks
from vehicles.domain import cadence, rhythm
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Gauge, Hush, Reading, Source, Standing, Vehicle

LEASE = timedelta(minutes=5)
BATCH = 100
LOOK_BACK = timedelta(days=30)
DAILY, HOURLY, SOONEST = timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)
MOVING = (Signal.ODOMETER.value, Signal.FUEL_LEVEL.value, Signal.STATE_OF_CHARGE.value)  # what a car in use tells anew
MANY = 5  # cars of one make that fall silent together are one trouble
FEW = 3  # fewer than this, and it is over
TOGETHER = timedelta(hours=24)


def sweep(*, now: datetime) -> int:
    """Look at the cars whose time has come, and at those that were silent and have reported."""
    spoke = heard_again(now=now)
    waiting = Vehicle.objects.active().select_related("connection").filter(watch_after__isnull=False)
    cars = clocks.claim(waiting, "watch_after", lease=LEASE, limit=BATCH, now=now)
    turned = watch(cars, now=now) if cars else 0
    if spoke or turned:
        hush(now=now)
    return len(cars)


def heard_again(*, now: datetime) -> int:
    """A webhook ends a silence at once."""
    silent = Vehicle.objects.filter(silent_since__isnull=False)
    spoke = silent.filter(Q(seen_by_webhook_at__gt=F("silent_since")) | Q(retired_at__isnull=False))
    return spoke.update(silent_since=None, review_after=now)


def watch(cars: list[Vehicle], *, now: datetime) -> int:
    """Learn each car's rhythm, and whether it should have reported by now. How many turned silent or spoke."""
    habits, told, mute = rhythms(cars, now), last_told(cars), unable(cars)
    turned = 0
    for car in cars:
        gap = habits.get(car.pk)
        minutes = None if gap is None else round(gap.total_seconds() / 60)
        heard = max((at for at in (told.get(car.pk), car.seen_by_webhook_at) if at), default=None)
        patience = cadence.stale_after(gap)
        since = heard or (None if car.pk in mute else awaited_since(car))
        silent = since if since is not None and should_speak(car, now) and now - since > patience else None
        changes = {}
        if minutes != car.rhythm_minutes:
            changes["rhythm_minutes"] = minutes
        if silent != car.silent_since:
            changes |= {"silent_since": silent, "review_after": now}
            turned += 1
        if changes:
            Vehicle.objects.filter(pk=car.pk).update(**changes)
        clocks.wind(car, "watch_after", next_look(since, silent, patience, now))
    return turned


def should_speak(car: Vehicle, now: datetime) -> bool:
    """A hold that is over holds nobody, even where nobody has lifted it."""
    is_held = car.hold and (car.hold_until is None or car.hold_until > now)
    return car.connection is not None and car.connection.state == "connected" and not is_held


def awaited_since(car: Vehicle) -> datetime | None:
    """Since when a car that never told anything should have."""
    return None if car.connection is None else max(car.enrolled_at, car.connection.state_since)


def next_look(heard: datetime | None, silent: datetime | None, patience: timedelta, now: datetime) -> datetime:
    if silent:
        return now + HOURLY
    runs_out = heard + patience if heard else now + DAILY
    return max(min(now + DAILY, runs_out), now + SOONEST)


def rhythms(cars: list[Vehicle], now: datetime) -> dict[int, timedelta]:
    """The usual gap of each car that has a habit, from the hours of the last month in which it told something new."""
    readings = Reading.objects.filter(vehicle__in=cars, signal__in=MOVING, at__gte=now - LOOK_BACK)
    readings = readings.exclude(source=Source.BENCH).filter(standing=Standing.ACCEPTED)
    hours = defaultdict(list)
    for pk, hour in readings.annotate(hour=TruncHour("at")).values_list("vehicle_id", "hour").distinct():
        hours[pk].append(hour)
    return {pk: gap for pk, found in hours.items() if (gap := rhythm.usual_gap(found)) is not None}


def last_told(cars: list[Vehicle]) -> dict[int, datetime]:
    """When each car last measured anything, as far as we know."""
    gauges = Gauge.objects.filter(vehicle__in=cars).exclude(source=Source.BENCH).order_by()
    return dict(gauges.values_list("vehicle_id").annotate(last=Max("at")))


def unable(cars: list[Vehicle]) -> set[int]:
    """Those that have said that they give no odometer: of them nothing is awaited."""
    gone = Capability.objects.filter(vehicle__in=cars, signal=Signal.ODOMETER, state=Capability.State.UNSUPPORTED)
    return set(gone.values_list("vehicle_id", flat=True))


# ── many at once ──


@transaction.atomic
def hush(*, now: datetime) -> None:
    """Where many cars of a make in a fleet are silent, that is one trouble: begun, going on, or over."""
    standing = {(row.fleet_id, row.make): row for row in Hush.objects.select_for_update().filter(over_at=None)}
    silent = defaultdict(list)
    for car in Vehicle.objects.active().filter(silent_since__isnull=False).exclude(make="").order_by("pk"):
        silent[car.fleet_id, car.make.upper()].append(car)
    for key, cars in silent.items():
        if key not in standing and is_together(cars) and 2 * len(cars) >= of_make(*key).count():
            since = min(car.silent_since for car in cars)
            Hush.objects.create(fleet_id=key[0], make=key[1], since=since, cars=len(cars), carrier=cars[0])
            of_make(*key).update(review_after=now)
    for key, row in standing.items():
        count = len(silent.get(key, []))
        if count < FEW:
            row.over_at = now
            of_make(*key).update(review_after=now)
        elif row.carrier.retired_at is not None:
            row.carrier = silent[key][0]
            Vehicle.objects.filter(pk=row.carrier_id).update(review_after=now)
        row.cars = max(count, row.cars) if row.over_at is None else row.cars
        row.save(update_fields=["cars", "over_at", "carrier"])


def is_together(cars: list[Vehicle]) -> bool:
    """Whether so many of them stopped within a day."""
    stopped = sorted(car.silent_since for car in cars)
    return any(later - earlier <= TOGETHER for earlier, later in zip(stopped, stopped[MANY - 1 :], strict=False))


def of_make(fleet_id: int, make: str) -> QuerySet:
    cars = Vehicle.objects.pollable().filter(fleet_id=fleet_id).annotate(upper_make=Upper("make"))
    return Vehicle.objects.filter(pk__in=cars.filter(upper_make=make).values("pk"))


@dataclass(frozen=True, slots=True)
class Quiet:
    """How many cars of a make are silent, in all fleets together."""

    make: str
    silent: int
    cars: int


def quiet_makes() -> list[Quiet]:
    """For the operator: makes of which many cars are silent, most first."""
    cars = Vehicle.objects.pollable().exclude(make="").annotate(upper_make=Upper("make")).order_by()
    found = cars.values_list("upper_make").annotate(
        silent=Count("pk", filter=Q(silent_since__isnull=False)), cars=Count("pk")
    )
    quiet = [Quiet(make, silent, count) for make, silent, count in found if silent >= MANY and 2 * silent >= count]
    return sorted(quiet, key=lambda one: (-one.silent, one.make))
