"""Which items a vehicle has: the lines of the program that matches it, and what was asked for once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from maintenance.domain.matching import Asking, choose
from maintenance.domain.plan import AnchorKind
from maintenance.models import Care, DueItem, KeptStart, Program, ProgramLine
from maintenance.plans import library, matching
from vehicles.models import Vehicle

START = ("anchor", "anchor_on", "anchor_km", "anchor_hours", "anchor_by", "anchor_at")


@dataclass(slots=True)
class Known:
    """The programs of the fleets at hand: what they ask, and their lines by program."""

    asking: dict[int, list[Asking]] = field(default_factory=dict)
    lines: dict[int, list[ProgramLine]] = field(default_factory=dict)

    @property
    def asks_for_groups(self) -> bool:
        return any(asking.groups for known in self.asking.values() for asking in known)


class Item(NamedTuple):
    """As much of a due item as matching asks for: the rest is long, and all of a fleet's items come by here."""

    pk: int
    vehicle_id: int
    task_id: int
    line_id: int | None
    left_at: datetime | None

    @property
    def is_asked_once(self) -> bool:
        """A one-off that is still to be done stays what it is, whatever a program asks."""
        return self.line_id is None and self.left_at is None


def match(vehicles: list[Vehicle]) -> None:
    """Give every vehicle the items of its program; items of a program that matches no longer leave the list.

    Anchors are never chosen here: until a person says when the last service was, it is unknown. What a person has
    said is kept while the task is away, and stands again when it comes back.
    """
    known = programs_of(vehicles)
    ids = [vehicle.pk for vehicle in vehicles]
    groups = matching.groups_of(ids) if known.asks_for_groups else {}
    by_hand = dict(
        Care.objects.filter(vehicle_id__in=ids, program__isnull=False).values_list("vehicle_id", "program_id")
    )
    items: dict[int, dict[int, Item]] = {}
    for row in DueItem.objects.filter(vehicle_id__in=ids).values_list(*Item._fields):
        items.setdefault(row[1], {})[row[2]] = Item(*row)

    new, moved, gone = [], {}, []
    for vehicle in vehicles:
        asking = known.asking[vehicle.fleet_id]
        chosen = choose(asking, matching.car(vehicle, groups), by_hand=by_hand.get(vehicle.pk))
        have = items.get(vehicle.pk, {})
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


def programs_of(vehicles: list[Vehicle]) -> Known:
    """A fleet without any program is given the standard ones."""
    known = Known()
    for fleet in {vehicle.fleet_id: vehicle.fleet for vehicle in vehicles}.values():
        found = Program.objects.for_fleet(fleet).prefetch_related("lines", "groups")
        if not found:
            library.stock(fleet)
            found = found.all()
        standing = [program for program in found if program.retired_at is None]
        known.asking[fleet.pk] = [matching.asking(p, (group.pk for group in p.groups.all())) for p in standing]
        for program in standing:
            known.lines[program.pk] = [line for line in program.lines.all() if line.left_at is None]
    return known


def move(lines: dict[int, ProgramLine]) -> None:
    """These items, by their keys, follow other lines from now on."""
    if not lines:
        return
    items = list(DueItem.objects.filter(pk__in=lines))
    for item in items:
        item.line = lines[item.pk]
        item.once_km = item.once_on = item.left_at = None
        item.once_by = ""
    DueItem.objects.bulk_update(items, ["line", "once_km", "once_on", "once_by", "left_at"])


def leave(keys: list[int]) -> None:
    """The program of these items asks for them no more. What was said of their last service is kept."""
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
