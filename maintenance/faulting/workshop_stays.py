"""Vehicles that are in the workshop: what their codes say now is of the work, so it waits."""

from collections.abc import Iterable

from maintenance.models import WorkOrder
from vehicles.domain.signals import Signal
from vehicles.models import Gauge


def staying(vehicle_ids: Iterable[int]) -> set[int]:
    """Those that say so themselves, and those on which somebody works."""
    ids = list(vehicle_ids)
    say = Gauge.objects.filter(vehicle_id__among=ids, signal=Signal.IN_SERVICE, detail=True)
    worked_on = WorkOrder.objects.filter(vehicle_id__among=ids, state=WorkOrder.State.WORKING)
    return set(say.values_list("vehicle_id", flat=True)) | set(worked_on.values_list("vehicle_id", flat=True))
