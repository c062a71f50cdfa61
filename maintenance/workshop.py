"""The verbs of people with tools."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from fleet.owners.models import Membership, Role, User
from maintenance import review, standins
from maintenance.models import DueItem, ServiceRecord
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import Reading, Source, Standing
from vehicles.waist import ingest


class Refused(Exception):
    """Cannot be so; `field` names what was typed, `message` tells the person."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field, self.message = field, message


def complete(
    item: DueItem, *, by: User, done_on: date, odometer_km: float | None, notes: str, key: str, now: datetime
) -> ServiceRecord:
    """Write down that the work was done, and judge the vehicle anew. The same `key` twice is one completion."""
    if known := ServiceRecord.objects.filter(key=key, vehicle_id=item.vehicle_id).first():
        if known.voided_at is not None:
            raise Refused("", "This form was sent before and taken back. Open it anew to log the work again.")
        return known
    try:
        with transaction.atomic():
            return write_down(item, by=by, done_on=done_on, odometer_km=odometer_km, notes=notes, key=key, now=now)
    except IntegrityError:
        return ServiceRecord.objects.get(key=key, vehicle_id=item.vehicle_id)


def write_down(
    item: DueItem, *, by: User, done_on: date, odometer_km: float | None, notes: str, key: str, now: datetime
) -> ServiceRecord:
    vehicle = item.vehicle
    fleet = vehicle.fleet
    if done_on > fleet.day(now):
        raise Refused("done_on", "This day is still to come.")
    done_at = min(standins.noon(done_on, fleet.zone), now)
    if odometer_km is not None:
        check_neighbours(item, done_on, odometer_km)
    record = ServiceRecord(
        fleet_id=item.fleet_id,
        vehicle=vehicle,
        task_id=item.task_id,
        done_on=done_on,
        done_at=done_at,
        notes=notes,
        by=by,
        by_name=str(by)[:120],
        key=key,
        created_at=now,
    )
    if odometer_km is not None:
        record.reading = typed(vehicle, odometer_km, at=done_at, now=now)
        record.odometer_km = odometer_km
    elif reading := standins.find(vehicle.pk, done_at):
        record.reading, record.odometer_km, record.odometer_is_stand_in = reading, reading.number, True
    record.save(force_insert=True)
    review.review([vehicle.pk], now=now)
    return record


def check_neighbours(item: DueItem, done_on: date, odometer_km: float) -> None:
    """The odometer of a job lies between those of the jobs before and after it."""
    others = ServiceRecord.objects.standing().filter(
        vehicle_id=item.vehicle_id, task_id=item.task_id, odometer_km__isnull=False, odometer_is_stand_in=False
    )
    before = others.filter(done_on__lt=done_on, odometer_km__gt=odometer_km).order_by("-odometer_km").first()
    if before:
        raise Refused("odometer_km", f"Less than at the same job on {before.done_on:%d %b %Y}. Check the dash.")
    after = others.filter(done_on__gt=done_on, odometer_km__lt=odometer_km).order_by("odometer_km").first()
    if after:
        raise Refused("odometer_km", f"More than at the same job on {after.done_on:%d %b %Y}. Check the date.")


def typed(vehicle, odometer_km: float, *, at: datetime, now: datetime) -> Reading:
    """Pass a typed odometer through the waist. One that the car cannot have driven is asked for again."""
    value = round(odometer_km, 1)
    doubted = suspects(vehicle)
    ingest.record(
        vehicle, [Measurement(Signal.ODOMETER, value, measured_at=at, fetched_at=now)], source=Source.BENCH, now=now
    )
    reading = (
        Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER, at=at, number=value).order_by("-pk").first()
    )
    # Typed for noon, it may stand before what the car said since: then it is the car that would be doubted.
    if reading is not None and reading.standing == Standing.VOID:  # typed, taken back, and typed again
        ingest.restore(reading, now=now)
        reading.refresh_from_db()
    if reading is None or reading.standing == Standing.SUSPECT or suspects(vehicle) - doubted:
        raise Refused("odometer_km", "This does not fit the readings around that day. Check the dash and the date.")
    return reading


def suspects(vehicle) -> set[int]:
    doubtful = Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER, standing=Standing.SUSPECT)
    return set(doubtful.values_list("pk", flat=True))


@transaction.atomic
def void(record: ServiceRecord, *, by: User, now: datetime) -> None:
    """Take a completion back: its own, or any for a manager. The verdict becomes what it was before."""
    record = ServiceRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if record.voided_at is not None:
        return
    if record.by_id != by.pk and not manages(by, record.fleet_id):
        raise Refused("", "Only the person who logged it, or a manager, may take it back.")
    record.voided_at, record.voided_by = now, by
    record.save(update_fields=["voided_at", "voided_by"])
    others = ServiceRecord.objects.standing().filter(reading_id=record.reading_id)
    if record.reading_id and record.reading.source == Source.BENCH and not others.exists():
        ingest.void(record.reading, now=now)
    review.review([record.vehicle_id], now=now)


def manages(user: User, fleet_id: int) -> bool:
    return Membership.objects.filter(user=user, fleet_id=fleet_id, role=Role.MANAGER).exists()
