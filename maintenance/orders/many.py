"""Several jobs of several vehicles at once: an order for each vehicle, and who does them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db import transaction

from fleet.owners.models import Fleet, Membership, User
from maintenance.models import DueItem, OrderLine, WorkOrder
from maintenance.orders import moving, subjects, writing


@dataclass(slots=True)
class Told:
    """`others` are orders that were open for some of it already."""

    written: list[WorkOrder] = field(default_factory=list)
    others: list[WorkOrder] = field(default_factory=list)

    @property
    def says(self) -> str:
        parts = [f"{named(self.written)} written."] if self.written else []
        if self.others:
            parts.append(f"{named(self.others)} {'is' if len(self.others) == 1 else 'are'} open for the rest already.")
        return " ".join(parts)


def named(orders: list[WorkOrder]) -> str:
    names = [order.called for order in orders]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def write_each(
    fleet: Fleet,
    items: Iterable[DueItem],
    *,
    by: User,
    assignee: User | None,
    planned_on: date | None,
    notes: str,
    key: str,
    now: datetime,
) -> Told:
    """One order a vehicle. The same `key` again finds the same orders; what an open order holds is left to it."""
    told, others = Told(), {}
    rest = {"by": by, "assignee": assignee, "planned_on": planned_on, "notes": notes, "now": now}
    by_vehicle = sorted(items, key=lambda item: (item.vehicle.name, item.vehicle_id))
    for vehicle, alike in groupby(by_vehicle, key=lambda item: item.vehicle):
        found = subjects.gather(fleet, items={item.pk for item in alike}, now=now)
        written = writing.write(fleet, vehicle, found, key=f"{key}-{vehicle.pk}", **rest)
        others |= {order.pk: order for order in written.others}
        if written.order is not None:
            told.written.append(written.order)
    told.others = list(others.values())
    return told


@transaction.atomic
def assign_each(items: Sequence[DueItem], to: User, *, member: Membership, key: str, now: datetime) -> str:
    """Whoever does them, as a sentence: open orders change hands, the rest gets orders of their own. All or none."""
    lines = OrderLine.objects.filter(item__in=items, outcome="", order__state__in=WorkOrder.OPEN)
    lines = list(lines.select_related("order__fleet").order_by("order__number"))
    given = {line.order_id: moving.assign(line.order, to, member=member, now=now) for line in lines}
    held = {line.item_id for line in lines}
    free = [item for item in items if item.pk not in held]
    rest = {"planned_on": None, "notes": "", "key": key, "now": now}
    told = write_each(member.fleet, free, by=member.user, assignee=to, **rest)
    orders = [*given.values(), *told.written]
    return f"{named(orders)} {'is' if len(orders) == 1 else 'are'} with {to} now."
