"""Everything derived of a vehicle, made once more from what it told: the proof that nothing hangs on how it came.

What is built on: the stored readings; the bodies that are still kept; of signals that pass, the gauge itself unless
its body is there; and of a kind of nothing, which leaves no reading, the answer that stands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Max, QuerySet

from vehicles.domain import acceptance
from vehicles.domain.signals import Signal
from vehicles.models import (
    Capability,
    DealerRecord,
    Delivery,
    Fault,
    Gauge,
    Light,
    Mention,
    Reading,
    Source,
    Standing,
    Vehicle,
)
from vehicles.post import opening
from vehicles.waist import dealers, episodes, gauges, ingest, learning, meters, odometers, refrains

BATCH = 200
NOTHING = "nothing"
NOT_FOR_EYES = (Signal.VIN, Signal.LOCATION)
Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that did not come out as it was stored."""

    what: str
    stored: str
    rebuilt: str

    def __str__(self) -> str:
        return f"{self.what}: stored {self.stored}, rebuilt {self.rebuilt}"


def rebuild(vehicle: Vehicle, *, now: datetime) -> list[Difference]:
    """Make gauges, standings, faults, capabilities and dealer records anew, and tell what came out otherwise.

    Inside of the caller's transaction, who rolls it back where it is only a check.
    """
    locked = Vehicle.objects.select_for_update(no_key=True).filter(pk=vehicle.pk)
    refrains.end(locked)
    vehicle = locked.get()
    before = facts(vehicle.pk)
    from_readings(vehicle)
    for batch in batches(kept_for(vehicle)):
        ingest.record_all(arrivals(vehicle, batch), now=now)
    return compare(before, facts(vehicle.pk))


def from_readings(vehicle: Vehicle) -> None:
    told = gauges.of([vehicle.pk])
    forget(told, vehicle)
    ids = [vehicle.pk]
    known = gauges.of(ids)
    gauges.turn(list(newest_readings(vehicle.pk)), known)
    odometers.refold({vehicle.pk: None}, known)
    episodes.refold_all(vehicle)
    give_back_receipts(told, known)
    drop_invented(vehicle.pk, known)
    heard = Reading.objects.filter(vehicle=vehicle).values_list("signal").annotate(last=Max("received_at"))
    words = [(vehicle.pk, signal, last, learning.GIVEN, "") for signal, last in heard.order_by()]
    learning.learn(words, known, {vehicle.pk: vehicle})
    dealers.take([reading_of(gauge) for gauge in known.values() if gauge.signal == Signal.SERVICE_RECORDS])


def forget(told: dict, vehicle: Vehicle) -> None:
    """Gauges go, but for those that are all there is: of these only the ones that a kept body will bring again."""
    sent = {g.received_at for g in told.values() if g.signal in ingest.PASSING and g.source == Source.WEBHOOK}
    here = {
        at
        for kept in kept_for(vehicle)
        for at in kept.filter(received_at__in=sent).values_list("received_at", flat=True)
    }
    gone = [g.signal for g in told.values() if g.signal not in ingest.PASSING or g.received_at in here]
    Gauge.objects.filter(vehicle=vehicle, signal__in=gone).delete()


def newest_readings(vehicle_id: int) -> Iterator[Reading]:
    """Of each signal all accepted readings of its last moment; odometers are judged apart."""
    accepted = Reading.objects.filter(vehicle_id=vehicle_id, standing=Standing.ACCEPTED)
    latest = accepted.exclude(signal=Signal.ODOMETER).values_list("signal").annotate(last=Max("at")).order_by()
    for signal, last in latest:
        yield from accepted.filter(signal=signal, at=last)


def give_back_receipts(told: dict, known: dict) -> None:
    """A gauge may have heard its value again, later than the reading came that it shows: that is no difference."""
    same, otherwise = {}, []
    for key, was in told.items():
        gauge = known.get(key)
        if gauge is None or gauge.at != was.at:
            continue
        if acceptance.canonical(gauge.value) == acceptance.canonical(was.value):
            same[key] = was
        else:
            otherwise.append((key, was))
    for key, was in otherwise:  # of two values of one moment the one that was heard louder stands
        stored = Reading.objects.filter(vehicle_id=key[0], signal=key[1], at=was.at, standing=Standing.ACCEPTED)
        louder = gauges.is_newer(was, known[key])
        if key[1] != Signal.ODOMETER and louder and stored.filter(digest=ingest.digest(was.value)).exists():
            same[key] = was
    gauges.write(same, known)


