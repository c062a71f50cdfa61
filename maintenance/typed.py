"""An odometer that somebody typed with a job: held against the other jobs and against what the car said."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from maintenance.models import ServiceRecord, Task
from maintenance.refusals import ABOVE, DOUBTED, Asked, Refused
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import MeterNote, Reading, Source, Standing, Vehicle
from vehicles.waist import ingest, meters

What = MeterNote.What
ONE_VISIT_KM = 100  # how far apart two odometers of one visit may be


def check_neighbours(
    vehicle: Vehicle, task: Task, done_on: date, odometer_km: float, confirmed: Collection[str], *, part: bool = False
) -> None:
    """The odometer of a job lies between those of the same job before and after it. `part`: of a larger job."""
    others = ServiceRecord.objects.standing().filter(
        vehicle=vehicle, task=task, odometer_km__isnull=False, odometer_is_stand_in=False
    )
    name = f"{task.name.lower()}, which is part of this job," if part else "the same job"
    before = others.filter(done_on__lt=done_on, odometer_km__gt=odometer_km).order_by("-odometer_km").first()
    if before:
        raise Refused("odometer_km", f"Less than at {name} on {before.done_on:%-d %b %Y}. Check the dash.")
    after = others.filter(done_on__gt=done_on, odometer_km__lt=odometer_km).order_by("odometer_km").first()
    if after and ABOVE not in confirmed:
        said = f"More than at {name} on {after.done_on:%-d %b %Y}. Check the dash and the date."
        raise Asked(ABOVE, "odometer_km", said)


class Doubtful(Exception):
    """With this reading stored, the car's own would be doubted."""


def take(
    vehicle: Vehicle,
    odometer_km: float,
    *,
    at: datetime,
    now: datetime,
    since: datetime | None = None,
    confirmed: Collection[str] = (),
) -> tuple[Reading | None, bool]:
    """Pass a typed odometer through the waist. The reading, and whether it is doubted. `since`: when the visit began.

    One that does not fit is asked for again. Confirmed, it serves its job, and is kept as a doubted reading; what the
    car says is never doubted for it.
    """
    value = round(odometer_km, 1)
    if held := of_this_visit(vehicle, value, since or at, at):
        return held, False
    try:
        with transaction.atomic():
            reading, others = store(vehicle, value, at=at, now=now)
            if others:
                raise Doubtful
    except Doubtful:
        reading = None
    if reading is not None and reading.standing != Standing.SUSPECT:
        return reading, False
    if DOUBTED not in confirmed:
        said = "This does not fit the readings around that day. Check the dash and the date."
        raise Asked(DOUBTED, "odometer_km", said)
    return reading or set_aside(vehicle, value, at=at, now=now), True


def set_aside(vehicle: Vehicle, value: float, *, at: datetime, now: datetime) -> Reading:
    """Kept where the meter page shows it, for a person to confirm or to take back."""
    ingest.put_aside(vehicle, Measurement(Signal.ODOMETER, value, measured_at=at, fetched_at=now), now=now)
    return Reading.objects.get(vehicle=vehicle, signal=Signal.ODOMETER, at=at, number=value)


def of_this_visit(vehicle: Vehicle, value: float, since: datetime, at: datetime) -> Reading | None:
    """Jobs of one day are one visit, at its highest odometer: a lower one adds nothing."""
    return (
        Reading.objects.filter(
            vehicle=vehicle,
            signal=Signal.ODOMETER,
            at__gte=since,
            at__lte=at,
            source=Source.BENCH,
            standing=Standing.ACCEPTED,
            number__gte=value,
            number__lte=value + ONE_VISIT_KM,
        )
        .order_by("-number")
        .first()
    )


def store(vehicle: Vehicle, value: float, *, at: datetime, now: datetime) -> tuple[Reading, set[int]]:
    """The reading as the waist keeps it, and those of the car that would be doubted because of it."""
    doubted = suspects(vehicle)
    told = Measurement(Signal.ODOMETER, value, measured_at=at, fetched_at=now)
    ingest.record(vehicle, [told], source=Source.BENCH, now=now)
    same = Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER, at=at, number=value)
    reading = same.order_by("-pk").first()
    if reading is None:
        raise Refused("odometer_km", "No odometer stands there. Check the figures.")
    if reading.standing == Standing.VOID:  # typed, taken back, and typed again
        ingest.restore(reading, now=now)
        reading.refresh_from_db()
    # A lower one typed for the same moment gives way to this one; that is no doubt about the car.
    typed_then = Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER, at=at, source=Source.BENCH)
    return reading, suspects(vehicle) - doubted - set(typed_then.values_list("pk", flat=True))


def suspects(vehicle: Vehicle) -> set[int]:
    doubtful = Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER, standing=Standing.SUSPECT)
    return set(doubtful.values_list("pk", flat=True))


def take_back(record: ServiceRecord, *, now: datetime) -> None:
    """The reading of a voided job goes, unless somebody stands for it without the job, or another job of the visit
    was typed with the same figure."""
    reading = record.reading
    if reading is None or reading.source != Source.BENCH or record.odometer_is_stand_in or is_said_apart(reading):
        return
    others = list(
        ServiceRecord.objects.standing().filter(reading=reading, odometer_is_stand_in=False).order_by("-odometer_km")
    )
    dash = {other.pk: meters.to_dash(record.vehicle_id, other.odometer_km, reading.at) for other in others}
    if reading.number in dash.values():
        return
    ingest.void(reading, now=now)
    for other in others:
        other.reading, _ = take(record.vehicle, dash[other.pk], at=reading.at, now=now, confirmed=(DOUBTED,))
        other.save(update_fields=["reading"])


def is_said_apart(reading: Reading) -> bool:
    """Whether somebody typed or restored it as a reading of the meter; what a job brought has no such note."""
    last = reading.notes.filter(what__in=(What.TYPED, What.RESTORED, What.VOIDED)).last()
    return last is not None and last.what != What.VOIDED
