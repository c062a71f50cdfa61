"""What a manager does to a program. Every edit is a new version, and the fleet is reviewed anew."""

from datetime import datetime

from django.db import transaction

from fleet.owners.models import Fleet, User
from maintenance.models import Program, ProgramLine, ProgramVersion
from maintenance.plans import rechecks, words
from vehicles.models import Group

ASKS = "name place powertrains makes kinds year_from year_to by_hand".split()
TERMS = (
    "as_policy every_km distance_typed every_months oil_below_pct every_hours distance_recurs time_recurs hours_recur"
    " grace_km grace_days grace_hours soon_share soon_days"
).split()


class Overtaken(Exception):
    """Somebody else saved the program in between."""


@transaction.atomic
def save(
    program: Program, lines: list[ProgramLine], groups: list[Group], *, seen: int, by: User, now: datetime
) -> Program:
    """Write the program as it was typed over version `seen`. `lines` are all that it shall have, each with its task.

    A line that is taken out only leaves: its items go as the vehicles are reviewed, and keep what was said of them.
    Raises `Overtaken` where the program is at another version by now.
    """
    fleet = Fleet.objects.select_for_update().get(pk=program.fleet_id)
    if program.pk:
        standing = Program.objects.values_list("version", flat=True).get(pk=program.pk)
        if standing != seen:
            raise Overtaken
        first_version(Program.objects.get(pk=program.pk), fleet.units)
        program.version = standing + 1
    program.save()
    program.groups.set(groups)
    held = {line.task_id: line for line in program.lines.all()}
    for line in lines:
        standing = held.pop(line.task_id, None) or ProgramLine(program=program, task_id=line.task_id)
        for name in TERMS:
            setattr(standing, name, getattr(line, name))
        standing.left_at = None
        standing.save()
    ProgramLine.objects.filter(pk__in=[line.pk for line in held.values()], left_at=None).update(left_at=now)
    write_down(program, fleet.units, by_name=str(by), at=now)
    rechecks.begin(fleet, f"{program.name} v{program.version}", by_name=str(by), now=now)
    return program


def first_version(program: Program, units: str) -> None:
    """Of one that was never edited, how it stood is kept before it changes."""
    if not program.versions.exists():
        write_down(program, units, by_name="", at=None)


def write_down(program: Program, units: str, *, by_name: str, at: datetime | None) -> None:
    """Keep this version as text, so that a due point of long ago can still be looked up."""
    lines = program.lines.standing().select_related("task")
    ProgramVersion.objects.create(
        program=program,
        version=program.version,
        matching=words.whom(program, program.groups.values_list("name", flat=True))[:400],
        lines=[{"task": line.task.name, "terms": words.terms(line, units)} for line in lines],
        by_name=by_name,
        at=at,
    )


@transaction.atomic
def retire(program: Program, *, by: User, now: datetime) -> None:
    """It matches nobody any more. Its vehicles take the next program in the order, if one fits."""
    Program.objects.filter(pk=program.pk, retired_at=None).update(retired_at=now)
    rechecks.begin(program.fleet, f"{program.name} retired", by_name=str(by), now=now)


@transaction.atomic
def restore(program: Program, *, by: User, now: datetime) -> None:
    Program.objects.filter(pk=program.pk).update(retired_at=None)
    rechecks.begin(program.fleet, f"{program.name} taken up again", by_name=str(by), now=now)
