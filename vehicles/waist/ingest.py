"""THE WAIST. Every value from a car or a person becomes a Reading and a Gauge here, whatever brought it.

Any order and any duplication of the same facts ends in the same gauges, faults and capabilities: nothing below
looks at what arrived first, only at what the values say of themselves.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from fleet.owners import pulse
from vehicles.domain import acceptance
from vehicles.domain.measurements import Gap, Identity, Measurement, Snapshot, Why
from vehicles.domain.signals import CATALOGUE, Shape, Signal
from vehicles.models import Reading, Source, Standing, Vehicle
from vehicles.waist import copies, dealers, episodes, gauges, learning, oddities, odometers, places, troubles
from vehicles.waist.arriving import Arriving

# Of these the gauge alone is kept: they turn by the minute or come whole each time, and their past mends no car.
PASSING = frozenset(
    {
        Signal.VIN,
        Signal.LOCATION,
        Signal.IS_ONLINE,
        Signal.IS_ASLEEP,
        Signal.IS_CHARGING,
        Signal.CABLE_CONNECTED,
        Signal.CHARGING_STATUS,
        Signal.SERVICE_RECORDS,
    }
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One snapshot on its way in: whose, from where, and when it reached us."""

    vehicle_id: int
    snapshot: Snapshot
    source: str
    received_at: datetime


def record(vehicle: Vehicle, measurements: Iterable[Measurement], *, source: Source, now: datetime) -> None:
    """Take measurements of one vehicle in."""
    record_all([Arrival(vehicle.pk, Snapshot(tuple(measurements)), source, now)], now=now)


def void(reading: Reading, *, now: datetime) -> None:
    """A person takes a reading back. It stays, shown as void, and nothing rests on it any more."""
    stand(reading, Standing.VOID, now=now)


def restore(reading: Reading, *, now: datetime) -> None:
    """A person says again what they took back."""
    stand(reading, Standing.ACCEPTED, now=now)


def vouch(reading: Reading, vouched: bool, *, now: datetime) -> None:
    """A person says that a doubted reading is right, or no longer says so."""
    stand(reading, Standing(reading.standing), vouched=vouched, now=now)


@transaction.atomic
def put_aside(vehicle: Vehicle, measurement: Measurement, *, now: datetime) -> None:
    """Keep an odometer that a person typed although it does not fit: doubted, and no other is doubted for it."""
    reading = as_reading(Arrival(vehicle.pk, Snapshot(), Source.BENCH, now), measurement)
    reading.standing, reading.aside = Standing.SUSPECT, True
    copies.keep([reading])
    held = Reading.objects.filter(vehicle=vehicle, signal=reading.signal, at=reading.at, digest=reading.digest)
    held.update(standing=Standing.SUSPECT, aside=True)


@transaction.atomic
def stand(reading: Reading, standing: Standing, *, vouched: bool = False, now: datetime) -> None:
    """Give an odometer reading another standing, and judge all others of its vehicle with it."""
    Vehicle.objects.select_for_update(no_key=True).get(pk=reading.vehicle_id)
    Reading.objects.filter(pk=reading.pk).update(standing=standing, vouched=vouched)
    judge_anew(reading.vehicle_id, now=now)


def judge_anew(vehicle_id: int, *, now: datetime) -> None:
    """All odometer readings of a vehicle, after a person said something of one or of the meter."""
    odometers.refold({vehicle_id: None}, gauges.of([vehicle_id]))
    Vehicle.objects.filter(pk=vehicle_id).update(review_after=now, pace_after=now)


@transaction.atomic
def record_all(arrivals: list[Arrival], *, now: datetime) -> None:
    """Take many snapshots in, in a handful of queries. Wakes the review of every vehicle that it touched."""
    ids = sorted({arrival.vehicle_id for arrival in arrivals})
    # Two batches with the same car go one after the other, or the older gauge could be written last.
    vehicles = {v.pk: v for v in Vehicle.objects.select_for_update(no_key=True).filter(pk__among=ids).order_by("pk")}
    arrivals = [arrival for arrival in arrivals if arrival.vehicle_id in vehicles]
    arrivals = without_places(arrivals, vehicles)
    readings, gaps = read(arrivals)
    known = gauges.of(ids)
    told, readings = readings, odometers.without_echoes(readings, known)

    fresh, echoes = [], []
    for reading in readings:
        heard = gauges.says(known.get((reading.vehicle_id, reading.signal)), reading)
        (echoes if heard else fresh).append(reading)
    gauges.hear_again(echoes, known)
    fresh += odometers.unheard([r for r in echoes if r.signal == Signal.ODOMETER])
    stored = copies.one_each([r for r in fresh if r.signal not in PASSING])
    odd = odometers.odd_ones([r for r in stored if r.signal == Signal.ODOMETER], known)
    copies.keep(stored)

    moved = gauges.turn([r for r in fresh if not (r.signal == Signal.ODOMETER and r.vehicle_id in odd)], known)
    judged = odometers.refold(odd, known)
    moved |= judged
    moved |= dealers.take([r for r in fresh if r.signal == Signal.SERVICE_RECORDS])
    polled = {a.vehicle_id for a in arrivals if a.source == Source.POLL}
    moved |= learning.learn(words(told, gaps), known, vehicles, polled)
    moved |= episodes.refold(stored, vehicles, known)
    identify(arrivals, known, vehicles)
    see(arrivals, moved, now)
    if judged:  # what is believed of the past has changed, and with it how much the car is driven
        Vehicle.objects.filter(pk__among=judged).update(pace_after=now)
    troubles.heard(ids, polled=polled, now=now)
    pulse.beat(car.fleet_id for car in vehicles.values())
    oddities.note("signal", {name for arrival in arrivals for name in arrival.snapshot.unknown}, now=now)
    oddities.note("error", {name for arrival in arrivals for name in arrival.snapshot.unknown_errors}, now=now)


