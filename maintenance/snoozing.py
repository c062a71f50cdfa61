"""Somebody asks an item to keep still for a while. Its verdict goes on as ever; only its alerts wait."""

from datetime import date, datetime

from django.db import transaction

from fleet.owners.models import User
from maintenance import review
from maintenance.domain.snoozed import capped
from maintenance.models import DueItem, Policy, Snooze
from maintenance.refusals import Refused
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Vehicle


@transaction.atomic
def snooze(
    item: DueItem, *, by: User, until_on: date | None, for_km: float | None, reason: str, now: datetime
) -> Snooze:
    """Quiet until a day or for a distance from now, whichever comes first; one that stands already gives way."""
    Vehicle.objects.select_for_update(no_key=True).get(pk=item.vehicle_id)
    fleet = item.vehicle.fleet
    policy, today = Policy.of(fleet), fleet.day(now)
    if not reason.strip():
        raise Refused("reason", "Say why it can wait; whoever comes next will ask.")
    if until_on is not None and until_on <= today:
        raise Refused("until_on", "Choose a day after today.")
    if until_on is not None and (until_on - today).days > policy.snooze_days:
        raise Refused("until_on", f"At most {policy.snooze_days} days from today.")
    if for_km is not None and not 0 < for_km <= policy.snooze_km:
        raise Refused("for_km", "Longer than this fleet allows, or not a distance.")
    odometer = Gauge.objects.filter(vehicle_id=item.vehicle_id, signal=Signal.ODOMETER).first()
    on, km = capped(
        until_on=until_on,
        for_km=for_km,
        today=today,
        odometer_km=odometer.number if odometer else None,
        most_days=policy.snooze_days,
        most_km=policy.snooze_km,
    )
    item.refresh_from_db(fields=["status"])
    end(item, why="replaced", now=now)
    made = Snooze.objects.create(
        fleet_id=item.fleet_id,
        vehicle_id=item.vehicle_id,
        task_id=item.task_id,
        item=item,
        until_on=on,
        until_km=km,
        reason=reason.strip()[:200],
        status=item.status,
        by=by,
        by_name=str(by)[:120],
        set_at=now,
    )
    review.review([item.vehicle_id], now=now)
    return made


@transaction.atomic
def wake(item: DueItem, *, now: datetime) -> None:
    """Hear of it again at once."""
    Vehicle.objects.select_for_update(no_key=True).get(pk=item.vehicle_id)
    end(item, why="woken", now=now)
    review.review([item.vehicle_id], now=now)


def end(item: DueItem, *, why: str, now: datetime) -> None:
    standing = Snooze.objects.filter(vehicle_id=item.vehicle_id, task_id=item.task_id, ended_at=None)
    standing.update(ended_at=now, ended_why=why)
