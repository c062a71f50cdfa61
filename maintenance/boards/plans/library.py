"""The tasks of a fleet with where each is used, and its groups with who is in them."""

from dataclasses import dataclass

from django.db.models import Count, Q

from fleet.owners.models import Membership
from maintenance.boards import pages
from maintenance.models import DueItem, Program, ProgramLine, Task
from maintenance.plans import words
from vehicles.models import Group, Vehicle


@dataclass(frozen=True, slots=True)
class Row:
    task: Task
    programs: list[str]
    includes: list[str]
    items: int


def tasks(member: Membership) -> dict:
    """Five queries, however many tasks and vehicles."""
    found = list(Task.objects.seen_by(member).prefetch_related("includes"))
    used: dict[int, list[str]] = {}
    lines = ProgramLine.objects.standing().filter(program__fleet=member.fleet, program__retired_at=None)
    for task, program in lines.order_by("program__place").values_list("task_id", "program__name"):
        used.setdefault(task, []).append(program)
    items = DueItem.objects.for_fleet(member.fleet).standing().order_by().values_list("task_id")
    counts = dict(items.annotate(n=Count("pk")))
    rows = [
        Row(one, used.get(one.pk, []), [each.name for each in one.includes.all()], counts.get(one.pk, 0))
        for one in found
    ]
    return {
        "rows": [row for row in rows if row.task.retired_at is None],
        "retired": [row for row in rows if row.task.retired_at is not None],
        "here": "plans",
    }


def sheet(task: Task, member: Membership) -> dict:
    """One task in words, with the jobs that it includes, in full: whoever does it does those too."""
    lines = ProgramLine.objects.standing().filter(task=task, program__retired_at=None).select_related("program")
    return {
        "task": task,
        "parts": [one for one in task.includes.all() if one.retired_at is None],
        "inside": [one for one in task.included_in.all() if one.retired_at is None],
        "lines": [(line, words.terms(line, member.fleet.units)) for line in lines.order_by("program__place")],
        "here": "plans",
    }


def groups(member: Membership) -> dict:
    active = Count("vehicles", filter=Q(vehicles__retired_at=None))
    found = Group.objects.seen_by(member).annotate(cars=active).prefetch_related("programs")
    return {"groups": list(found), "here": "plans"}


def group(one: Group, member: Membership, *, q: str, page: str) -> dict:
    cars = Vehicle.objects.seen_by(member).active().filter(groups=one)
    found = cars.called(q) if q else cars
    return {
        "group": one,
        "q": q,
        "count": cars.count(),
        "page": pages.leaf(found.order_by("name", "pk"), page, {"q": q}),
        "programs": list(Program.objects.seen_by(member).filter(groups=one, retired_at=None)),
        "here": "plans",
    }
