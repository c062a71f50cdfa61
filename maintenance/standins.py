"""Where nobody typed an odometer, the nearest reading stands in; once chosen it stays chosen."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from maintenance.domain.plan import AnchorKind
from maintenance.ledger import Done, Item
from maintenance.models import DueItem, KeptStart, ServiceRecord
from vehicles.domain.signals import Signal
from vehicles.models import Reading, Standing, Vehicle
from vehicles.waist import meters


def find(vehicle_id: int, at: datetime) -> Reading | None:
    """The last accepted reading at or before the job's moment, else the first after it."""
    accepted = Reading.objects.filter(vehicle_id=vehicle_id, signal=Signal.ODOMETER, standing=Standing.ACCEPTED)
    return accepted.filter(at__lte=at).order_by("-at", "-number").first() or accepted.order_by("at", "number").first()


def fill(records: Iterable[Done]) -> None:
    """Give records that found no reading at their entry the first one that came since."""
    for one in records:
        if one.odometer_km is None and (reading := find(one.vehicle_id, one.done_at)):
            one.odometer_km, one.odometer_is_stand_in = true_km(reading), True
            told = {"odometer_km": one.odometer_km, "odometer_is_stand_in": True, "reading": reading}
            ServiceRecord.objects.filter(pk=one.pk).update(**told)


def true_km(reading: Reading) -> float:
    """What it says of the distance, whatever the dash showed."""
    return meters.to_true(reading.vehicle_id, reading.number, reading.at)


NEAR = timedelta(days=30)


def fill_anchors(items: Iterable[Item], zones: Mapping[int, tzinfo]) -> None:
    """Give anchors without an odometer the reading nearest to their day, or the first that comes. `zones` by vehicle.

    A known last service takes none that is further than a month away: then its distance is unknown until typed.
    """
    found: dict[tuple[int, datetime], Reading | None] = {}  # a day's start of all tasks is one reading
    for item in items:
        if item.anchor_km is not None or item.anchor_on is None or item.anchor == AnchorKind.UNKNOWN:
            continue
        at = noon(item.anchor_on, zones[item.vehicle_id])
        if (item.vehicle_id, at) not in found:
            found[item.vehicle_id, at] = nearest(item.vehicle_id, at)
        reading = found[item.vehicle_id, at]
        if reading is None or (item.anchor == AnchorKind.KNOWN and abs(reading.at - at) > NEAR):
            continue
        item.anchor_km = true_km(reading)
        DueItem.objects.filter(pk=item.pk).update(anchor_km=item.anchor_km, anchor_reading=reading)


def nearest(vehicle_id: int, at: datetime) -> Reading | None:
    """The accepted reading closest in time."""
    accepted = Reading.objects.filter(vehicle_id=vehicle_id, signal=Signal.ODOMETER, standing=Standing.ACCEPTED)
    sides = (accepted.filter(at__lte=at).order_by("-at").first(), accepted.filter(at__gt=at).order_by("at").first())
    return min((side for side in sides if side), key=lambda reading: abs(reading.at - at), default=None)


def choose_again(vehicle: Vehicle, *, restored: Reading | None = None) -> list[ServiceRecord]:
    """Whatever stood in and is believed no more is chosen anew. `restored` stands in again where it would have from the
    beginning: where it came no later than what stands in now, or than what it stands in for was said.

    Returns the jobs whose odometer is another one now.
    """
    changed = []
    records = ServiceRecord.objects.standing().filter(vehicle=vehicle, odometer_is_stand_in=True)
    for record in records.select_related("reading"):
        found = find(vehicle.pk, record.done_at)
        if is_other(found, record.reading, restored, record.created_at):
            record.reading, record.odometer_is_stand_in = found, found is not None
            record.odometer_km = None if found is None else true_km(found)
            record.save(update_fields=["reading", "odometer_km", "odometer_is_stand_in"])
            changed.append(record)
    for model in (DueItem, KeptStart):
        starts = model.objects.filter(vehicle=vehicle, anchor_reading__isnull=False, anchor_on__isnull=False)
        for start in starts.select_related("anchor_reading"):
            found = nearest(vehicle.pk, noon(start.anchor_on, vehicle.fleet.zone))
            if is_other(found, start.anchor_reading, restored, start.anchor_at):  # the next review finds it
                start.anchor_km = start.anchor_reading = None
                start.save(update_fields=["anchor_km", "anchor_reading"])
    return changed


def is_other(found: Reading | None, taken: Reading | None, restored: Reading | None, said_at: datetime | None) -> bool:
    if found == taken:
        return False
    if taken is None or taken.standing != Standing.ACCEPTED:
        return True
    if restored is None or found != restored:
        return False
    return restored.received_at <= max(filter(None, (said_at, taken.received_at)))


def noon(day: date, zone) -> datetime:
    """A bare date counts at local noon."""
    return datetime.combine(day, time(12), tzinfo=zone)
