"""The tiles above the due list: what is counted, and where each leads."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from fleet.kit.units import number
from fleet.owners.models import Membership
from maintenance.boards.due_asked import Asked
from maintenance.boards.tally import Tally
from maintenance.domain.status import Status
from maintenance.faulting import counting
from vehicles.models import Fault


@dataclass(frozen=True, slots=True)
class Counts:
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


class Tile(NamedTuple):
    title: str
    status: str
    count: int
    sub: str
    href: str
    on: bool
    drawn: str
    id: str  # of its number, which is marked when it changes


def counts(member: Membership, told: Tally) -> Counts:
    found = counting.by_severity(open_faults(member), member.fleet_id)
    return Counts(
        **{status.value: told.ranks[status.rank] for status in Status if status is not Status.OK},
        all=told.ranks.total(),
        faults=found.total() - found["ignore"],
        critical=found["critical"],
    )


def open_faults(member: Membership) -> QuerySet[Fault]:
    return Fault.objects.seen_by(member).open().filter(vehicle__retired_at=None)


def tiles(found: Counts, asked: Asked) -> list[Tile]:
    """Overdue and due soon are both pressed on the first look, which shows the two together."""
    soon = f"{number(found.due)} due now, {number(found.soon)} soon"
    drawn = (
        ("overdue", "Overdue", "overdue", "overdue", found.overdue, "measured, not forecast"),
        ("soon", "Due soon", "soon", "soon", found.due + found.soon, soon),
        ("faults", "Faults open", "warning", "lamp", found.faults, f"{number(found.critical)} critical"),
        ("unknown", "Cannot tell", "unknown", "unknown", found.unknown, "not counted as healthy"),
    )
    shown = {asked.show} if asked.show or asked.week else {"overdue", "soon"}
    return [
        Tile(title, status, count, sub, asked.but(show=show, week=None), show in shown, icon, f"n-{show}")
        for show, title, status, icon, count, sub in drawn
    ]
