"""The vehicle list as a file for a spreadsheet."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from fleet.kit import tables
from fleet.owners.models import Membership
from maintenance.boards.vehicles import Row, rows, told
from maintenance.boards.vehicles_asked import Asked
from maintenance.faulting.rulebook import Rulebook
from vehicles.models import Vehicle

AT_ONCE = 500
COLUMNS = (
    "vehicle",
    "plate",
    "make and model",
    "VIN",
    "state",
    "why",
    "next service",
    "remaining",
    "odometer",
    "data from",
    "open faults",
    "critical faults",
    "connection",
)


def lines(member: Membership, asked: Asked, now: datetime) -> Iterator[str]:
    """A vehicle a line."""
    return tables.written(COLUMNS, written(member, asked, now))


def written(member: Membership, asked: Asked, now: datetime) -> Iterator[list[str]]:
    book = Rulebook.of(member.fleet)
    keys = iter(list(asked.cars(member, book, now).values_list("pk", flat=True)))
    while some := list(islice(keys, AT_ONCE)):
        for row in rows(list(told(Vehicle.objects.filter(pk__in=some), now)), book, member, now):
            yield cells(row)


def cells(row: Row) -> list[str]:
    car, why = row.vehicle, row.why
    return [
        car.name,
        car.plate,
        car.kind,
        car.vin or "",
        row.word,
        row.health.sentence,
        row.next.task.name if row.next else "",
        why.headline if why else "",
        row.true or row.odometer,
        row.age.at.isoformat(timespec="minutes") if row.age else row.lack,
        str(row.faults),
        str(row.critical),
        row.reach.title,
    ]
