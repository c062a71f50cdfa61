"""The workshop's screen: what is due, what is being worked on, what waits, what should not be on the road."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from fleet.owners.models import Membership
from maintenance.boards import alert_words, gauges, tally
from maintenance.boards.ages import ago
from maintenance.boards.inbox import with_car
from maintenance.domain.status import Status
from maintenance.models import Alert, DueItem, WorkOrder
from vehicles.models import Vehicle

DUE, ORDERS, GRAVE, SILENT = 9, 7, 5, 4  # so many of each fit on a screen


@dataclass(frozen=True, slots=True)
class Line:
    vehicle: Vehicle
    what: str
    aside: str
    status: str


@dataclass(frozen=True, slots=True)
class Column:
    """`more` are those that no longer fit."""

    name: str
    lines: list[Line]
    count: int
    none: str

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def board(member: Membership, now: datetime) -> dict:
    """Seven questions. It looks the same to everybody and offers nothing to press."""
    counts = tally.lately(member, member.fleet.day(now)).ranks
    return {
        "now": now,
        "columns": [due(member, now, counts[Status.OVERDUE.rank] + counts[Status.DUE.rank]), *orders(member, now)],
        "grave": [grave(member, now), silent(member, now)],
        "overdue": counts[Status.OVERDUE.rank],
        "here": "wall",
    }


def due(member: Membership, now: datetime, count: int) -> Column:
    items = DueItem.objects.seen_by(member).standing().filter(rank__gte=Status.DUE.rank)
    items = list(items.select_related("vehicle", "task").by_urgency()[:DUE])
    readings = gauges.of(item.vehicle_id for item in items)
    lines = []
    for item in items:
        why = readings.explain(item, member.fleet, now)
        lines.append(Line(item.vehicle, item.task.name, why.headline if why else "", item.status))
    return Column("Overdue and due", lines, max(count, len(lines)), "Nothing is due.")


def orders(member: Membership, now: datetime) -> list[Column]:
    """In progress and on hold, the longest first. The screen shows the whole workshop, whoever signed in to it."""
    held = WorkOrder.objects.for_fleet(member.fleet).filter(state__in=(WorkOrder.State.WORKING, WorkOrder.State.HELD))
    held = list(held.select_related("vehicle", "assignee").order_by("started_at", "pk")[:200])
    working = [order for order in held if order.state == WorkOrder.State.WORKING]
    waiting = [order for order in held if order.state == WorkOrder.State.HELD]
    return [
        Column(
            "In progress",
            [Line(one.vehicle, one.called, since(one, now), "info") for one in working[:ORDERS]],
            len(working),
            "Nobody is at work on an order.",
        ),
        Column(
            "On hold",
            [
                Line(one.vehicle, one.called, one.hold_note or one.get_hold_display(), "warning")
                for one in waiting[:ORDERS]
            ],
            len(waiting),
            "No order waits.",
        ),
    ]


def since(order: WorkOrder, now: datetime) -> str:
    who = str(order.assignee) if order.assignee else "nobody"
    return f"{who}, {ago(now - order.started_at)}" if order.started_at else who


def grave(member: Membership, now: datetime) -> Column:
    alerts = Alert.objects.seen_by(member).open().filter(level="critical", vehicle__retired_at=None)
    count = alerts.count()
    found = list(with_car(alerts).order_by("-level_at", "-pk")[:GRAVE])
    words = alert_words.of(found, member, now)
    lines = [Line(one.vehicle, words[one.pk].what, ago(now - one.level_at), "critical") for one in found]
    return Column("Critical", lines, count, "Nothing critical is open.")


def silent(member: Membership, now: datetime) -> Column:
    cars = Vehicle.objects.seen_by(member).active()
    count = cars.aggregate(n=Count("pk", filter=Q(silent_since__isnull=False)))["n"]
    found = cars.filter(silent_since__isnull=False).order_by("-silent_since", "pk")[:SILENT]
    lines = [Line(car, "tells nothing", f"since {ago(now - car.silent_since)}", "stale") for car in found]
    return Column("Silent", lines, count, "Every car reports as it usually does.")
