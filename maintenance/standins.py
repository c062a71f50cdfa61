"""A completion without an odometer uses the nearest reading instead, and says so."""

from datetime import datetime

from maintenance.models import ServiceRecord
from vehicles.domain.signals import Signal
from vehicles.models import Reading, Standing


def find(vehicle_id: int, at: datetime) -> Reading | None:
    """The last accepted reading at or before the job's moment, else the first after it."""
    accepted = Reading.objects.filter(vehicle_id=vehicle_id, signal=Signal.ODOMETER, standing=Standing.ACCEPTED)
    return accepted.filter(at__lte=at).order_by("-at", "-number").first() or accepted.order_by("at", "number").first()


def fill(vehicle_ids: list[int]) -> None:
    """Give records that found no reading at their entry the first one that came since."""
    without = ServiceRecord.objects.standing().filter(vehicle_id__in=vehicle_ids, odometer_km=None)
    for record in without:
        if reading := find(record.vehicle_id, record.done_at):
            record.odometer_km, record.odometer_is_stand_in, record.reading = reading.number, True, reading
            record.save(update_fields=["odometer_km", "odometer_is_stand_in", "reading"])
