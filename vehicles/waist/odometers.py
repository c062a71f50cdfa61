"""Odometer readings are judged against each other: one that cannot be driven is kept, shown, and not believed."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Q

from vehicles.domain import meter, segments
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Reading, Standing, Vehicle
from vehicles.waist import copies, meters
from vehicles.waist.arriving import Arriving, Heard


def odd_ones(arrivals: list[Arriving], gauges: dict) -> dict[int, datetime | None]:
    """The vehicles whose new readings do not simply go on from the gauge, each with the time to judge it anew from.

    None is from the beginning: where something is suspect already, what comes now may decide about it.
    """
    by_vehicle = defaultdict(list)
    for reading in arrivals:
        by_vehicle[reading.vehicle_id].append(reading)
    taken_back = Q(standing=Standing.VOID, at__in={reading.at for reading in arrivals})  # a void covers later echoes
    doubted = set(
        Reading.objects.filter(Q(standing=Standing.SUSPECT) | taken_back)
        .filter(vehicle_id__among=by_vehicle, signal=Signal.ODOMETER)
        .values_list("vehicle_id", flat=True)
        .distinct()
    )
    replaced = meters.segments_of(by_vehicle)
    odd: dict[int, datetime | None] = {}
    for pk, readings in by_vehicle.items():
        if pk in doubted:
            odd[pk] = None
        elif pk in replaced or not goes_on(readings, gauges, pk):
            odd[pk] = start_of_doubt(pk, min(readings, key=lambda reading: reading.at), replaced.get(pk, ()))
    return odd


LOOK_BACK = 4  # accepted readings; a step back is weighed against three


def start_of_doubt(pk: int, earliest: Arriving, replaced: meters.Segments = ()) -> datetime | None:
    """From where the earliest of the new readings can change anything, in a history without a suspect.

    That is a few readings before it, and below the plateau that it may stand on. A late delivery is judged against
    its neighbours so, not against a year. Where the meter was replaced, only the figures of one dash are compared.
    """
    began = [segment.begins_at for segment in replaced if segment.begins_at <= earliest.at]
    below = Reading.objects.filter(
        vehicle_id=pk,
        signal=Signal.ODOMETER,
        standing=Standing.ACCEPTED,
        at__lt=earliest.at,
        number__lt=earliest.number - 2 * meter.STANDING_STILL_KM,
    ).order_by("-at")
    if replaced:
        below = below.filter(at__gte=max(began)) if began else below
    return below.values_list("at", flat=True)[LOOK_BACK - 1 : LOOK_BACK].first()


def unheard(echoes: list[Arriving]) -> list[Arriving]:
    """Those that only look like an echo: on a plateau the gauge shows its highest value at the newest time.

    And those that came before what is stored of them.
    """
    if not echoes:
        return []
    stored: dict[tuple, tuple] = {}
    told = Reading.objects.filter(
        vehicle_id__in={r.vehicle_id for r in echoes}, signal=Signal.ODOMETER, at__in={r.at for r in echoes}
    )
    for pk, at, digest, *receipt in told.values_list("vehicle_id", "at", "digest", "received_at", "sequence"):
        stored[pk, at, digest] = copies.receipt(*receipt)
    return [r for r in echoes if is_first(r, stored.get((r.vehicle_id, r.at, r.digest)))]


def is_first(echo: Arriving, stored: tuple | None) -> bool:
    return stored is None or copies.receipt(echo.received_at, echo.sequence) < stored


def without_echoes(readings: list[Arriving], gauges: dict) -> list[Arriving]:
    """Without a measured time an equal value is an echo, and brings no news; one of an earlier time than the gauge
    is, and may make an echo of what the gauge shows."""
    unmeasured = [r for r in readings if r.measured_at is None and r.signal == Signal.ODOMETER]
    if not unmeasured:
        return readings
    replaced = meters.segments_of({reading.vehicle_id for reading in unmeasured})
    echoes = set()
    for reading in unmeasured:
        gauge = gauges.get((reading.vehicle_id, Signal.ODOMETER.value))
        if gauge is not None and gauge.at < reading.at:
            km = segments.true_km(replaced.get(reading.vehicle_id, ()), reading.number, reading.at)
            if (meters.dash_of(gauge), gauge.number) == (reading.number, km):
                echoes.add(id(reading))
    return [reading for reading in readings if id(reading) not in echoes]


def goes_on(readings: list[Arriving], gauges: dict, pk: int) -> bool:
    last = gauges.get((pk, Signal.ODOMETER.value))
    for reading in sorted(readings, key=lambda r: r.at):
        if reading.standing != Standing.ACCEPTED:
            return False
        if last is not None and (reading.at <= last.at or reading.number < last.number):
            return False
        if last is not None and not meter.is_plausible_next(dated(last), dated(reading)):
            return False
        last = reading
    return True


def refold(odd: dict[int, datetime | None], gauges: dict) -> set[int]:
    """Judge the readings of these vehicles together and turn their gauges to the result. Returns those that moved."""
    replaced, questions = meters.segments_of(odd), {}
    history = {}
    for pk, start in odd.items():
        rows = Reading.objects.filter(vehicle_id=pk, signal=Signal.ODOMETER).order_by("at", "pk")
        history[pk] = list(rows if start is None else rows.filter(at__gte=start))

    changed, moved = [], set()
    for pk, readings in history.items():
        standings = meter.judge([dated(reading) for reading in readings], replaced.get(pk, ()))
        questions[pk] = meter.asks_from(standings)
        for reading, standing in zip(readings, standings, strict=True):
            if reading.standing != standing.belief:
                reading.standing = standing.belief.value
                changed.append(reading)
        best = meter.current(standings)
        newest = None if best is None else readings[standings.index(best)]
        if turn(pk, newest, best.value if best else None, gauges, replaced.get(pk, ())):
            moved.add(pk)
    Reading.objects.bulk_update(changed, ["standing"], batch_size=500)
    return moved | {reading.vehicle_id for reading in changed} | ask(questions)


def ask(questions: dict[int, datetime | None]) -> set[int]:
    """Was the meter replaced? Asked, or asked no more. Those for whom that is news."""
    before = dict(Vehicle.objects.filter(pk__in=questions).values_list("pk", "meter_asked_at"))
    news = {pk for pk, at in before.items() if questions[pk] != at}
    for pk in news:
        Vehicle.objects.filter(pk=pk).update(meter_asked_at=questions[pk])
    return news


def turn(pk: int, newest: Reading | None, km: float | None, gauges: dict, replaced: meters.Segments) -> bool:
    """Show the newest accepted reading; `km` is what it counts as: true distance, the highest of its plateau."""
    key = (pk, Signal.ODOMETER.value)
    before = gauges.get(key)
    if newest is None:
        if before is not None:
            Gauge.objects.filter(vehicle_id=pk, signal=Signal.ODOMETER).delete()
            del gauges[key]
        return before is not None
    told = ("at", "measured_at", "fetched_at", "received_at", "sequence", "source")
    offset_km = segments.offset_at(replaced, newest.at)
    detail = {"dash": round(km - offset_km, 1)} if offset_km else None
    values = {name: getattr(newest, name) for name in told} | {"number": km, "detail": detail}
    if before is not None and (before.at, before.number, before.detail) == (newest.at, km, detail):
        return False  # it may have been heard again since, which the reading does not know
    gauges[key], _ = Gauge.objects.update_or_create(vehicle_id=pk, signal=Signal.ODOMETER, defaults=values)
    return True


def dated(told: Heard | Gauge) -> meter.Dated:
    return meter.Dated(
        at=told.at,
        fetched_at=told.fetched_at,
        sequence=told.sequence,
        value=told.number,
        received_at=told.received_at,
        void=getattr(told, "standing", None) == Standing.VOID,
        measured=told.measured_at is not None,
        vouched=getattr(told, "vouched", False),
        aside=getattr(told, "aside", False),
    )
