"""Programs and vehicles as the pure rule of matching reads them."""

from collections import defaultdict
from collections.abc import Iterable

from fleet.owners.models import Fleet
from maintenance.domain.matching import Asking, Car
from maintenance.models import Program
from vehicles.models import Group, Vehicle


def asking(program: Program, groups: Iterable[int], *, key: int | None = None) -> Asking:
    """`key` stands for a program that has none yet."""
    return Asking(
        pk=key or program.pk,
        place=program.place,
        makes=tuple(program.makes),
        models=tuple(program.kinds),
        powertrains=tuple(program.powertrains),
        year_from=program.year_from,
        year_to=program.year_to,
        groups=frozenset(groups),
        by_hand=program.by_hand,
    )


def asking_of(fleet: Fleet) -> list[Asking]:
    """What each program of a fleet asks, less those that are retired. Two queries."""
    known = Program.objects.for_fleet(fleet).filter(retired_at=None).prefetch_related("groups")
    return [asking(program, (group.pk for group in program.groups.all())) for program in known]


def groups_of(vehicle_ids: Iterable[int] | None, fleet: Fleet | None = None) -> dict[int, frozenset[int]]:
    """The groups of these vehicles, or of all of a fleet."""
    through = Group.vehicles.through.objects
    rows = through.filter(group__fleet=fleet) if vehicle_ids is None else through.filter(vehicle_id__in=vehicle_ids)
    found: dict[int, set[int]] = defaultdict(set)
    for vehicle_id, group_id in rows.values_list("vehicle_id", "group_id"):
        found[vehicle_id].add(group_id)
    return {pk: frozenset(groups) for pk, groups in found.items()}


def car(vehicle: Vehicle, groups: dict[int, frozenset[int]]) -> Car:
    return Car(vehicle.make, vehicle.model, vehicle.year, vehicle.powertrain, groups.get(vehicle.pk, frozenset()))
