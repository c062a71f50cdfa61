"""Write an order down, once, however often it is sent."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction

from fleet.owners.models import Fleet, User
from maintenance.models import OrderLine, OrderStep, WorkOrder
from maintenance.orders import finding, numbering
from maintenance.orders.subjects import Subject
from maintenance.refusals import Refused
from vehicles.models import Vehicle


@dataclass(frozen=True, slots=True)
class Written:
    """`order` is None when all that was asked for stands in `others` already: orders that are open now."""

    order: WorkOrder | None
    others: list[WorkOrder] = field(default_factory=list)


def write(
    fleet: Fleet,
    vehicle: Vehicle,
    subjects: list[Subject],
    *,
    by: User,
    assignee: User | None,
    planned_on: date | None,
    notes: str,
    key: str,
    now: datetime,
) -> Written:
    """A new order of this vehicle. What an open order holds already is left to it, and the order is named.

    The same `key` twice is one order.
    """
    if any(subject.vehicle_id not in (0, vehicle.pk) for subject in subjects):
        raise Refused("", "An order is about one vehicle. Write one for each.")
    if not subjects:
        raise Refused("", "Choose at least one job.")
    key = f"{fleet.pk}-{key}"[:64]
    order = WorkOrder(
        fleet=fleet,
        vehicle=vehicle,
        assignee=assignee,
        planned_on=planned_on,
        notes=notes,
        key=key,
        created_by=str(by)[:120],
        created_at=now,
    )
    try:
        return put(order, subjects)
    except IntegrityError:  # somebody wrote the same order, or one of its lines, in this very moment
        return put(order, subjects)


@transaction.atomic
def put(order: WorkOrder, subjects: list[Subject]) -> Written:
    if known := WorkOrder.objects.filter(key=order.key).first():
        return Written(known)
    finding.follow(order.vehicle_id)
    held = finding.open_lines(
        items={subject.item.pk for subject in subjects if subject.item},
        faults={subject.fault.pk for subject in subjects if subject.fault},
        alerts={subject.alert.pk for subject in subjects if subject.alert},
    )
    others = list({line.order_id: line.order for line in held}.values())
    free = [subject for subject in subjects if not is_held(subject, held)]
    if others and not any(subject.vehicle_id for subject in free):
        return Written(None, others)  # words alone, typed beside what is held, belong on that order's sheet
    order.pk = None
    order.number = numbering.next_number(order.fleet_id)
    order.save(force_insert=True)
    lines = [subject.line(place) for place, subject in enumerate(free)]
    for line in lines:
        line.order = order
    OrderLine.objects.bulk_create(lines)
    OrderStep.objects.create(order=order, what="written", by_name=order.created_by, at=order.created_at)
    if order.assignee is not None:
        note = f"to {order.assignee}"[:200]
        OrderStep.objects.create(order=order, what="assigned", note=note, by_name=order.created_by, at=order.created_at)
    return Written(order, others)


def is_held(subject: Subject, held: list[OrderLine]) -> bool:
    for line in held:
        if subject.item and line.item_id == subject.item.pk:
            return True
        if subject.fault and line.fault_id == subject.fault.pk:
            return True
        if subject.alert and line.alert_id == subject.alert.pk:
            return True
    return False
