"""The sweep: about once a day each car’s pace is told anew, its open ranges are settled, and new ones written down."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from fleet.kit import clocks, rows
from maintenance import doubting
from maintenance.domain import forecast
from maintenance.domain.forecast import Rests
from maintenance.domain.forecast_daily import Used
from maintenance.domain.forecast_pace import HISTORY, of_similar, pace_of
from maintenance.domain.forecast_shift import NEWEST, Shift, shift_of
from maintenance.domain.plan import Axis
from maintenance.forecasts import histories, telling
from maintenance.forecasts.histories import STILL, History
from maintenance.models import Pace
from vehicles.models import Vehicle

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
BATCH = 50  # some tenths of a second: the worker reads deliveries as well
DAILY = timedelta(days=1)
MOVED = 0.02  # a pace that differs by less is the same for a verdict
SAME_CHANGE = timedelta(days=7)  # one change of use may seem some days earlier or later, the more days there are


def sweep(*, now: datetime) -> int:
    """Look at the cars whose time has come."""
    waiting = Vehicle.objects.active().filter(pace_after__isnull=False)
    cars = clocks.claim(waiting, "pace_after", lease=LEASE, limit=BATCH, now=now)
    if not cars:
        return 0
    try:
        look([car.pk for car in cars], now=now)
    except Exception:  # one car must not stop the rest
        log.exception("the paces of a batch of %d vehicles are told one by one", len(cars))
        for car in cars:
            try:
                look([car.pk], now=now)
            except Exception:
                log.exception("the pace of vehicle %d could not be told", car.pk)
    # All of a batch hold the same lease, so one statement winds those that nobody has rung meanwhile.
    held = Vehicle.objects.filter(pk__in=[car.pk for car in cars], pace_after=cars[0].pace_after)
    held.update(pace_after=now + DAILY)
    return len(cars)


def look(vehicle_ids: Iterable[int], *, now: datetime) -> None:
    """Tell the paces of these cars anew, settle what was foretold of them, and foretell.

    Whenever it is judged anew what to believe of a car's past, its clock rings here: what stood on it is chosen again.

    Nothing is held while it thinks, and each part is safe to do twice: what changes meanwhile rings again.
    """
    cars = list(Vehicle.objects.active().select_related("fleet").filter(pk__in=list(vehicle_ids)).order_by("pk"))
    doubting.settle(cars, now=now)
    held = {(pace.vehicle_id, pace.axis): pace for pace in Pace.objects.filter(vehicle__in=cars)}
    known = histories.of([car.pk for car in cars], now=now)

    told = [pace for car in cars for pace in paces_of(car, known, held, now)]
    take_after_others([pace for pace in told if pace.why == Rests.SHORT], told, cars, now)
    store(told, {pace.vehicle_id for pace in told if differs(held.get((pace.vehicle_id, pace.axis)), pace)}, now=now)

    telling.settle(cars, known, now=now)
    telling.foretell(cars, {(pace.vehicle_id, pace.axis): pure(pace) for pace in told}, now=now)


def paces_of(car: Vehicle, known: dict, held: dict, now: datetime) -> list[Pace]:
    """The rows of one car. Oil life has one only where the car ever told it."""
    told = []
    for axis in (Axis.DISTANCE, Axis.OIL):
        history, before = known.get((car.pk, axis)), held.get((car.pk, axis.value))
        if axis is Axis.OIL and history is None and before is None:
            continue
        told.append(pace_on(car, axis, history or History(), before, now))
    return told


def pace_on(car: Vehicle, axis: Axis, history: History, before: Pace | None, now: datetime) -> Pace:
    zone, today = car.fleet.zone, car.fleet.day(now)
    days = [day for day in history.days(axis, zone) if day.day < today.toordinal()]
    shift = change_of_use(days, before, today, now) if axis is Axis.DISTANCE else None
    since = date.fromisoformat(shift["since"]).toordinal() if shift else None
    pace = pace_of(days, today=today.toordinal(), still=STILL[axis], since=since)
    if pace.why == Rests.UNTOLD and history.seen:
        pace = forecast.Pace(None, None, None, 0.0, Rests.SHORT)
    return row_of(car.pk, axis, pace, shift, now)


def row_of(pk: int, axis: str, pace: forecast.Pace, shift: dict | None, now: datetime) -> Pace:
    return Pace(
        vehicle_id=pk,
        axis=str(axis),
        slow=pace.slow,
        usual=pace.usual,
        fast=pace.fast,
        why=str(pace.why),
        days=pace.days,
        cars=pace.cars,
        shift=shift,
        at=now,
    )


def change_of_use(days: list[Used], before: Pace | None, today: date, now: datetime) -> dict | None:
    """What is stored of a change of use.

    One that was found keeps its day, though more days may move it a little. After four weeks it is the new usual: no
    news any more, and still where the pace begins. One that is undone before then was none.
    """
    shift = shift_of(days)
    held = before.shift if before is not None else None
    if shift is None:
        lasted = (today - date.fromisoformat(held["since"])).days if held else 0
        return held | {"usual": True} if NEWEST <= lasted <= HISTORY else None
    if held and is_same(held, shift):
        return held | {"now": round(shift.now, 1)}
    since = date.fromordinal(shift.since)
    return {
        "since": since.isoformat(),
        "before": round(shift.before, 1),
        "now": round(shift.now, 1),
        "found": now.isoformat(),
    }


def is_same(held: dict, shift: Shift) -> bool:
    near = abs(date.fromisoformat(held["since"]).toordinal() - shift.since) <= SAME_CHANGE.days
    return near and (held["now"] > held["before"]) == (shift.now > shift.before)


@transaction.atomic
def store(told: list[Pace], moved: set[int], *, now: datetime) -> None:
    """Keep the paces, and wake the review of the cars to which they make a difference."""
    columns = ["slow", "usual", "fast", "why", "days", "cars", "shift", "at"]
    rows.upsert(told, unique=["vehicle", "axis"], update=columns)
    Vehicle.objects.filter(pk__in=moved).update(review_after=now)


def take_after_others(short: list[Pace], told: list[Pace], cars: list[Vehicle], now: datetime) -> None:
    """Cars that are known for less than a week take the median of their like in the fleet, where there are enough."""
    by_pk = {car.pk: car for car in cars}
    kinds = {kind for pace in short if (kind := kind_of(by_pk[pace.vehicle_id]))}
    if not kinds:
        return
    alike = defaultdict(list)
    for pace in told:
        alike[kind_of(by_pk[pace.vehicle_id]), pace.axis].append(pure(pace))
    own = Pace.objects.filter(why=Rests.OWN, at__gt=now - 7 * DAILY, vehicle__retired_at=None)
    own = own.filter(vehicle__fleet__in={kind[0] for kind in kinds}, vehicle__model__in={kind[2] for kind in kinds})
    own = own.exclude(vehicle__in=cars).select_related("vehicle")
    for pace in own.order_by("-at")[:ENOUGH_LIKE]:
        alike[kind_of(pace.vehicle), pace.axis].append(pure(pace))
    for pace in short:
        kind = kind_of(by_pk[pace.vehicle_id])
        theirs = of_similar(alike[kind, pace.axis]) if kind else None
        if theirs is not None:
            for name in ("slow", "usual", "fast", "days", "cars"):
                setattr(pace, name, getattr(theirs, name))
            pace.why = theirs.why.value


ENOUGH_LIKE = 2_000  # rows; beyond that a median no longer moves


def kind_of(car: Vehicle) -> tuple | None:
    return (car.fleet_id, car.make.upper(), car.model) if car.make and car.model else None


def pure(pace: Pace) -> forecast.Pace:
    return forecast.Pace(pace.slow, pace.usual, pace.fast, pace.days, Rests(pace.why), pace.cars)


def differs(held: Pace | None, told: Pace) -> bool:
    """Whether a verdict or its forecast would read otherwise."""
    if held is None or held.why != told.why or held.is_shifted != told.is_shifted:
        return True
    pairs = [(getattr(held, name), getattr(told, name)) for name in ("slow", "usual", "fast")]
    return any((a is None) != (b is None) or (a is not None and abs(a - b) > MOVED * max(a, b)) for a, b in pairs)
