"""What people say of a meter, and what follows for the plan: whatever rested on a reading is weighed anew at once."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from maintenance import punctuality, review, standins
from maintenance.models import DueItem, KeptStart, ServiceRecord, Snooze
from maintenance.watching import again
from vehicles.domain import segments
from vehicles.domain.signals import Signal
from vehicles.models import Reading, Segment, Standing, Vehicle
from vehicles.waist import meters, witness
from vehicles.waist.witness import CannotSay, Said

__all__ = ["CannotSay", "Said", "confirm", "deny", "replace", "rescind", "restore", "type_in", "unconfirm", "void"]
Done = TypeVar("Done")


def type_in(vehicle: Vehicle, dash_km: float, *, at: datetime, said: Said) -> Reading:
    return correcting(vehicle, lambda: witness.type_in(vehicle, dash_km, at=at, said=said), said)


def void(reading: Reading, said: Said) -> None:
    """Take a reading back. One that was typed with a job goes with that job alone."""
    job = ServiceRecord.objects.standing().filter(reading=reading, odometer_is_stand_in=False).first()
    if job is not None:
        named = f"{job.task.name.lower()} on {job.done_on:%-d %b %Y}"
        raise CannotSay(f"It was typed with {named}. Take that job back, and log it anew.")
    correcting(reading.vehicle, lambda: witness.void(reading, said), said)


def restore(reading: Reading, said: Said) -> None:
    correcting(reading.vehicle, lambda: witness.restore(reading, said), said, reading)


def confirm(reading: Reading, said: Said) -> None:
    """From now on it serves the jobs that it was typed with, and no longer as a doubtful one."""

    def act() -> None:
        witness.confirm(reading, said)
        ServiceRecord.objects.filter(reading=reading).update(odometer_is_doubted=False)

    correcting(reading.vehicle, act, said)


def unconfirm(reading: Reading, said: Said) -> None:
    correcting(reading.vehicle, lambda: witness.unconfirm(reading, said), said)


def replace(vehicle: Vehicle, *, begins_at: datetime, offset_km: float, said: Said) -> Segment:
    return correcting(
        vehicle, lambda: witness.replace(vehicle, begins_at=begins_at, offset_km=offset_km, said=said), said
    )


def rescind(segment: Segment, said: Said) -> None:
    correcting(segment.vehicle, lambda: witness.rescind(segment, said), said)


def deny(vehicle: Vehicle, *, wrong: str, said: Said) -> int:
    return correcting(vehicle, lambda: witness.deny(vehicle, wrong=wrong, said=said), said)


@transaction.atomic
def correcting(vehicle: Vehicle, act: Callable[[], Done], said: Said, restored: Reading | None = None) -> Done:
    """Do it, carry every odometer of the plan over to the segments that now stand, and judge the vehicle anew."""
    locked = Vehicle.objects.select_for_update(no_key=True, of=("self",)).select_related("fleet").get(pk=vehicle.pk)
    before = meters.segments_of([vehicle.pk]).get(vehicle.pk, ())
    done = act()
    after = meters.segments_of([vehicle.pk]).get(vehicle.pk, ())
    if before != after:
        carry_over(locked, before, after)
    touched = standins.choose_again(locked, restored=restored)
    again.fold(locked, Signal.ODOMETER, now=said.now)
    review.review([vehicle.pk], now=said.now, by=said.by)
    punctuality.write_after(touched, locked, now=said.now)
    return done


def carry_over(vehicle: Vehicle, before: meters.Segments, after: meters.Segments) -> None:
    """Plans hold true distance: what was read in a segment moves with its offset."""

    def moved(km: float, at: datetime) -> float:
        return round(km + segments.offset_at(after, at) - segments.offset_at(before, at), 1)

    records = list(ServiceRecord.objects.filter(vehicle=vehicle, odometer_km__isnull=False).select_related("reading"))
    for record in records:
        record.odometer_km = moved(record.odometer_km, record.reading.at if record.reading else record.done_at)
    ServiceRecord.objects.bulk_update(records, ["odometer_km"], batch_size=200)
    for model in (DueItem, KeptStart):
        starts = model.objects.filter(vehicle=vehicle, anchor_km__isnull=False, anchor_on__isnull=False)
        starts = list(starts.select_related("anchor_reading"))
        for start in starts:
            noon, taken = standins.noon(start.anchor_on, vehicle.fleet.zone), start.anchor_reading
            start.anchor_km = moved(start.anchor_km, noon if taken is None else taken.at)
        model.objects.bulk_update(starts, ["anchor_km"], batch_size=200)
    once = list(DueItem.objects.filter(vehicle=vehicle, once_km__isnull=False, once_at__isnull=False))
    for item in once:
        item.once_km = moved(item.once_km, item.once_at)
    DueItem.objects.bulk_update(once, ["once_km"], batch_size=200)
    snoozes = list(Snooze.objects.filter(vehicle=vehicle, until_km__isnull=False))
    for snooze in snoozes:  # “for 500 km more” was counted from the reading of that moment
        snooze.until_km = moved(snooze.until_km, known_at(vehicle, snooze.set_at))
    Snooze.objects.bulk_update(snoozes, ["until_km"], batch_size=200)


def known_at(vehicle: Vehicle, moment: datetime) -> datetime:
    """When the odometer that people saw at that moment was measured; the moment itself where none is left."""
    seen = Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER, at__lte=moment, received_at__lte=moment)
    seen = seen.filter(standing=Standing.ACCEPTED)
    return seen.order_by("-at").values_list("at", flat=True).first() or moment