def drop_invented(vehicle_id: int, known: dict) -> None:
    """Given, says the row, and nothing was ever given."""
    told = set(Reading.objects.filter(vehicle_id=vehicle_id).values_list("signal", flat=True).order_by().distinct())
    told |= {signal for _, signal in known} | ingest.PASSING
    given = Capability.objects.filter(vehicle_id=vehicle_id, state=Capability.State.GIVEN)
    given.exclude(signal__in=told).delete()


def reading_of(gauge: gauges.Told) -> Reading:
    return Reading(vehicle_id=gauge.vehicle_id, signal=gauge.signal, **{n: getattr(gauge, n) for n in gauges.FIELDS})


def kept_for(vehicle: Vehicle) -> list[QuerySet]:
    """The bodies that this vehicle took in, alone and among others."""
    if not vehicle.smartcar_id:  # retired: its name is free, and may be another fleet's by now
        return []
    named = Mention.objects.filter(fleet=vehicle.fleet_id, smartcar_id=vehicle.smartcar_id, over=False)
    opened = Delivery.objects.filter(opened_at__isnull=False).order_by("pk")
    alone = opened.filter(fleet=vehicle.fleet_id, smartcar_id=vehicle.smartcar_id, state=Delivery.State.DONE)
    return [alone, opened.filter(pk__in=named.values("delivery_id"))]


def arrivals(vehicle: Vehicle, deliveries: list[Delivery]) -> list[ingest.Arrival]:
    return [
        ingest.Arrival(vehicle.pk, event.snapshot, Source.WEBHOOK, delivery.received_at)
        for delivery in deliveries
        for event in opening.opened(delivery) or ()
        if event.snapshot is not None and event.vehicle_id == vehicle.smartcar_id and not event.test
    ]


def batches(querysets: list[QuerySet]) -> Iterator[list[Delivery]]:
    deliveries = chain.from_iterable(queryset.iterator(BATCH) for queryset in querysets)
    while batch := list(islice(deliveries, BATCH)):
        yield batch


def facts(vehicle_id: int) -> dict[str, str]:
    """All that is derived, by name. How often a value was heard again is not a part of it."""
    found = {}
    for gauge in Gauge.objects.filter(vehicle_id=vehicle_id):
        value = ingest.digest(gauge.value) if gauge.signal in NOT_FOR_EYES else acceptance.canonical(gauge.value)
        dash = f", dash {meters.dash_of(gauge)}" if meters.is_replaced(gauge) else ""
        found[f"gauge {gauge.signal}"] = f"{value} at {gauge.at.isoformat()}{dash}"
    if asked_at := Vehicle.objects.filter(pk=vehicle_id).values_list("meter_asked_at", flat=True).first():
        found["was the meter replaced"] = asked_at.isoformat()
    for reading in Reading.objects.filter(vehicle_id=vehicle_id).iterator(2_000):
        found[f"reading {reading.signal} {reading.at.isoformat()} {reading.digest}"] = reading.standing
    for fault in Fault.objects.filter(vehicle_id=vehicle_id):
        told = [f"{name} {getattr(fault, name)}" for name in episodes.FIELDS]
        found[f"fault {fault.code} {fault.occurrence}"] = ", ".join(told)
    for light in Light.objects.filter(vehicle_id=vehicle_id):
        told = [f"{name} {getattr(light, name)}" for name in episodes.FIELDS]
        found[f"light {light.signal} {light.occurrence}"] = ", ".join(told)
    for row in Capability.objects.filter(vehicle_id=vehicle_id):
        found[f"capability {row.signal}"] = row.state
    for row in DealerRecord.objects.filter(vehicle_id=vehicle_id):
        told = [str(getattr(row, name)) for name in dealers.FIELDS]
        found[f"dealer record {row.their_id or row.content}"] = ", ".join(told)
    return found


def compare(before: dict[str, str], after: dict[str, str]) -> list[Difference]:
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return [Difference(name, before.get(name, NOTHING), after.get(name, NOTHING)) for name in names]


def try_out(deed: Callable[[], Said]) -> Said:
    """Do it, keep what it says, and leave no trace of it."""
    with transaction.atomic():
        said = deed()
        transaction.set_rollback(True)
    return said
