"""Where nobody typed an odometer, the nearest reading stands in; once chosen it stays chosen."""

from datetime import date, datetime, time, timedelta

from maintenance.domain.plan import AnchorKind
from maintenance.models import DueItem, ServiceRecord
from vehicles.domain.signals import Signal
from vehicles.models import Reading, Standing
from vehicles.waist import meters


def find(vehicle_id: int, at: datetime) -> Reading | None:
    """The last accepted reading at or before the job's moment, else the first after it."""
    accepted = Reading.objects.filter(vehicle_id=vehicle_id, signal=Signal.ODOMETER, standing=Standing.ACCEPTED)
    return accepted.filter(at__lte=at).order_by("-at", "-number").first() or accepted.order_by("at", "number").first()


def fill(vehicle_ids: list[int]) -> None:
    """Give records that found no reading at their entry the first one that came since."""
    without = ServiceRecord.objects.standing().filter(vehicle_id__in=vehicle_ids, odometer_km=None)
    for record in without:
        if reading := find(record.vehicle_id, record.done_at):
            record.odometer_km, record.odometer_is_stand_in, record.reading = true_km(reading), True, reading
            record.save(update_fields=["odometer_km", "odometer_is_stand_in", "reading"])


def true_km(reading: Reading) -> float:
    """What it says of the distance, whatever the dash showed."""
    return meters.to_true(reading.vehicle_id, reading.number, reading.at)


NEAR = timedelta(days=30)


def fill_anchors(vehicle_ids: list[int]) -> None:
    """Give anchors without an odometer the reading nearest to their day, or the first that comes.

    A known last service takes none that is further than a month away: then its distance is unknown until typed.
    """
    without = DueItem.objects.select_related("vehicle__fleet").filter(
        vehicle_id__in=vehicle_ids, anchor_km=None, anchor_on__isnull=False
    )
    for item in without.exclude(anchor=AnchorKind.UNKNOWN):
        reading = nearest(item.vehicle_id, noon(item.anchor_on, item.vehicle.fleet.zone))
        if reading is None or (item.anchor == AnchorKind.KNOWN and not is_near(reading, item)):
            continue
        item.anchor_km = true_km(reading)
        item.save(update_fields=["anchor_km"])


def nearest(vehicle_id: int, at: datetime) -> Reading | None:
    """The accepted reading closest in time."""
    accepted = Reading.objects.filter(vehicle_id=vehicle_id, signal=Signal.ODOMETER, standing=Standing.ACCEPTED)
    sides = (accepted.filter(at__lte=at).order_by("-at").first(), accepted.filter(at__gt=at).order_by("at").first())
    return min((side for side in sides if side), key=lambda reading: abs(reading.at - at), default=None)


def is_near(reading: Reading, item: DueItem) -> bool:
    return abs(reading.at - noon(item.anchor_on, item.vehicle.fleet.zone)) <= NEAR


def noon(day: date, zone) -> datetime:
    """A bare date counts at local noon."""
    return datetime.combine(day, time(12), tzinfo=zone)
