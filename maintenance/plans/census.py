"""Which program each vehicle of a fleet follows, counted by kind: a fleet has many vehicles and few kinds of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from fleet.owners.models import Fleet
from maintenance.domain.matching import Asking, Car, choose
from maintenance.models import Care
from vehicles.models import Group, Vehicle

NEW = 2**62  # the key of a program that is not saved yet: of equal places the older wins


@dataclass(frozen=True, slots=True)
class Kind:
    """Vehicles that every program sees alike. `by_hand` is the program that they were given."""

    car: Car
    by_hand: int | None = None
    vehicle: int | None = None  # where a group or a hand sets one vehicle apart


def count(fleet: Fleet, asking: Iterable[Asking]) -> dict[Kind, int]:
    """How many active vehicles of each kind there are, as far as these programs can tell them apart. Four queries."""
    groups = frozenset().union(*(one.groups for one in asking))
    sorted_in: dict[int, set[int]] = {}
    for group, vehicle in Group.vehicles.through.objects.filter(group__in=groups).values_list("group_id", "vehicle_id"):
        sorted_in.setdefault(vehicle, set()).add(group)
    given = dict(Care.objects.filter(fleet=fleet, program__isnull=False).values_list("vehicle_id", "program_id"))
    apart = sorted_in.keys() | given.keys()
    cars = Vehicle.objects.for_fleet(fleet).active().order_by()
    alike = cars.exclude(pk__in=_all_of(groups, fleet)).values_list("make", "model", "year", "powertrain")
    found = {Kind(Car(*row)): n for *row, n in alike.annotate(n=Count("pk"))}
    if apart:
        rows = cars.filter(pk__in=_all_of(groups, fleet)).values_list("pk", "make", "model", "year", "powertrain")
        for pk, *row in rows:
            found[Kind(Car(*row, frozenset(sorted_in.get(pk, ()))), given.get(pk), pk)] = 1
    return found


def _all_of(groups: Collection[int], fleet: Fleet) -> QuerySet[Vehicle]:
    """Those that a group or a hand sets apart."""
    set_apart = Q(groups__in=groups) | Q(care__program__isnull=False)
    return Vehicle.objects.for_fleet(fleet).filter(set_apart).order_by().values("pk")


def followed(kinds: Iterable[Kind], asking: Collection[Asking]) -> dict[Kind, int | None]:
    """The program that each kind follows."""
    return {kind: choose(asking, kind.car, by_hand=kind.by_hand) for kind in kinds}


@dataclass(slots=True)
class Move:
    """Vehicles that would follow another program: `other` is the one they come from, or go to."""

    other: int | None
    cars: int = 0
    kinds: list[Kind] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit of one program does to who follows it."""

    stay: int
    come: list[Move]
    go: list[Move]

    @property
    def after(self) -> int:
        return self.stay + sum(move.cars for move in self.come)


def change(fleet: Fleet, now: Collection[Asking], then: Collection[Asking], program: int) -> Change:
    """Who follows `program` by what the fleet's programs ask now, and by what they would ask."""
    counted = count(fleet, [*now, *then])
    before, after = followed(counted, now), followed(counted, then)
    stay, come, go = 0, {}, {}
    for kind, cars in counted.items():
        was, will = before[kind], after[kind]
        if was == will == program:
            stay += cars
        elif will == program:
            _note(come.setdefault(was, Move(was)), kind, cars)
        elif was == program:
            _note(go.setdefault(will, Move(will)), kind, cars)
    return Change(stay, list(come.values()), list(go.values()))


def _note(move: Move, kind: Kind, cars: int) -> None:
    move.cars += cars
    move.kinds.append(kind)


def some_of(fleet: Fleet, kinds: Collection[Kind], most: int) -> list[Vehicle]:
    """The first of these by name. One query."""
    asked = Q(pk__in=[])
    for kind in list(kinds)[:most]:
        car = kind.car
        alike = Q(make=car.make, model=car.model, year=car.year, powertrain=car.powertrain)
        asked |= Q(pk=kind.vehicle) if kind.vehicle is not None else alike
    return list(Vehicle.objects.for_fleet(fleet).active().filter(asked).order_by("name", "pk")[:most])
