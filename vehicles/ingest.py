"""THE WAIST. Every value from a car or a person becomes a Reading and a Gauge here, whatever brought it.

Any order and any duplication of the same facts ends in the same gauges, faults and capabilities: nothing below
looks at what arrived first, only at what the values say of themselves.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from vehicles import episodes, odometers
from vehicles.domain import acceptance
from vehicles.domain.measurements import Gap, Identity, Measurement, Snapshot, Why
from vehicles.domain.signals import CATALOGUE, Shape, Signal
from vehicles.models import Capability, Gauge, Reading, Source, Standing, Vehicle

GAUGE_FIELDS = ["number", "detail", "at", "measured_at", "fetched_at", "received_at", "sequence", "source"]


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


@transaction.atomic
def stand(reading: Reading, standing: Standing, *, now: datetime) -> None:
    """Give an odometer reading another standing, and judge all others of its vehicle with it."""
    Vehicle.objects.select_for_update(no_key=True).get(pk=reading.vehicle_id)
    Reading.objects.filter(pk=reading.pk).update(standing=standing)
    gauges = {(g.vehicle_id, g.signal): g for g in Gauge.objects.filter(vehicle_id=reading.vehicle_id)}
    odometers.refold({reading.vehicle_id: None}, gauges)
    Vehicle.objects.filter(pk=reading.vehicle_id).update(review_after=now)


@transaction.atomic
def record_all(arrivals: list[Arrival], *, now: datetime) -> None:
    """Take many snapshots in, in a handful of queries. Wakes the review of every vehicle that it touched."""
    ids = sorted({arrival.vehicle_id for arrival in arrivals})
    # Two batches with the same car go one after the other, or the older gauge could be written last.
    vehicles = {v.pk: v for v in Vehicle.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    arrivals = [arrival for arrival in arrivals if arrival.vehicle_id in vehicles]
    readings, gaps = read(arrivals)
    gauges = {(g.vehicle_id, g.signal): g for g in Gauge.objects.filter(vehicle_id__in=ids)}

    fresh, echoes = [], []
    for reading in readings:
        known = is_echo(reading, gauges.get((reading.vehicle_id, reading.signal)))
        (echoes if known else fresh).append(reading)
    fresh += odometers.unheard([r for r in echoes if r.signal == Signal.ODOMETER])
    stored = [r for r in fresh if CATALOGUE[Signal(r.signal)].shape is not Shape.TEXT]
    odd = odometers.odd_ones([r for r in stored if r.signal == Signal.ODOMETER], gauges)
    Reading.objects.bulk_create(stored, ignore_conflicts=True, batch_size=2_000)

    moved = turn_gauges([r for r in fresh if not (r.signal == Signal.ODOMETER and r.vehicle_id in odd)], gauges)
    moved |= odometers.refold(odd, gauges)
    moved |= episodes.refold([r for r in stored if r.signal == Signal.TROUBLE_CODES], vehicles)
    moved |= learn(readings, gaps, gauges, ids)
    identify(arrivals, gauges, vehicles)
    see(arrivals, moved, now)


def read(arrivals: list[Arrival]) -> tuple[list[Reading], list[tuple[Arrival, Gap]]]:
    """Each measurement as an unsaved Reading, once; what cannot be true becomes a gap with its reason."""
    readings: dict[tuple, Reading] = {}
    gaps = []
    for arrival in arrivals:
        gaps += [(arrival, gap) for gap in arrival.snapshot.gaps]
        for measurement in arrival.snapshot.measurements:
            if measurement.signal is Signal.LOCATION:  # where a car was is nobody's business here
                continue
            if why := acceptance.refusal(measurement):
                gaps.append((arrival, Gap(measurement.signal, Why.REFUSED, why)))
                continue
            reading = as_reading(arrival, measurement)
            key = (reading.vehicle_id, reading.signal, reading.at, reading.digest)
            twin = readings.get(key)
            if twin is None or (reading.sequence or 0) > (twin.sequence or 0):
                readings[key] = reading
    return list(readings.values()), gaps


def as_reading(arrival: Arrival, measurement: Measurement) -> Reading:
    value = measurement.value
    number = round(float(value), 1) if CATALOGUE[measurement.signal].shape is Shape.NUMBER else None
    at = acceptance.counts_for(measurement, arrival.received_at)
    if measurement.signal is Signal.ODOMETER and measurement.measured_at is not None:
        at = measurement.measured_at  # one from the future keeps its time, by which it is suspect for good
    suspect = at > arrival.received_at + acceptance.CLOCK_SLACK
    return Reading(
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


def digest(value) -> str:
    return hashlib.sha256(acceptance.canonical(value).encode()).hexdigest()[:16]


def is_echo(reading: Reading, gauge: Gauge | None) -> bool:
    """Whether the gauge says exactly this already: the same value of the same moment."""
    if gauge is None or gauge.at != reading.at:
        return False
    ours, theirs = newness_of(gauge), newness_of(reading)
    return ours[-1] == theirs[-1] and ours >= theirs


def newness_of(told: Reading | Gauge) -> tuple:
    return acceptance.newness(told.at, told.sequence, told.fetched_at, told.value)


def turn_gauges(readings: list[Reading], gauges: dict) -> set[int]:
    """Turn each gauge to the newest accepted reading. The vehicles whose gauges moved."""
    newest: dict[tuple, Reading] = {}
    for reading in readings:
        if reading.standing != Standing.ACCEPTED:
            continue
        key = (reading.vehicle_id, reading.signal)
        best = newest.get(key) or gauges.get(key)
        if best is None or newness_of(reading) > newness_of(best):
            newest[key] = reading
    write_gauges(newest, gauges)
    return {vehicle_id for vehicle_id, _ in newest}


def write_gauges(readings: dict[tuple, Reading], gauges: dict) -> None:
    """Store these readings as gauges and keep `gauges` in step."""
    rows = []
    for (vehicle_id, signal), reading in readings.items():
        values = {name: getattr(reading, name) for name in GAUGE_FIELDS}
        rows.append(Gauge(vehicle_id=vehicle_id, signal=signal, **values))
        gauges[vehicle_id, signal] = rows[-1]
    Gauge.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["vehicle", "signal"], update_fields=GAUGE_FIELDS, batch_size=2_000
    )


HEARD_AGAIN = timedelta(hours=1)  # the same answer again is noted no finer than this: it comes with every delivery
SETTLED = (Capability.State.GIVEN, Capability.State.UNSUPPORTED, Capability.State.NOT_PERMITTED)


def weight(state: str, at: datetime) -> tuple:
    """Which of two answers stands: a settled one over a failed try, then the newer, then the value over the gap."""
    return (state in SETTLED, at, state == Capability.State.GIVEN, state)


def learn(readings: list[Reading], gaps: list[tuple[Arrival, Gap]], gauges: dict, ids: list[int]) -> set[int]:
    """Keep what each vehicle can tell, and why not. The vehicles that taught us something."""
    news: dict[tuple, tuple] = {}
    told = [(r.vehicle_id, r.signal, r.received_at, Capability.State.GIVEN.value, "") for r in readings]
    told += [(a.vehicle_id, gap.signal.value, a.received_at, gap.why.value, gap.note[:120]) for a, gap in gaps]
    for vehicle_id, signal, at, state, note in told:
        key = (vehicle_id, signal)
        if key not in news or weight(state, at) > weight(*news[key][:2]):
            news[key] = (state, at, note)

    known = {(c.vehicle_id, c.signal): c for c in Capability.objects.filter(vehicle_id__in=ids)}
    changed, heard = [], []
    for key, (state, at, note) in news.items():
        row = known.get(key)
        if row is None:
            row = Capability(vehicle_id=key[0], signal=key[1])
        elif weight(row.state, last_word(row, gauges)) >= weight(state, at):
            continue
        elif (row.state, row.note) == (state, note):
            if at - last_word(row, gauges) >= HEARD_AGAIN:
                row.checked_at = at
                heard.append(row)
            continue
        row.state, row.note, row.since, row.checked_at = state, note, at, at
        changed.append(row)
    Capability.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["vehicle", "signal"],
        update_fields=["state", "note", "since", "checked_at"],
        batch_size=2_000,
    )
    Capability.objects.bulk_update(heard, ["checked_at"], batch_size=500)
    return {row.vehicle_id for row in changed}


def last_word(row: Capability, gauges: dict) -> datetime:
    """When the answer was last heard. A given signal's is its gauge's, which spares a write with every value."""
    gauge = gauges.get((row.vehicle_id, row.signal))
    if row.state == Capability.State.GIVEN and gauge is not None:
        return max(row.checked_at, gauge.received_at)
    return row.checked_at


def identify(arrivals: list[Arrival], gauges: dict, vehicles: dict[int, Vehicle]) -> None:
    """Fill in what kind of car it is, where a person has not said."""
    seen: dict[int, Identity] = {a.vehicle_id: a.snapshot.identity for a in arrivals if a.snapshot.identity}
    for pk, vehicle in vehicles.items():
        wanted = {}
        if identity := seen.get(pk):
            pairs = {"make": identity.make, "model": identity.model, "year": identity.year}
            pairs["powertrain"] = identity.powertrain
            wanted = {name: value for name, value in pairs.items() if value and not getattr(vehicle, name)}
        vin = gauges.get((pk, Signal.VIN.value))
        if vin is not None and vehicle.vin != vin.detail:
            wanted["vin"] = vin.detail[:20]
        if wanted:
            Vehicle.objects.filter(pk=pk).update(**wanted)


def see(arrivals: list[Arrival], moved: set[int], now: datetime) -> None:
    """Note that the cars were heard of, and wake the review of those that said something new."""
    heard: dict[datetime, list[int]] = defaultdict(list)
    for pk in {a.vehicle_id for a in arrivals}:
        heard[max(a.received_at for a in arrivals if a.vehicle_id == pk)].append(pk)
    by_webhook = {a.vehicle_id for a in arrivals if a.source == Source.WEBHOOK}
    for at, pks in heard.items():
        unseen = Vehicle.objects.filter(pk__in=pks)
        unseen.filter(Q(seen_at=None) | Q(seen_at__lt=at)).update(seen_at=at)
        told = [pk for pk in pks if pk in by_webhook]
        unseen.filter(pk__in=told).filter(Q(seen_by_webhook_at=None) | Q(seen_by_webhook_at__lt=at)).update(
            seen_by_webhook_at=at
        )
    Vehicle.objects.filter(pk__in=moved).update(review_after=now)
