"""What waits the longest for what matters most: overdue items ranked, with the arithmetic shown. A rank, not money."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, FloatField
from django.db.models.functions import Cast

from fleet.kit.units import number
from fleet.owners.models import Fleet, Membership
from maintenance.boards import gauges, pages
from maintenance.boards.ages import Age
from maintenance.domain.plan import Axis
from maintenance.domain.status import Status
from maintenance.domain.why import Explanation
from maintenance.models import DueItem
from vehicles.domain.signals import Signal
from vehicles.models import Group


@dataclass(frozen=True, slots=True)
class Row:
    """`sum` is “0.31 × 2 = 0.62”: the part of an interval it is over, times the weight of the task."""

    item: DueItem
    place: int
    over: str
    sum: str
    why: Explanation | None
    age: Age | None


def board(member: Membership, *, group: str, page: str, now: datetime) -> dict:
    groups = list(Group.objects.seen_by(member).order_by("name"))
    chosen = next((one for one in groups if str(one.pk) == group), None)
    found = DueItem.objects.seen_by(member).standing().filter(rank=Status.OVERDUE.rank)
    if chosen is not None:
        found = found.filter(vehicle__groups=chosen)
    # An item that was judged before shares were kept, or by hand alone, comes last and says that it has none.
    found = found.annotate(waiting=Cast(F("overdue_share") * F("task__weight"), FloatField()))
    found = found.order_by(F("waiting").desc(nulls_last=True), "sort_on", "pk").select_related("vehicle", "task")
    leaf = pages.leaf(found, page, {"group": str(chosen.pk) if chosen else ""})
    readings = gauges.of(item.vehicle_id for item in leaf.rows)
    first = (leaf.number - 1) * pages.SIZE + 1
    rows = [row(item, place, readings, member.fleet, now) for place, item in enumerate(leaf.rows, start=first)]
    return {"rows": rows, "page": leaf, "groups": groups, "group": chosen, "here": "due"}


def row(item: DueItem, place: int, readings: gauges.Readings, fleet: Fleet, now: datetime) -> Row:
    signal = Signal.OIL_LIFE.value if item.winner == Axis.OIL else Signal.ODOMETER.value
    share = item.overdue_share
    return Row(
        item=item,
        place=place,
        over="" if share is None else f"{number(share * 100)} %",
        sum="" if share is None else arithmetic(share, item.task.weight),
        why=readings.explain(item, fleet, now),
        age=readings.age(item.vehicle_id, now, signal) or readings.age(item.vehicle_id, now),
    )


def arithmetic(share: float, weight: float) -> str:
    """“0.31 × 2 = 0.62”."""
    return (
        f"{number(share, 2)} × {number(weight, 0 if float(weight).is_integer() else 2)} = {number(share * weight, 2)}"
    )
