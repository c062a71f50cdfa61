"""The programs of a fleet in the order in which they match, and one of them with its lines and its past."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q

from fleet.owners.models import Fleet, Membership
from maintenance.models import Program, ProgramVersion, Recheck
from maintenance.plans import census, matching, rechecks, words
from vehicles.models import Vehicle

NAMED = 12
ROUND_IS_NEWS = 600  # seconds for which a recheck that is over is still told


@dataclass(frozen=True, slots=True)
class Row:
    program: Program
    whom: str
    lines: int
    cars: int
    last: ProgramVersion | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Vehicles that come from another program or go to one; `other` is its name, "" for none."""

    other: str
    cars: int
    some: list[Vehicle]


@dataclass(frozen=True, slots=True)
class Preview:
    after: int
    stay: int
    come: list[Moved]
    go: list[Moved]


def board(member: Membership, now: datetime) -> dict:
    programs = list(shelf(member.fleet))
    standing = [one for one in programs if one.retired_at is None]
    asking = [matching.asking(one, (group.pk for group in one.groups.all())) for one in standing]
    counted = census.count(member.fleet, asking)
    cars: dict[int | None, int] = {}
    for kind, program in census.followed(counted, asking).items():
        cars[program] = cars.get(program, 0) + counted[kind]
    rows = [row(one, cars.get(one.pk, 0)) for one in sorted(standing, key=lambda one: (one.place, one.pk))]
    return {
        "rows": rows,
        "retired": [one for one in programs if one.retired_at is not None],
        "without": cars.get(None, 0),
        "recheck": newest(member.fleet, now),
        "here": "plans",
    }


def shelf(fleet: Fleet):
    """All programs with what their rows tell. Three queries."""
    newest = Prefetch("versions", ProgramVersion.objects.defer("lines"))
    standing = Count("lines", filter=Q(lines__left_at=None))
    return Program.objects.for_fleet(fleet).annotate(standing=standing).prefetch_related("groups", newest)


def row(program: Program, cars: int) -> Row:
    whom = words.whom(program, [group.name for group in program.groups.all()])
    return Row(program, whom, program.standing, cars, next(iter(program.versions.all()), None))


def newest(fleet: Fleet, now: datetime) -> Recheck | None:
    """The recheck under way, or one that was over a moment ago."""
    held = rechecks.running(fleet)
    if held is None or held.over_at is not None and (now - held.over_at).total_seconds() > ROUND_IS_NEWS:
        return None
    return held


def sheet(program: Program, member: Membership, now: datetime) -> dict:
    """One program in words."""
    lines = list(program.lines.standing().select_related("task"))
    return {
        "program": program,
        "whom": words.whom(program, program.groups.values_list("name", flat=True)),
        "lines": [(line, words.terms(line, member.fleet.units)) for line in lines],
        "versions": list(program.versions.all()[:30]),
        "recheck": newest(member.fleet, now),
        "here": "plans",
    }


def preview(fleet: Fleet, program: Program, groups: list[int]) -> Preview:
    """Who would follow the program as it was typed, and who would no more."""
    now = matching.asking_of(fleet)
    key = program.pk or census.NEW
    then = [one for one in now if one.pk != key]
    if program.retired_at is None:
        then.append(matching.asking(program, groups, key=key))
    change = census.change(fleet, now, then, key)
    names = dict(Program.objects.for_fleet(fleet).values_list("pk", "name"))

    def told(move: census.Move) -> Moved:
        return Moved(names.get(move.other, ""), move.cars, census.some_of(fleet, move.kinds, NAMED))

    return Preview(change.after, change.stay, [told(one) for one in change.come], [told(one) for one in change.go])
