"""Which alerts of codes, lights and campaigns should be open, for a batch of vehicles in a few queries."""

from dataclasses import dataclass
from datetime import datetime

from maintenance.domain import lamps
from maintenance.faulting import spreads, workshop_stays
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Alert, Spread
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Fault, Light, Vehicle


@dataclass(frozen=True, slots=True)
class Wished:
    """One alert by its key, how grave it is, since when, and whether that was so at enrolment. `waits`: the vehicle is
    in the workshop, so what is not open yet is opened afterwards, if it still stands then."""

    key: tuple[int, str, str, str]
    severity: str
    since: datetime
    first: bool
    waits: bool = False


def of(vehicles: list[Vehicle], faults: list[Fault], *, now: datetime) -> list[Wished]:
    """All of these vehicles. `faults` are their open ones."""
    by_pk = {vehicle.pk: vehicle for vehicle in vehicles}
    held_spreads = spreads.held_by(vehicles)
    book = Rulebook({by_pk[f.vehicle_id].fleet_id for f in faults} | {spread.fleet_id for spread in held_spreads})
    open_spreads = spreads.spot(vehicles, faults, held_spreads, book, now=now)
    lights = list(Light.objects.open().filter(vehicle_id__among=by_pk))
    since = told_since([*faults, *lights])
    held = workshop_stays.staying({row.vehicle_id for row in (*faults, *lights)}) if faults or lights else set()

    wished = []
    for fault in faults:
        vehicle = by_pk[fault.vehicle_id]
        ruled = book.read(fault.code, vehicle)
        spread = open_spreads.get(spreads.group(vehicle, fault.code))
        if ruled.is_ignored or (spread is not None and fault.opened_at >= spread.began_at):
            continue
        first = is_first(fault, since.get((fault.vehicle_id, Signal.TROUBLE_CODES.value)))
        key = (fault.vehicle_id, Alert.Kind.FAULT.value, fault.code, f"episode-{fault.occurrence}")
        wished.append(Wished(key, ruled.severity, fault.opened_at, first, fault.vehicle_id in held))
    for light in lights:
        first = is_first(light, since.get((light.vehicle_id, light.signal)))
        key = (light.vehicle_id, Alert.Kind.LIGHT.value, light.signal, f"episode-{light.occurrence}")
        wished.append(Wished(key, lamps.severity(light.signal), light.opened_at, first, light.vehicle_id in held))
    carried = [spread for spread in open_spreads.values() if spread.carrier_id in by_pk]
    return wished + [of_spread(spread) for spread in carried]


def of_spread(spread: Spread) -> Wished:
    subject = f"{spread.code} {spread.make} {spread.model}"[:60]
    key = (spread.carrier_id, Alert.Kind.CAMPAIGN.value, subject, f"spread-{spread.pk}")
    return Wished(key, spread.level, spread.ripe_at, False)


def told_since(rows: list[Fault | Light]) -> dict[tuple, datetime]:
    """Since when each signal of these is given by its vehicle."""
    ids = {row.vehicle_id for row in rows}
    signals = {row.signal for row in rows if isinstance(row, Light)} | {Signal.TROUBLE_CODES.value}
    given = Capability.objects.filter(vehicle_id__among=ids, signal__in=signals, state=Capability.State.GIVEN)
    return {(pk, signal): since for pk, signal, since in given.values_list("vehicle_id", "signal", "since")}


def is_first(row: Fault | Light, told: datetime | None) -> bool:
    """What stood there when the car was first read is the state at enrolment, not news."""
    return told is None or row.opened_at <= told
