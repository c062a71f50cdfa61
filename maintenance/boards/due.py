"""The due list: what needs somebody, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.urls import reverse

from fleet.owners.models import Fleet, Membership
from maintenance.boards import (
    due_order,
    due_tiles,
    forecast,
    gauges,
    grouped,
    orders,
    pages,
    snoozes,
    tally,
    visits,
    workload,
)
from maintenance.boards.ages import Age, age
from maintenance.boards.due_asked import ORDERS, TITLES, Asked
from maintenance.domain.plan import Axis
from maintenance.domain.ruling import Ruled
from maintenance.domain.why import Explanation
from maintenance.faulting import severity
from maintenance.forecasts import rates
from maintenance.models import DueItem
from vehicles.domain.signals import Signal
from vehicles.models import Fault


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


def faults(member: Membership, q: str) -> QuerySet[Fault]:
    found = due_tiles.open_faults(member)
    for word in q.split():
        named = Q(vehicle__name__icontains=word) | Q(vehicle__plate__icontains=word)
        found = found.filter(named | Q(code__icontains=word))
    return found.select_related("vehicle").order_by("-last_seen_at", "-pk")


def board(member: Membership, asked: Asked, *, page: str, now: datetime) -> dict:
    today = member.fleet.day(now)
    told = tally.lately(member, today)
    counts = due_tiles.counts(member, told)
    context = {
        "asked": asked,
        "title": titled(asked),
        "counts": counts,
        "tiles": due_tiles.tiles(counts, asked),
        "load": workload.board(told, asked, today),
        "filters": filters(member, asked),
        "today": today,
        "back": pages.address(asked.keep, 0),
        "next": quote(f"{reverse('maintenance:due')}{pages.address(asked.keep, 0)}"),  # made once, not in every row
        "here": "due",
    }
    if asked.show == "faults" and not asked.week:
        found = pages.leaf(faults(member, asked.q), page, asked.keep)
        context["orders"] = orders.holding(member, faults=[fault.pk for fault in found.rows])
        return context | {"page": found, "faults": fault_rows(found.rows, now)}
    found = due_order.leaf(asked.items(member, today), asked, member, page)
    context["orders"] = orders.holding(member, items=[item.pk for item in found.rows])
    held = forecast.held_lately(member.fleet, today)
    readings = gauges.of(item.vehicle_id for item in found.rows)
    listed = {
        "page": found,
        "groups": due_order.headings(rows(found.rows, readings, member.fleet, now, held), asked, today),
        "bundles": visits.of_list(found.rows, readings, member.fleet, now),
    }
    return context | listed | {"footing": forecast.footing(held)}


def titled(asked: Asked) -> str:
    return f"Work of the week from {asked.week:%-d %B}" if asked.week else TITLES[asked.show]


def filters(member: Membership, asked: Asked) -> dict:
    """What else the list may be narrowed to, and how else it may be ordered: addresses."""
    return {
        "groups": grouped.names(member),
        "mine": asked.but(mine=not asked.mine),
        "orders": [(word, asked.but(by=by), by == asked.by) for by, word in ORDERS.items()],
        "all": asked.but(show="all", week=None),
        "urgent": asked.but(show="", week=None),
        "wide": Asked(show=asked.show, week=asked.week, by=asked.by).here,
        "csv": f"{reverse('maintenance:due-csv')}{asked.here}",
    }


def fault_rows(faults: list[Fault], now: datetime) -> list[FaultRow]:
    read = severity(faults)
    return [
        FaultRow(one, read[one.pk], age(one.last_seen_at, "webhook", now, one.vehicle.rhythm_minutes)) for one in faults
    ]


def rows(
    found: Sequence[DueItem], readings: gauges.Readings, fleet: Fleet, now: datetime, held: dict[str, rates.Rate]
) -> list[Row]:
    return [row(item, readings, fleet, now, held) for item in found]


def row(item: DueItem, readings: gauges.Readings, fleet: Fleet, now: datetime, held: dict[str, rates.Rate]) -> Row:
    signals = (Signal.OIL_LIFE.value,) if item.winner == Axis.OIL else (Signal.ODOMETER.value,)
    seen = readings.age(item.vehicle_id, now, *signals) or readings.age(item.vehicle_id, now)
    expected = forecast.of_item(item, fleet, held, fleet.day(now))
    why, lack = readings.explain(item, fleet, now), readings.lack(item.vehicle_id)
    return Row(item, why, seen, lack, expected, snoozes.of(item, fleet))