def without_places(arrivals: list[Arrival], vehicles: dict[int, Vehicle]) -> list[Arrival]:
    """Where a car was is nobody's business, unless its fleet has said otherwise."""

    def place(told: Measurement | Gap) -> bool:
        return told.signal is Signal.LOCATION

    telling = [a for a in arrivals if any(map(place, (*a.snapshot.measurements, *a.snapshot.gaps)))]
    if not telling:
        return arrivals
    keepers = places.keepers(vehicles[arrival.vehicle_id].fleet_id for arrival in telling)
    kept = []
    for arrival in arrivals:
        if vehicles[arrival.vehicle_id].fleet_id not in keepers:
            told = arrival.snapshot
            measurements = tuple(m for m in told.measurements if not place(m))
            told = replace(told, measurements=measurements, gaps=tuple(gap for gap in told.gaps if not place(gap)))
            arrival = replace(arrival, snapshot=told)
        kept.append(arrival)
    return kept


def read(arrivals: list[Arrival]) -> tuple[list[Arriving], list[tuple[Arrival, Gap]]]:
    """Each measurement as a reading that is not stored yet; what cannot be true becomes a gap with its reason."""
    readings, gaps = [], []
    for arrival in arrivals:
        gaps += [(arrival, gap) for gap in arrival.snapshot.gaps]
        for measurement in arrival.snapshot.measurements:
            if why := acceptance.refusal(measurement):
                gaps.append((arrival, Gap(measurement.signal, Why.REFUSED, why)))
                continue
            readings.append(as_reading(arrival, measurement))
    return readings, gaps


def as_reading(arrival: Arrival, measurement: Measurement) -> Arriving:
    value = measurement.value
    number = round(float(value), 1) if CATALOGUE[measurement.signal].shape is Shape.NUMBER else None
    at = acceptance.counts_for(measurement, arrival.received_at)
    if measurement.signal is Signal.ODOMETER and measurement.measured_at is not None:
        at = measurement.measured_at  # one from the future keeps its time, by which it is suspect for good
    suspect = at > arrival.received_at + acceptance.CLOCK_SLACK
    return Arriving(
        vehicle_id=arrival.vehicle_id,
        signal=measurement.signal.value,
        number=number,
        detail=None if number is not None else value,
        at=at,
        measured_at=measurement.measured_at if at == measurement.measured_at else None,
        fetched_at=measurement.fetched_at,
        received_at=arrival.received_at,
        sequence=measurement.sequence,
        source=arrival.source,
        digest=digest(value if number is None else number),
        standing=Standing.SUSPECT if suspect else Standing.ACCEPTED,
    )


def words(readings: list[Arriving], gaps: list[tuple[Arrival, Gap]]) -> list[learning.Word]:
    """What these answers say of what their cars can tell."""
    given = [(r.vehicle_id, r.signal, r.received_at, learning.GIVEN, "") for r in readings]
    return given + [(a.vehicle_id, gap.signal.value, a.received_at, gap.why.value, gap.note) for a, gap in gaps]


def digest(value) -> str:
    return hashlib.sha256(acceptance.canonical(value).encode()).hexdigest()[:16]


def identify(arrivals: list[Arrival], known: dict, vehicles: dict[int, Vehicle]) -> None:
    """Fill in what kind of car it is, where a person has not said."""
    seen: dict[int, Identity] = {a.vehicle_id: a.snapshot.identity for a in arrivals if a.snapshot.identity}
    for pk, vehicle in vehicles.items():
        wanted = {}
        if identity := seen.get(pk):
            pairs = {"make": identity.make, "model": identity.model, "year": identity.year}
            pairs["powertrain"] = identity.powertrain
            wanted = {name: value for name, value in pairs.items() if value and not getattr(vehicle, name)}
        vin = known.get((pk, Signal.VIN.value))
        if vin is not None and vehicle.vin != vin.detail:
            wanted["vin"] = vin.detail[:20]
        if wanted:
            Vehicle.objects.filter(pk=pk).update(**wanted)


def see(arrivals: list[Arrival], moved: set[int], now: datetime) -> None:
    """Note that the cars were heard of, and wake the review of those that said something new."""
    heard: dict[datetime, list[int]] = defaultdict(list)
    newest: dict[int, datetime] = {}
    for arrival in arrivals:
        newest[arrival.vehicle_id] = max(arrival.received_at, newest.get(arrival.vehicle_id, arrival.received_at))
    for pk, at in newest.items():
        heard[at].append(pk)
    by_webhook = {a.vehicle_id for a in arrivals if a.source == Source.WEBHOOK}
    for at, pks in heard.items():
        unseen = Vehicle.objects.filter(pk__among=pks)
        unseen.filter(Q(seen_at=None) | Q(seen_at__lt=at)).update(seen_at=at)
        told = [pk for pk in pks if pk in by_webhook]
        unseen.filter(pk__in=told).filter(Q(seen_by_webhook_at=None) | Q(seen_by_webhook_at__lt=at)).update(
            seen_by_webhook_at=at
        )
    Vehicle.objects.filter(pk__among=moved).update(review_after=now)
