"""What people say of a meter, each written down with who and why. The cars' readings are judged anew after each.

Every one of these runs inside of the caller's transaction, with the vehicle locked.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from fleet.owners.models import User
from vehicles.domain import meter, segments
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import MeterNote, Reading, Segment, Source, Standing, Vehicle
from vehicles.waist import ingest, meters, odometers

What = MeterNote.What


class CannotSay(Exception):
    """What a person said cannot be so; in words for them, and the field it is about."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.message, self.field = message, field


@dataclass(frozen=True, slots=True)
class Said:
    """Who says it, why, and when."""

    by: User
    reason: str
    now: datetime


@dataclass(frozen=True, slots=True)
class StepBack:
    """What the question rests on: the last reading above, the first one below, and all above and below it."""

    last_high: Reading
    first_low: Reading
    highs: list[Reading]
    lows: list[Reading]
    high_true_km: float

    @property
    def offset_km(self) -> float:
        """As if nothing was driven between the two: a person may know better."""
        return segments.offset_from(true_before_km=self.high_true_km, dash_after_km=self.first_low.number)


def type_in(vehicle: Vehicle, dash_km: float, *, at: datetime, said: Said) -> Reading:
    """A figure read off the dash. It is judged as any other; no source outranks another."""
    if at > said.now:
        raise CannotSay("This moment is still to come.", "on")
    value = round(dash_km, 1)
    told = [Measurement(Signal.ODOMETER, value, measured_at=at, fetched_at=said.now)]
    ingest.record(vehicle, told, source=Source.BENCH, now=said.now)
    reading = Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER, at=at, number=value).first()
    if reading is None:
        raise CannotSay("No odometer stands there. Check the figures.", "odometer_km")
    if reading.standing == Standing.VOID:  # typed, taken back, and typed again
        ingest.restore(reading, now=said.now)
        reading.refresh_from_db()
    note(vehicle, What.TYPED, said, reading=reading)
    return reading


def void(reading: Reading, said: Said) -> None:
    if reading.standing == Standing.VOID:
        return
    ingest.void(reading, now=said.now)
    note(reading.vehicle, What.VOIDED, said, reading=reading)


def restore(reading: Reading, said: Said) -> None:
    if reading.standing != Standing.VOID:
        return
    ingest.restore(reading, now=said.now)
    note(reading.vehicle, What.RESTORED, said, reading=reading)


def confirm(reading: Reading, said: Said) -> None:
    """A doubted reading is right. The others that then cannot be are doubted in its place, two of them at most."""
    if reading.standing != Standing.SUSPECT:
        return
    before = accepted(reading.vehicle_id)
    ingest.vouch(reading, True, now=said.now)
    reading.refresh_from_db()
    if reading.standing != Standing.ACCEPTED:
        raise CannotSay("This one cannot be right: it claims a time after it came, or another stands at that moment.")
    doubted = len(before - accepted(reading.vehicle_id))
    if doubted > 2:
        raise CannotSay(
            f"With this one confirmed, {doubted} readings that are believed could not be. Take those back first,"
            " or say that the meter was replaced."
        )
    note(reading.vehicle, What.CONFIRMED, said, reading=reading)


def unconfirm(reading: Reading, said: Said) -> None:
    if not reading.vouched:
        return
    ingest.vouch(reading, False, now=said.now)
    note(reading.vehicle, What.DOUBTED, said, reading=reading)


def replace(vehicle: Vehicle, *, begins_at: datetime, offset_km: float, said: Said) -> Segment:
    """From this moment on the dash counts anew."""
    if begins_at > said.now:
        raise CannotSay("This moment is still to come.", "on")
    try:
        with transaction.atomic():
            segment = Segment.objects.create(
                fleet_id=vehicle.fleet_id,
                vehicle=vehicle,
                begins_at=begins_at,
                offset_km=round(offset_km, 1),
                reason=said.reason[:200],
                by_name=str(said.by)[:120],
                created_at=said.now,
            )
    except IntegrityError:
        raise CannotSay("Another replacement stands at this very moment. Take it back first.", "on") from None
    ingest.judge_anew(vehicle.pk, now=said.now)
    note(vehicle, What.REPLACED, said, segment=segment)
    return segment


