"""The starts that nobody has told yet: a list to work off."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from fleet.owners.models import Membership
from maintenance.boards import pages
from maintenance.domain.plan import AnchorKind
from maintenance.models import DueItem, Program, ServiceRecord, Task
from maintenance.plans.pasted import Line
from vehicles.models import Vehicle


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to."""

    q: str = ""
    task: str = ""
    program: str = ""

    @property
    def query(self) -> dict[str, str]:
        return {"q": self.q, "task": self.task, "program": self.program}


def unknown(member: Membership, asked: Asked) -> QuerySet[DueItem]:
    """Items of programs with neither a stated last service nor one that was done here."""
    done = ServiceRecord.objects.standing().filter(vehicle=OuterRef("vehicle"), task=OuterRef("task"))
    found = DueItem.objects.seen_by(member).standing().filter(anchor=AnchorKind.UNKNOWN, line__isnull=False)
    found = found.filter(~Exists(done))
    if asked.task.isascii() and asked.task.isdigit():
        found = found.filter(task=int(asked.task[:12]))
    if asked.program.isascii() and asked.program.isdigit():
        found = found.filter(line__program=int(asked.program[:12]))
    if asked.q:
        found = found.filter(vehicle__in=Vehicle.objects.seen_by(member).called(asked.q))
    return found.select_related("vehicle", "task").order_by("vehicle__name", "vehicle", "task__name", "pk")


def board(member: Membership, asked: Asked, page: str) -> dict:
    found = unknown(member, asked)
    leaf = pages.leaf(found, page, asked.query)
    count = found.order_by().count()
    return {
        "page": leaf,
        "count": count,
        "all": DueItem.objects.seen_by(member).standing().filter(line__isnull=False).count(),
        "asked": asked,
        "tasks": list(Task.objects.seen_by(member).filter(retired_at=None).values_list("pk", "name")),
        "programs": list(Program.objects.seen_by(member).filter(retired_at=None).values_list("pk", "name")),
        "here": "plans",
    }


def pasted(lines: list[Line]) -> dict:
    good = [line for line in lines if not line.problem]
    bad = [line for line in lines if line.problem]
    return {"lines": [*bad, *good][:500], "good": len(good), "bad": len(bad), "more": max(0, len(lines) - 500)}
