"""Which items a vehicle has: the lines of the program that matches it, and what was asked for once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects

from maintenance import gathering, ledger
from maintenance.domain.matching import Asking, choose
from maintenance.domain.plan import AnchorKind
from maintenance.ledger import Item
from maintenance.models import DueItem, KeptStart, Program, ProgramLine, Snooze
from maintenance.plans import library, matching
from vehicles.models import Vehicle

START = ("anchor", "anchor_on", "anchor_km", "anchor_reading_id", "anchor_hours", "anchor_by", "anchor_at")


@dataclass(slots=True)
class Known:
    """The programs of the fleets at hand: what they ask, and their lines by program."""

    asking: dict[int, list[Asking]] = field(default_factory=dict)
    lines: dict[int, list[ProgramLine]] = field(default_factory=dict)

    @property
    def asks_for_groups(self) -> bool:
        return any(asking.groups for known in self.asking.values() for asking in known)


def match(vehicles: list[Vehicle]) -> tuple[list[Item], dict[int, ProgramLine]]:
    """Give every vehicle the items of its program; items of a program that matches no longer leave the list.

    Anchors are never chosen here: until a person says when the last service was, it is unknown. What a person has
    said is kept while the task is away, and stands again when it comes back. Returns all items as they stand now,
    with the lines that they follow.
    """
    known = programs_of(vehicles)
    ids = [vehicle.pk for vehicle in vehicles]
    groups = matching.groups_of(ids) if known.asks_for_groups else {}
    items = ledger.items(ids)
    standing: dict[int, dict[int, Item]] = {}
    for item in items:
        standing.setdefault(item.vehicle_id, {})[item.task_id] = item

    new, moved, gone = [], {}, []
    for vehicle in vehicles:
        care = gathering.care_of(vehicle)
        by_hand = None if care is None else care.program_id
        chosen = choose(known.asking[vehicle.fleet_id], matching.car(vehicle, groups), by_hand=by_hand)
        have = standing.get(vehicle.pk, {})
        for line in known.lines.get(chosen, []):
            item = have.pop(line.task_id, None)
            if item is None:
                new.append(DueItem(fleet_id=vehicle.fleet_id, vehicle=vehicle, task_id=line.task_id, line=line))
            elif item.line_id != line.pk and not item.is_asked_once:
                moved[item.pk] = line
        gone += [item.pk for item in have.values() if item.line_id is not None]
    leave(gone)
    come(new)
    move(moved)
    lines = {line.pk: line for lines in known.lines.values() for line in lines}
    return ledger.items(ids) if new or moved or gone else items, lines


def programs_of(vehicles: list[Vehicle]) -> Known:
    """A fleet without any program is given the standard ones."""
    fleets = {vehicle.fleet_id: vehicle.fleet for vehicle in vehicles}
    known = Known({pk: [] for pk in fleets})
    found = all_of(fleets)
    bare = set(fleets) - {program.fleet_id for program in found}
    for pk in bare:
        library.stock(fleets[pk])
    for program in found + all_of(bare):
        if program.retired_at is None:
            groups = (group.pk for group in program.groups.all()) if program.is_for_groups else ()
            known.asking[program.fleet_id].append(matching.asking(program, groups))
            known.lines[program.pk] = list(program.lines.all())
    return known


def all_of(fleet_ids: Iterable[int]) -> list[Program]:
    """The programs of these fleets, retired ones too, with their standing lines. Two queries; three with groups."""
    joins = Program.groups.through.objects.filter(program=OuterRef("pk"))
    found = list(
        Program.objects.filter(fleet_id__in=fleet_ids)
        .annotate(is_for_groups=Exists(joins))
        .prefetch_related(Prefetch("lines", ProgramLine.objects.standing()))
    )
    prefetch_related_objects([program for program in found if program.is_for_groups], "groups")
    return found


def move(lines: dict[int, ProgramLine]) -> None:
    """These items, by their keys, follow other lines from now on."""
    if not lines:
        return
    items = list(DueItem.objects.filter(pk__in=lines))
    for item in items:
        item.line = lines[item.pk]
        item.once_km = item.once_on = item.once_since = item.left_at = None
        item.once_by = ""
    DueItem.objects.bulk_update(items, ["line", "once_km", "once_on", "once_since", "once_by", "left_at"])


def leave(keys: list[int]) -> None:
    """The program of these items asks for them no more. What was said of the last service, and a snooze, stays."""
    if not keys:
        return
    said = DueItem.objects.filter(pk__in=keys).exclude(anchor=AnchorKind.UNKNOWN)
    KeptStart.objects.bulk_create(
        (
            KeptStart(vehicle_id=item.vehicle_id, task_id=item.task_id, **{name: getattr(item, name) for name in START})
            for item in said
        ),
        update_conflicts=True,
        unique_fields=["vehicle", "task"],
        update_fields=START,
    )
    DueItem.objects.filter(pk__in=keys).delete()


def come(items: list[DueItem]) -> None:
    if not items:
        return
    cars = {item.vehicle_id for item in items}
    kept = {(start.vehicle_id, start.task_id): start for start in KeptStart.objects.filter(vehicle_id__in=cars)}
    for item in items:
        if start := kept.pop((item.vehicle_id, item.task_id), None):
            for name in START:
                setattr(item, name, getattr(start, name))
    DueItem.objects.bulk_create(items, ignore_conflicts=True)
    again = DueItem.objects.filter(vehicle=OuterRef("vehicle"), task=OuterRef("task"), line__isnull=False).values("pk")
    away = Snooze.objects.filter(Exists(again), vehicle_id__in=cars, item=None)
    away.update(item_id=Subquery(again))
