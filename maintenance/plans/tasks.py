"""The library of tasks: what a manager does to one."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from fleet.owners.models import Fleet, User
from maintenance.domain.nesting import circle
from maintenance.models import ProgramLine, Task
from maintenance.refusals import Refused


@transaction.atomic
def save(task: Task, includes: Iterable[Task], *, by: User, now: datetime) -> Task:
    """Write it down. A job may include others, and none itself by any way round: `Refused` names the way."""
    fleet = Fleet.objects.select_for_update().get(pk=task.fleet_id)
    includes = list(includes)
    tasks = Task.objects.for_fleet(fleet)
    names = dict(tasks.values_list("pk", "name"))
    if task.pk is None:
        task.key = free_key(set(tasks.values_list("key", flat=True)), task.name)
    else:
        links: dict[int, list[int]] = {}
        for outer, inner in Task.includes.through.objects.filter(from_task__fleet=fleet).values_list(
            "from_task_id", "to_task_id"
        ):
            links.setdefault(outer, []).append(inner)
        links[task.pk] = [one.pk for one in includes]
        if way := circle(links, task.pk):
            said = ", which includes ".join(task.name if pk == task.pk else names[pk] for pk in way[1:])
            raise Refused("includes", f"{task.name} would include itself: it includes {said}.")
    task.edited_by, task.edited_at = str(by)[:120], now
    task.save()
    task.includes.set(includes)
    return task


def free_key(taken: set[str], name: str) -> str:
    """“Wiper blades” → “wiper-blades”, or “wiper-blades-2” where that is taken."""
    plain = slugify(name)[:36] or "task"
    return next(key for n in range(1, len(taken) + 2) if (key := plain if n == 1 else f"{plain}-{n}") not in taken)


@transaction.atomic
def retire(task: Task, *, by: User, now: datetime) -> None:
    """Not offered any more. `Refused` while a program has it: its due items would ask for it on."""
    lines = ProgramLine.objects.standing().filter(task=task, program__retired_at=None)
    programs = sorted(lines.values_list("program__name", flat=True))
    if programs:
        raise Refused("", f"{task.name} is in {', '.join(programs)}. Take it out there first.")
    said = {"edited_by": str(by)[:120], "edited_at": now}
    Task.objects.filter(pk=task.pk, retired_at=None).update(retired_at=now, **said)


@transaction.atomic
def restore(task: Task, *, by: User, now: datetime) -> None:
    Task.objects.filter(pk=task.pk).update(retired_at=None, edited_by=str(by)[:120], edited_at=now)
