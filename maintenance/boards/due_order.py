"""The rows of the due list under their headings: by urgency, by vehicle or by week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Exists, F, OuterRef, QuerySet

from fleet.owners.models import Membership
from maintenance.boards import pages
from maintenance.boards.due_asked import Asked, monday_of
from maintenance.boards.pages import Page
from maintenance.domain.status import Status
from maintenance.models import DueItem
from vehicles.models import Vehicle

ASIDE = {
    Status.OVERDUE: "from measured values and the calendar only",
    Status.DUE: "at the mark",
    Status.SOON: "in the last part of the interval",
    Status.UNKNOWN: "not counted as healthy; each has a next step",
    Status.OK: "nothing to do yet",
}
CARS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Heading:
    """`status` colours it: that of its rows, or of the worst of them."""

    title: str
    aside: str
    status: str
    rows: list


def leaf(found: QuerySet[DueItem], asked: Asked, member: Membership, page: str) -> Page:
    """One page of what was asked for. By vehicle it is so many vehicles with all of their items."""
    if asked.by != "vehicle":
        return pages.leaf(ordered(found, asked), page, asked.keep)
    cars = Vehicle.objects.seen_by(member).active().filter(Exists(found.filter(vehicle_id=OuterRef("pk"))))
    cars = pages.leaf(cars.order_by("name", "pk").values_list("pk", flat=True), page, asked.keep, size=CARS_A_PAGE)
    items = ordered(found.filter(vehicle_id__in=cars.rows), asked)
    return Page(list(items), cars.number, cars.before, cars.after)


def ordered(found: QuerySet[DueItem], asked: Asked) -> QuerySet[DueItem]:
    full = found.with_snooze().select_related("vehicle", "task")
    if asked.by == "vehicle":
        return full.order_by("vehicle__name", "vehicle_id", "-rank", "sort_on", "pk")
    if asked.by == "week":
        return full.order_by(F("sort_on").asc(nulls_last=True), "pk")
    return full.by_urgency()


def headings(rows: Sequence, asked: Asked, today: date) -> list[Heading]:
    """`rows` each have an `item`, in the order of `leaf`."""
    if asked.by == "vehicle":
        return [of_vehicle(list(alike)) for _, alike in groupby(rows, key=lambda row: row.item.vehicle_id)]
    if asked.by == "week":
        return [of_week(key, list(alike), today) for key, alike in groupby(rows, key=lambda row: week(row.item, today))]
    return [
        Heading(status.word, ASIDE[status], status, list(alike))
        for status, alike in groupby(rows, key=lambda row: Status(row.item.status))
    ]


def of_vehicle(rows: list) -> Heading:
    vehicle = rows[0].item.vehicle
    return Heading(vehicle.name, counted_by_status(row.item for row in rows), worst(rows), rows)


def week(item: DueItem, today: date) -> date | None:
    """The Monday under which it stands; what is past is work of this week."""
    return None if item.sort_on is None else monday_of(max(item.sort_on, today))


def of_week(monday: date | None, rows: list, today: date) -> Heading:
    if monday is None:
        return Heading("No day", "nothing says when it will be due", worst(rows), rows)
    title = f"Week {monday.isocalendar().week}, from {monday:%-d %B}"
    aside = "this week, with all that was to be done before" if monday <= today else "by the calendar or the forecast"
    return Heading(title, aside, worst(rows), rows)


def worst(rows: list) -> str:
    return max((Status(row.item.status) for row in rows), key=lambda status: status.rank)


def counted_by_status(items: Iterable[DueItem]) -> str:
    """“2 overdue, 1 soon”."""
    found = [Status(item.status) for item in items]
    return ", ".join(f"{found.count(status)} {status.word.lower()}" for status in reversed(Status) if status in found)
