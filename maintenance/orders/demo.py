"""A few work orders of the demo fleet, one in each state, written and worked through the same doors as real ones."""

from datetime import datetime, timedelta

from fleet.owners.models import Fleet, Membership, Role
from maintenance.domain.orders import Move
from maintenance.domain.status import Status
from maintenance.models import DueItem, WorkOrder
from maintenance.orders import keeping, moving, settling, subjects, writing
from maintenance.orders.keeping import Typed
from vehicles.models import Fault

TOGETHER = 3  # jobs of one order at most


def orders(fleet: Fleet, *, now: datetime) -> int:
    """How many there are then. Once there are any, nothing is added."""
    if not WorkOrder.objects.for_fleet(fleet).exists():
        people = {role: Membership.objects.filter(fleet=fleet, role=role).order_by("pk").first() for role in Role}
        cars, manager, hand = jobs(fleet), people[Role.MANAGER], people[Role.TECHNICIAN]
        stories = (untaken, planned, begun, waiting, finished, dropped)
        for story, (vehicle, items) in zip(stories, cars, strict=False):
            story(lambda v=vehicle, i=items, **more: written(fleet, manager, v, items=i, **more), manager, hand, now)
        busy = [vehicle.pk for vehicle, _ in cars]
        fault = Fault.objects.for_fleet(fleet).open().exclude(vehicle__in=busy).order_by("-opened_at", "pk").first()
        if fault is not None:
            written(fleet, manager, fault.vehicle, faults=[fault.pk], now=now - timedelta(hours=5))
    return WorkOrder.objects.for_fleet(fleet).count()


def jobs(fleet: Fleet) -> list[tuple]:
    """Vehicles with the items that need somebody, the most urgent first."""
    found: dict[int, tuple] = {}
    needing = (
        DueItem.objects.for_fleet(fleet).standing().filter(rank__gte=Status.SOON.rank, vehicle__meter_asked_at=None)
    )
    for item in needing.select_related("vehicle__fleet").by_urgency():
        items = found.setdefault(item.vehicle_id, (item.vehicle, []))[1]
        if len(items) < TOGETHER:
            items.append(item.pk)
    return list(found.values())[:6]


def written(fleet: Fleet, manager, vehicle, *, now: datetime, items=(), faults=(), to=None, on=None) -> WorkOrder:
    found = subjects.gather(fleet, items=items, faults=faults, now=now)
    return writing.write(
        fleet,
        vehicle,
        found,
        by=manager.user,
        assignee=to,
        planned_on=on,
        notes="",
        key=f"demo-{vehicle.pk}",
        now=now,
    ).order


def untaken(write, manager, hand, now: datetime) -> None:
    write(now=now - timedelta(hours=20))


def planned(write, manager, hand, now: datetime) -> None:
    day = manager.fleet.day(now + timedelta(days=2))
    write(now=now - timedelta(hours=26), to=hand.user, on=day)


def begun(write, manager, hand, now: datetime) -> None:
    """Under way since this morning, some boxes ticked."""
    order = write(now=now - timedelta(hours=30), to=hand.user)
    moving.move(order, Move.START, member=hand, now=now - timedelta(minutes=42))
    line = order.lines.first()
    ticks = frozenset(range((len(line.checklist) + 1) // 2))
    keeping.keep(order, {line.pk: Typed(ticks=ticks)}, member=hand, notes="")


def waiting(write, manager, hand, now: datetime) -> None:
    order = write(now=now - timedelta(days=4), to=hand.user)
    moving.move(order, Move.START, member=hand, now=now - timedelta(days=3, hours=2))
    hold = {"reason": "parts", "note": "Front pads are ordered, due Thursday"}
    moving.move(order, Move.HOLD, member=hand, now=now - timedelta(days=3), **hold)


def finished(write, manager, hand, now: datetime) -> None:
    """Done just now. The odometer stands in from the car: nobody looked at a dash."""
    order = write(now=now - timedelta(days=2), to=hand.user)
    moving.move(order, Move.START, member=hand, now=now - timedelta(minutes=95))
    lines = list(order.lines.all())
    ticked = {line.pk: Typed(ticks=frozenset(range(len(line.checklist)))) for line in lines}
    keeping.keep(order, ticked, member=hand, notes="")
    outcomes = {line.pk: "done" for line in lines}
    day = manager.fleet.day(now)
    settling.finish(order, outcomes, member=hand, done_on=day, odometer_km=None, now=now)


def dropped(write, manager, hand, now: datetime) -> None:
    order = write(now=now - timedelta(days=6))
    why = "The dealer does it at the recall next week"
    moving.move(order, Move.CANCEL, member=manager, now=now - timedelta(days=5), reason=why)
