"""Another interval beside the one that stands: jobs a year, and who enters or leaves the overdue list."""

from dataclasses import dataclass
from datetime import datetime

from fleet.kit.units import number
from fleet.owners.models import Membership
from maintenance.domain.status import Status
from maintenance.models import ProgramLine
from maintenance.plans import whatif, words
from maintenance.plans.whatif import Moved, Outcome

NAMED = 100
ORDER = (Status.OVERDUE, Status.DUE, Status.SOON, Status.UNKNOWN, Status.OK)


@dataclass(frozen=True, slots=True)
class Count:
    status: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    terms: str
    jobs_before: str
    jobs_after: str
    counts: list[Count]
    enter: list[Moved]
    leave: list[Moved]


def lines(member: Membership):
    found = ProgramLine.objects.standing().filter(program__fleet=member.fleet, program__retired_at=None)
    found = found.select_related("program__fleet__policy", "task")
    return found.order_by("program__place", "program__name", "task__name", "pk")


def answer(row: ProgramLine, draft: ProgramLine, now: datetime) -> Answer:
    found = whatif.look(row, draft, now=now)
    return Answer(
        outcome=found,
        terms=words.terms(draft, row.program.fleet.units),
        jobs_before=shown(found.jobs_before),
        jobs_after=shown(found.jobs_after),
        counts=[Count(status.value, found.before[status.value], found.after[status.value]) for status in ORDER],
        enter=found.enter[:NAMED],
        leave=found.leave[:NAMED],
    )


def shown(jobs: float) -> str:
    return number(jobs, 0 if jobs >= 20 else 1)
