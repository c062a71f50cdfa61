"""The tasks of a fleet with where each is used, and its groups with who is in them."""

from dataclasses import dataclass

from django.db.models import Count, Q

from fleet.owners.models import Membership
from maintenance.boards import pages
from maintenance.domain.sums import hours
from maintenance.models import DueItem, Program, ProgramLine, Task
from maintenance.plans import words
from vehicles.models import Belonging, Group, Vehicle

MOST_FOUND = 30


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
        "takes": hours(task.minutes) if task.minutes else "",
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
    held = Belonging.objects.filter(group=one, vehicle__fleet=member.fleet, vehicle__retired_at=None)
    found = held.filter(vehicle__in=Vehicle.objects.called(q)) if q else held
    found = found.select_related("vehicle").order_by("vehicle__name", "vehicle_id")
    return {
        "group": one,
        "q": q,
        "count": held.count(),
        "page": pages.leaf(found, page, {"q": q}),
        "programs": list(Program.objects.seen_by(member).filter(groups=one, retired_at=None)),
        "here": "plans",
    }


def candidates(one: Group, member: Membership, *, find: str, ticked: list[int]) -> dict:
    """Vehicles that are not in the group yet and fit the words; those that were ticked before stay, and stand first."""
    others = Vehicle.objects.seen_by(member).active().exclude(belongings__group=one).order_by("name", "pk")
    kept = list(others.filter(pk__in=ticked)) if ticked else []
    found = list(others.exclude(pk__in=[car.pk for car in kept]).called(find)[: MOST_FOUND + 1])
    return {
        "group": one,
        "find": find,
        "kept": kept,
        "found": found[:MOST_FOUND],
        "has_more": len(found) > MOST_FOUND,
    }
