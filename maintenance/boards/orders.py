"""The list of work orders, and which of them hold the items and faults of another page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from fleet.owners.models import Membership, Role, User
from maintenance.boards import pages
from maintenance.boards.ages import ago
from maintenance.models import OrderLine, WorkOrder
from vehicles.models import Vehicle

State = WorkOrder.State
STATUSES = {  # what a chip of it looks like
    State.OPEN: "due",
    State.WORKING: "info",
    State.HELD: "warning",
    State.DONE: "ok",
    State.CANCELLED: "unknown",
}
ICONS = {State.OPEN: "orders", State.WORKING: "play", State.HELD: "hold", State.DONE: "check", State.CANCELLED: "close"}
TITLES = {
    "": "Not done yet",
    "open": "Open",
    "working": "In progress",
    "held": "On hold",
    "mine": "Mine",
    "free": "Unassigned",
    "done": "Done",
    "cancelled": "Cancelled",
}
EMPTY = {
    "mine": "Nothing is assigned to you.",
    "free": "Every open order has somebody.",
    "done": "No order is done yet.",
    "cancelled": "No order was cancelled.",
}
RANK = Case(
    When(state=State.WORKING, then=Value(0)),
    When(state=State.HELD, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Row:
    order: WorkOrder
    jobs: list[OrderLine]
    left: int
    status: str
    icon: str
    since: str


@dataclass(frozen=True, slots=True)
class Held:
    """The open order that has a job already. `href` is empty for those who may not see it."""

    called: str
    href: str
    who: User | None = None


@dataclass(frozen=True, slots=True)
class AtHand:
    """An order that is not done yet, as a vehicle's page names it."""

    held: Held
    state: str
    status: str
    icon: str


def board(member: Membership, *, show: str, page: str, now: datetime) -> dict:
    show = show if show in TITLES else ""
    found = pages.leaf(orders(member, show), page, {"show": show})
    return {
        "show": show,
        "title": TITLES[show],
        "tabs": tabs(member, show),
        "page": found,
        "rows": [row(order, now) for order in found.rows],
        "empty": EMPTY.get(show, "No order is open."),
        "here": "orders",
    }


def orders(member: Membership, show: str) -> QuerySet[WorkOrder]:
    found = WorkOrder.objects.seen_by(member).select_related("vehicle", "assignee").prefetch_related("lines")
    if show in (State.DONE, State.CANCELLED):
        return found.filter(state=show).order_by("-ended_at", "-pk")
    if show in (State.OPEN, State.WORKING, State.HELD):
        found = found.filter(state=show)
    found = found.open()
    if show == "mine":
        found = found.filter(assignee_id=member.user_id)
    if show == "free":
        found = found.filter(assignee=None)
    return found.order_by(RANK, F("planned_on").asc(nulls_last=True), "number", "pk")


def tabs(member: Membership, show: str) -> list[dict]:
    """Each with its count; what is over is not counted, for it only grows."""
    seen = WorkOrder.objects.seen_by(member).open()
    counts = seen.aggregate(
        all=Count("pk"),
        **{state: Count("pk", filter=Q(state=state)) for state in ("open", "working", "held")},
        mine=Count("pk", filter=Q(assignee_id=member.user_id)),
        free=Count("pk", filter=Q(assignee=None)),
    )
    names = [name for name in TITLES if name != "mine" or member.works]
    return [
        {
            "href": pages.address({"show": name}, 0) or "?",
            "word": TITLES[name],
            "n": counts.get(name or "all"),
            "is_here": name == show,
        }
        for name in names
    ]


def row(order: WorkOrder, now: datetime) -> Row:
    jobs = list(order.lines.all())
    state = State(order.state)
    return Row(order, jobs, sum(not job.outcome for job in jobs), STATUSES[state], ICONS[state], since(order, now))


def since(order: WorkOrder, now: datetime) -> str:
    if order.ended_at:
        return f"{ago(now - order.ended_at)}, by {order.ended_by}"
    if order.started_at:
        return f"started {ago(now - order.started_at)}"
    return f"written {ago(now - order.created_at)}"


def holding(
    member: Membership, *, items: Iterable[int] = (), faults: Iterable[int] = (), alerts: Iterable[int] = ()
) -> dict[str, dict[int, Held]]:
    """The open orders that have these: {"item": {pk: Held}, "fault": …, "alert": …}. One query for a page."""
    items, faults, alerts = list(items), list(faults), list(alerts)
    if not items and not faults and not alerts:
        return held_by((), member)
    about = Q(item__in=items) | Q(fault__in=faults) | Q(alert__in=alerts)
    return held_by(OrderLine.objects.filter(about, outcome="").select_related("order__assignee"), member)


def of_vehicle(vehicle: Vehicle, member: Membership) -> dict[str, dict]:
    """The same of one vehicle, and under "open" all its orders that are not done, by number. One query."""
    lines = OrderLine.objects.filter(order__vehicle=vehicle, order__state__in=WorkOrder.OPEN)
    lines = list(lines.select_related("order__assignee").order_by("order__number", "place", "pk"))
    standing = [at_hand(order, member) for order in {line.order.pk: line.order for line in lines}.values()]
    return held_by([line for line in lines if not line.outcome], member) | {"open": standing}


def at_hand(order: WorkOrder, member: Membership) -> AtHand:
    state = State(order.state)
    return AtHand(held_as(order, member), state.label.lower(), STATUSES[state], ICONS[state])


def held_as(order: WorkOrder, member: Membership) -> Held:
    seen = member.role != Role.TECHNICIAN or order.assignee_id in (None, member.user_id)
    return Held(order.called, reverse("maintenance:order", args=[order.pk]) if seen else "", order.assignee)


def held_by(lines: Iterable[OrderLine], member: Membership) -> dict[str, dict[int, Held]]:
    found: dict[str, dict[int, Held]] = {"item": {}, "fault": {}, "alert": {}}
    for line in lines:
        held = held_as(line.order, member)
        if line.item_id:
            found["item"][line.item_id] = held
        if line.fault_id:
            found["fault"][line.fault_id] = held
        if line.alert_id:
            found["alert"][line.alert_id] = held
    return found
