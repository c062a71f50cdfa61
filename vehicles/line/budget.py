"""The calls Smartcar grants: a bucket for the whole application, shared by all processes as one row, and a month a car.

Whoever polls takes the calls together with the cars, in one transaction, and hands them to the threads that make them
as `prepaid`. Every other call is taken one by one at the client's doorstep.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone

from fleet.owners.models import Fleet
from vehicles.domain import allowance
from vehicles.domain.allowance import Bucket
from vehicles.domain.cadence import Month, Rank
from vehicles.models import CallBucket, Terms, Vehicle
from vehicles.smartcar.errors import TryLater

NAME = "smartcar application"
UNLIMITED = 1_000_000

_of_thread = threading.local()


class OutOfCalls(TryLater):
    """Our own bucket is empty: nothing was asked, and nothing is wrong with the car or with Smartcar."""


def bucket() -> Bucket | None:
    """What the settings say of the application's calls; None where nothing limits them."""
    return Bucket(*settings.SMARTCAR_BUCKET) if settings.SMARTCAR_BUCKET else None


def spend(calls: int = 1) -> None:
    """Take calls out of the bucket, or raise OutOfCalls with the time until there are enough again."""
    purse = getattr(_of_thread, "purse", None)
    if purse is None:
        take(calls, now=timezone.now())  # the client's doorstep: there is nobody above to hand the time in
        return
    covered = min(purse.left, calls)
    purse.left, purse.made = purse.left - covered, purse.made + calls
    if calls > covered:
        try:
            take(calls - covered, now=timezone.now())
        finally:
            connections.close_all()  # the call that follows may take minutes, and connections are few


def take(calls: int, *, now: datetime) -> None:
    about = bucket()
    if about is None:
        return
    with transaction.atomic():
        row = locked(now)
        have = about.refilled(row.left, now - row.at)
        if have < calls:
            raise OutOfCalls(about.wait_for(calls, have) + timedelta(seconds=1), scope="app")
        row.left, row.at = have - calls, max(now, row.at)
        row.save(update_fields=["left", "at"])


def locked(now: datetime) -> CallBucket:
    """The row, for the rest of this transaction ours alone."""
    about = bucket()
    CallBucket.objects.get_or_create(name=NAME, defaults={"left": about.most if about else 0.0, "at": now})
    return CallBucket.objects.select_for_update().get(name=NAME)


class Purse:
    """Calls that are paid for already, and how many were made."""

    def __init__(self, calls: int):
        self.left, self.made = calls, 0


@contextmanager
def prepaid(calls: int) -> Iterator[Purse]:
    """The calls of this thread are covered by what was taken before; only what goes beyond is taken anew."""
    _of_thread.purse = purse = Purse(calls)
    try:
        yield purse
    finally:
        del _of_thread.purse


def left(now: datetime) -> float:
    """How many calls may be made right now."""
    about = bucket()
    if about is None:
        return float(UNLIMITED)
    row = CallBucket.objects.filter(name=NAME).first()
    return about.most if row is None else about.refilled(row.left, now - row.at)


def spare(now: datetime, rank: Rank) -> int:
    """How many calls this rank may make right now, leaving to those before it what is theirs."""
    about = bucket()
    return UNLIMITED if about is None else about.spare(left(now), rank)


def back_at(now: datetime) -> datetime:
    """When there will be a call again for a person who asks; `now` while there is one."""
    about = bucket()
    return now if about is None else now + about.wait_for(1, left(now))


def drain(now: datetime, asked_for: timedelta | None = None) -> None:
    """Smartcar says that the bucket is empty, so it is, whatever we had counted; until when, it may say as well."""
    about = bucket()
    if about is None:
        return
    empty = min(0.0, 1 - asked_for.total_seconds() * about.per_second) if asked_for else 0.0
    with transaction.atomic():
        row = locked(now)
        row.left, row.at = min(empty, about.refilled(row.left, now - row.at)), max(now, row.at)
        row.save(update_fields=["left", "at"])


# ── the month of a car ──


def month_of(fleet: Fleet, now: datetime) -> date:
    return allowance.first_of(fleet.day(now))


def calls_a_month(fleet: Fleet) -> int:
    return Terms.of(fleet).calls_a_month or settings.SMARTCAR_CALLS_A_MONTH


def limits(fleet_ids: Iterable[int]) -> dict[int, int]:
    """The calls a month of each of these fleets, in one query."""
    ids = set(fleet_ids)
    own = Terms.objects.filter(fleet_id__in=ids).exclude(calls_a_month=None)
    return dict.fromkeys(ids, settings.SMARTCAR_CALLS_A_MONTH) | dict(own.values_list("fleet_id", "calls_a_month"))


def used(vehicle: Vehicle, now: datetime) -> int:
    """The calls made for this car in its fleet's present month."""
    return vehicle.month_calls if vehicle.month == month_of(vehicle.fleet, now) else 0


def month_left(vehicle: Vehicle, rank: Rank, *, limit: int, now: datetime) -> Month:
    """What this rank may still use of the car's month. The vehicle comes with its fleet."""
    ends = allowance.next_month(vehicle.fleet.day(now), vehicle.fleet.zone)
    return Month(max(0, allowance.month_limit(limit, rank) - used(vehicle, now)), ends)


def count(vehicles: Iterable[Vehicle], calls: int, *, now: datetime) -> None:
    """Count calls for each of these cars in its fleet's month."""
    months: dict[date, list[int]] = {}
    for vehicle in vehicles:
        month = month_of(vehicle.fleet, now)
        vehicle.month_calls = (vehicle.month_calls if vehicle.month == month else 0) + calls
        vehicle.month = month
        months.setdefault(month, []).append(vehicle.pk)
    for month, pks in months.items():
        rows = Vehicle.objects.filter(pk__in=pks)
        rows.filter(month=month).update(month_calls=F("month_calls") + calls)
        rows.exclude(month=month).update(month=month, month_calls=calls)
