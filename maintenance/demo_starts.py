"""Last services of the demo that its sandbox keeps no log of, as a manager would have told them."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from fleet.owners.models import Fleet, Role
from maintenance.anchors import Start, set_starts
from maintenance.domain.plan import AnchorKind
from maintenance.furnishing import TASKS
from maintenance.models import DueItem, ServiceRecord
from vehicles.domain.signals import Signal
from vehicles.models import Gauge


def tell(fleet: Fleet, *, now: datetime) -> int:
    """How many were told; a few nobody remembers, and those stand on the list of unknown ones."""
    done = ServiceRecord.objects.standing().filter(vehicle=OuterRef("vehicle"), task=OuterRef("task"))
    items = DueItem.objects.for_fleet(fleet).standing().filter(~Exists(done), anchor=AnchorKind.UNKNOWN)
    items = items.exclude(task__key__in=TASKS.values())
    items = list(items.filter(line__isnull=False).select_related("vehicle__fleet", "task", "line").order_by("pk"))
    gauges = Gauge.objects.filter(vehicle__fleet=fleet, signal=Signal.ODOMETER)
    odometers = dict(gauges.values_list("vehicle_id", "number"))
    told = []
    for number, item in enumerate(items):
        odometer, line = odometers.get(item.vehicle_id), item.line
        if odometer is None or number % 17 == 5:
            continue
        share = (number * 0.37) % 0.94  # spread over the interval, some of it close to its end
        on = fleet.day(now) - timedelta(days=round(share * 30.4 * (line.every_months or 24)) + 1)
        km = max(0.0, odometer - share * line.every_km) if line.every_km else max(0.0, odometer - share * 40_000)
        told.append(Start(item.vehicle, item.task, AnchorKind.KNOWN, on, round(km, 1)))
    set_starts(told, by=fleet.memberships.filter(role=Role.MANAGER).first().user, now=now)
    return len(told)
