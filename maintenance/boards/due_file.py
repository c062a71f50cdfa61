"""The due list as a file for a spreadsheet, line by line, however long it is."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from fleet.kit import tables
from fleet.owners.models import Membership
from maintenance.boards import due_order, forecast, gauges, orders
from maintenance.boards.due import Row, rows
from maintenance.boards.due_asked import Asked
from maintenance.domain.status import Status

AT_ONCE = 500
COLUMNS = (
    "vehicle",
    "plate",
    "make and model",
    "task",
    "status",
    "remaining",
    "second",
    "due at",
    "due on",
    "expected from",
    "expected to",
    "snoozed until",
    "data from",
    "work order",
    "assigned to",
)


def lines(member: Membership, asked: Asked, now: datetime) -> Iterator[str]:
    """An item a line."""
    return tables.written(COLUMNS, told(member, asked, now))


def told(member: Membership, asked: Asked, now: datetime) -> Iterator[list[str]]:
    today = member.fleet.day(now)
    held = forecast.held_lately(member.fleet, today)
    items = due_order.ordered(asked.items(member, today), asked)
    stream = items.iterator(chunk_size=AT_ONCE)
    while some := list(islice(stream, AT_ONCE)):
        readings = gauges.of(item.vehicle_id for item in some)
        jobs = orders.holding(member, items=[item.pk for item in some])["item"]
        for row in rows(some, readings, member.fleet, now, held):
            yield cells(row, jobs.get(row.item.pk))


def cells(row: Row, order: orders.Held | None) -> list[str]:
    item, why = row.item, row.why
    return [
        item.vehicle.name,
        item.vehicle.plate,
        item.vehicle.kind,
        item.task.name,
        Status(item.status).word,
        why.headline if why else "not looked at yet",
        why.second if why else "",
        " or ".join(row.points),
        item.due_on.isoformat() if item.due_on else "",
        item.likely_from.isoformat() if item.likely_from else "",
        item.likely_to.isoformat() if item.likely_to else "",
        row.still.until if row.still else "",
        row.age.at.isoformat(timespec="minutes") if row.age else row.lack,
        order.called if order else "",
        str(order.who or "") if order else "",
    ]
