"""The vehicle list: every car with its light."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from fleet.kit.units import show_distance
from fleet.owners.models import Membership
from maintenance.boards import gauges, pages
from maintenance.boards.ages import Age
from maintenance.domain.status import Status
from maintenance.domain.why import Explanation
from maintenance.models import DueItem
from vehicles.boards import reach
from vehicles.boards.reach import Reach
from vehicles.domain import codes
from vehicles.domain.signals import Signal
from vehicles.models import Fault, Vehicle


@dataclass(frozen=True, slots=True)
class Row:
    vehicle: Vehicle
    light: str
    odometer: str
    age: Age | None
    lack: str
    faults: int
    critical: int
    next: DueItem | None
    why: Explanation | None
    reach: Reach


def board(member: Membership, *, q: str, page: str, now: datetime) -> dict:
    found = Vehicle.objects.seen_by(member).active().called(q).select_related("connection")
    leaf = pages.leaf(found.order_by("name", "pk"), page, {"q": q})
    return {"q": q, "page": leaf, "rows": rows(leaf.rows, member, now), "here": "vehicles"}


def rows(vehicles: list[Vehicle], member: Membership, now: datetime) -> list[Row]:
    ids = [vehicle.pk for vehicle in vehicles]
    readings = gauges.of(ids)
    first: dict[int, DueItem] = {}
    for item in DueItem.objects.filter(vehicle_id__in=ids).select_related("task").by_urgency():
        first.setdefault(item.vehicle_id, item)
    held: dict[int, list[codes.Severity]] = defaultdict(list)
    for pk, code in Fault.objects.open().filter(vehicle_id__in=ids).values_list("vehicle_id", "code"):
        held[pk].append(codes.explain(code).severity)
    reaches = reach.of(vehicles, now)
    return [
        row(vehicle, first.get(vehicle.pk), held[vehicle.pk], readings, reaches[vehicle.pk], member, now)
        for vehicle in vehicles
        if vehicle.pk in reaches
    ]


def row(
    vehicle: Vehicle,
    item: DueItem | None,
    severities: list,
    readings: gauges.Readings,
    reached: Reach,
    member: Membership,
    now: datetime,
) -> Row:
    gauge = readings.gauges.get((vehicle.pk, Signal.ODOMETER.value))
    return Row(
        vehicle=vehicle,
        light=light(item, severities, reached),
        odometer=show_distance(gauge.number, member.fleet.units) if gauge else "",
        age=readings.age(vehicle.pk, now, Signal.ODOMETER.value),
        lack=readings.lack(vehicle.pk),
        faults=len(severities),
        critical=severities.count(codes.Severity.CRITICAL),
        next=item,
        why=readings.explain(item, member.fleet, now) if item else None,
        reach=reached,
    )


def light(item: DueItem | None, severities: list, reached: Reach) -> str:
    """The worst of what is known; a car that cannot be leant on is never green."""
    status = Status(item.status) if item else Status.UNKNOWN
    if codes.Severity.CRITICAL in severities:
        return "critical"
    if status is Status.OK and severities:
        return "warning"
    if status is Status.OK and not reached.counts:
        return "unknown"
    return status.value