def rescind(segment: Segment, said: Said) -> None:
    """The meter was not replaced then after all."""
    if segment.voided_at is not None:
        return
    segment.voided_at, segment.voided_by = said.now, str(said.by)[:120]
    segment.save(update_fields=["voided_at", "voided_by"])
    ingest.judge_anew(segment.vehicle_id, now=said.now)
    note(segment.vehicle, What.RESCINDED, said, segment=segment)


def deny(vehicle: Vehicle, *, wrong: str, said: Said) -> int:
    """The meter was not replaced: either the readings below are wrong ("low") or those above ("high"). They are
    taken back, each with a note. How many."""
    step = step_back(vehicle)
    if step is None:
        return 0
    gone = step.lows if wrong == "low" else step.highs
    Reading.objects.filter(pk__in=[reading.pk for reading in gone]).update(standing=Standing.VOID, vouched=False)
    ingest.judge_anew(vehicle.pk, now=said.now)
    MeterNote.objects.bulk_create(a_note(vehicle, What.VOIDED, said, reading=reading) for reading in gone)
    note(vehicle, What.NOT_REPLACED, said)
    return len(gone)


def offset_for(vehicle: Vehicle, at: datetime, dash_km: float) -> float:
    """What lets distance go on from the last believed reading before that moment."""
    held = Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER, standing=Standing.ACCEPTED)
    last = held.filter(at__lt=at).order_by("-at", "-number").first()
    if last is None:
        raise CannotSay("No reading before that moment is known. Say the distance to add instead.", "dash_km")
    true_km = meters.to_true(vehicle.pk, last.number, last.at)
    return segments.offset_from(true_before_km=true_km, dash_after_km=dash_km)


def step_back(vehicle: Vehicle) -> StepBack | None:
    """What the open question rests on; None if none is open."""
    if vehicle.meter_asked_at is None:
        return None
    held = Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER).exclude(standing=Standing.VOID)
    readings = list(held.order_by("at", "pk"))
    replaced = meters.segments_of([vehicle.pk]).get(vehicle.pk, ())
    standings = meter.judge([odometers.dated(reading) for reading in readings], replaced)
    asked_at, last = meter.asks_from(standings), meter.current(standings)
    if asked_at is None or last is None:
        return None
    pairs = list(zip(readings, standings, strict=True))
    low = next(standing for reading, standing in pairs if reading.at == asked_at and standing.replaced)
    lows = [r for r, s in pairs if s.belief is meter.Belief.SUSPECT and r.at >= asked_at and s.value < last.value]
    highs = [
        r for r, s in pairs if s.belief is meter.Belief.ACCEPTED and s.value >= low.value + meter.STANDING_STILL_KM
    ]
    return StepBack(
        last_high=readings[standings.index(last)],
        first_low=readings[standings.index(low)],
        highs=highs,
        lows=lows,
        high_true_km=last.value,
    )


def accepted(vehicle_id: int) -> set[int]:
    held = Reading.objects.filter(vehicle_id=vehicle_id, signal=Signal.ODOMETER, standing=Standing.ACCEPTED)
    return set(held.values_list("pk", flat=True))


def note(vehicle: Vehicle, what: What, said: Said, **about) -> None:
    a_note(vehicle, what, said, **about).save()


def a_note(vehicle: Vehicle, what: What, said: Said, **about) -> MeterNote:
    return MeterNote(
        fleet_id=vehicle.fleet_id,
        vehicle=vehicle,
        what=what,
        reason=said.reason[:200],
        by_name=str(said.by)[:120],
        at=said.now,
        **about,
    )
