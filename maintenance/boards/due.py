"""The due list: what needs somebody, the most urgent first."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Q, QuerySet

from fleet.owners.models import Fleet, Membership
from maintenance.boards import forecast, gauges, kept, orders, pages, snoozes
from maintenance.boards.ages import Age, age
from maintenance.domain.plan import Axis
from maintenance.domain.ruling import Ruled
from maintenance.domain.status import Status
from maintenance.domain.why import Explanation
from maintenance.faulting import counting, severity
from maintenance.forecasts import rates
from maintenance.models import DueItem
from vehicles.domain.signals import Signal
from vehicles.models import Fault, Vehicle

TITLES = {
    "": "Overdue and due soon",
    "overdue": "Overdue",
    "soon": "Due now and soon",
    "unknown": "Cannot tell",
    "faults": "Open faults",
    "all": "All items",
}
RANKS = {
    "": Q(rank__gte=Status.SOON.rank),
    "overdue": Q(rank=Status.OVERDUE.rank),
    "soon": Q(rank__in=(Status.SOON.rank, Status.DUE.rank)),
    "unknown": Q(rank=Status.UNKNOWN.rank),
    "all": Q(),
}
ASIDE = {
    Status.OVERDUE: "from measured values and the calendar only",
    Status.DUE: "at the mark",
    Status.SOON: "in the last part of the interval",
    Status.UNKNOWN: "not counted as healthy; each has a next step",
    Status.OK: "nothing to do yet",
}


@dataclass(frozen=True, slots=True)
class Tiles:
    overdue: int
    due: int
    soon: int
    unknown: int
    all: int
    faults: int
    critical: int

    @property
    def needing(self) -> int:
        return self.overdue + self.due + self.soon


@dataclass(frozen=True, slots=True)
class Row:
    item: DueItem
    why: Explanation | None
    age: Age | None
    lack: str
    expected: forecast.Expected | None = None
    still: snoozes.Still | None = None

    @property
    def points(self) -> list[str]:
        """Where the marks are, the winner's first: “at 49,180 km”, “3 May 2026”, “oil at 20 %”."""
        words = {Axis.DISTANCE: "at {}", Axis.HOURS: "at {}", Axis.TIME: "{}", Axis.OIL: "oil at {}"}
        marks = sorted(
            (axis for axis in (self.why.axes if self.why else ()) if axis.due), key=lambda axis: not axis.winner
        )
        return [words[axis.axis].format(axis.due) for axis in marks]


@dataclass(frozen=True, slots=True)
class FaultRow:
    fault: Fault
    meaning: Ruled
    seen: Age


def tiles(member: Membership) -> Tiles:
    counts = kept.lately("ranks", member.fleet, lambda: ranks(member), worth=lambda found: sum(found.values()) > 2_000)
    found = counting.by_severity(open_faults(member), member.fleet_id)
    return Tiles(
        **{status.value: counts.get(status.rank, 0) for status in Status if status is not Status.OK},
        all=sum(counts.values()),
        faults=found.total() - found["ignore"],
        critical=found["critical"],
    )


def ranks(member: Membership) -> dict[int, int]:
    """Counted on the index of the list itself; what is retired is taken off afterwards, for it is little."""
    items = DueItem.objects.seen_by(member).order_by()
    retired = Vehicle.objects.seen_by(member).filter(retired_at__isnull=False).order_by().values("pk")
    gone = items.filter(vehicle_id__in=retired).values_list("rank").annotate(n=-Count("pk"))
    counts: dict[int, int] = {}
    for rank, n in items.values_list("rank").annotate(n=Count("pk")).union(gone, all=True):
        counts[rank] = counts.get(rank, 0) + n
    return counts


def open_faults(member: Membership) -> QuerySet[Fault]:
    return Fault.objects.seen_by(member).open().filter(vehicle__retired_at=None)


def items(member: Membership, show: str, q: str) -> QuerySet[DueItem]:
    found = DueItem.objects.seen_by(member).standing().filter(RANKS[show])
    for word in q.split():
        found = found.filter(
            Q(vehicle__name__icontains=word) | Q(vehicle__plate__icontains=word) | Q(task__name__icontains=word)
        )
    return found.with_snooze().select_related("vehicle", "task").by_urgency()


def faults(member: Membership, q: str) -> QuerySet[Fault]:
    found = open_faults(member)
    for word in q.split():
        named = Q(vehicle__name__icontains=word) | Q(vehicle__plate__icontains=word)
        found = found.filter(named | Q(code__icontains=word))
    return found.select_related("vehicle").order_by("-last_seen_at", "-pk")


def board(member: Membership, *, show: str, q: str, page: str, now: datetime) -> dict:
    show = show if show in TITLES else ""
    keep = {"show": show, "q": q}
    context = {
        "show": show,
        "q": q,
        "title": TITLES[show],
        "tiles": tiles(member),
        "today": member.fleet.day(now),
        "back": pages.address(keep, 0),
        "here": "due",
    }
    if show == "faults":
        found = pages.leaf(faults(member, q), page, keep)
        context["orders"] = orders.holding(member, faults=[fault.pk for fault in found.rows])
        return context | {"page": found, "faults": fault_rows(found.rows, now)}
    found = pages.leaf(items(member, show, q), page, keep)
    context["orders"] = orders.holding(member, items=[item.pk for item in found.rows])
    held = forecast.held_lately(member.fleet, context["today"])
    listed = {"page": found, "groups": groups(found.rows, member.fleet, now, held)}
    return context | listed | {"footing": forecast.footing(held)}


def fault_rows(faults: list[Fault], now: datetime) -> list[FaultRow]:
    read = severity(faults)
    return [
        FaultRow(one, read[one.pk], age(one.last_seen_at, "webhook", now, one.vehicle.rhythm_minutes)) for one in faults
    ]


def groups(found: list[DueItem], fleet: Fleet, now: datetime, held: dict[str, rates.Rate]) -> list[dict]:
    """Rows under their urgency, as they stand on this page."""
    readings = gauges.of(item.vehicle_id for item in found)
    rows = [row(item, readings, fleet, now, held) for item in found]
    return [
        {"status": status, "aside": ASIDE[status], "rows": list(alike)}
        for status, alike in groupby(rows, key=lambda one: Status(one.item.status))
    ]


def row(item: DueItem, readings: gauges.Readings, fleet: Fleet, now: datetime, held: dict[str, rates.Rate]) -> Row:
    signals = (Signal.OIL_LIFE.value,) if item.winner == Axis.OIL else (Signal.ODOMETER.value,)
    seen = readings.age(item.vehicle_id, now, *signals) or readings.age(item.vehicle_id, now)
    expected = forecast.of_item(item, fleet, held, fleet.day(now))
    why, lack = readings.explain(item, fleet, now), readings.lack(item.vehicle_id)
    return Row(item, why, seen, lack, expected, snoozes.of(item, fleet))
