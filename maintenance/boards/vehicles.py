"""The vehicle list: every car with its light."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse

from fleet.kit.units import show_distance
from fleet.owners.models import Membership
from maintenance.boards import grouped, health, pages
from maintenance.boards.ages import Age
from maintenance.boards.health import Health
from maintenance.boards.vehicles_asked import Asked
from maintenance.domain.health import Light
from maintenance.domain.why import Explanation
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import DueItem
from vehicles.boards import reach
from vehicles.boards.reach import Reach
from vehicles.domain import codes
from vehicles.domain.signals import Signal
from vehicles.models import Vehicle
from vehicles.waist import meters

WORDS = {
    Light.CRITICAL: "Critical",
    Light.OVERDUE: "Overdue",
    Light.CONTRADICTED: "Not confirmed",
    Light.WARNING: "Warning",
    Light.DUE: "Due now",
    Light.SOON: "Soon",
    Light.UNKNOWN: "Cannot tell",
    Light.OK: "OK",
}


@dataclass(frozen=True, slots=True)
class Row:
    vehicle: Vehicle
    health: Health
    odometer: str  # what the dash shows
    true: str  # where the meter was replaced, the distance of the car
    age: Age | None
    lack: str
    faults: int
    critical: int
    next: DueItem | None
    why: Explanation | None
    reach: Reach

    @property
    def light(self) -> str:
        return self.health.light.value

    @property
    def word(self) -> str:
        return WORDS[self.health.light]


def board(member: Membership, asked: Asked, *, page: str, now: datetime) -> dict:
    book = Rulebook.of(member.fleet)
    leaf = pages.leaf(asked.cars(member, book, now), page, asked.keep, told=partial(told, now=now))
    groups = grouped.names(member)
    return {
        "asked": asked,
        "light_word": WORDS[Light(asked.light)] if asked.light else "",
        "lights": [(one.value, word, asked.but(light=one.value)) for one, word in WORDS.items()],
        "all_lights": asked.but(light=""),
        "groups": groups,
        "group_name": dict(groups).get(asked.group, "another group") if asked.group else "",
        "csv": f"{reverse('maintenance:vehicles-csv')}{asked.here}",
        "page": leaf,
        "rows": rows(leaf.rows, book, member, now),
        "here": "vehicles",
    }


def told(chosen: QuerySet[Vehicle], now: datetime) -> QuerySet[Vehicle]:
    """Those of one page with all that a row tells of each; what is dear is worked out for them alone."""
    cars = Vehicle.objects.filter(pk__in=chosen.values("pk")).select_related("connection")
    return reach.told(cars, now).order_by("name", "pk")


def rows(vehicles: list[Vehicle], book: Rulebook, member: Membership, now: datetime) -> list[Row]:
    scene = health.read(vehicles, book, now)
    return [row(vehicle, scene, member, now) for vehicle in vehicles]


def row(vehicle: Vehicle, scene: health.Scene, member: Membership, now: datetime) -> Row:
    item, faults = scene.first.get(vehicle.pk), scene.faults[vehicle.pk]
    gauge = scene.readings.gauges.get((vehicle.pk, Signal.ODOMETER.value))
    return Row(
        vehicle=vehicle,
        health=scene.healths[vehicle.pk],
        odometer=show_distance(meters.dash_of(gauge), member.fleet.units) if gauge else "",
        true=show_distance(gauge.number, member.fleet.units) if gauge and meters.is_replaced(gauge) else "",
        age=scene.readings.age(vehicle.pk, now, Signal.ODOMETER.value),
        lack=scene.readings.lack(vehicle.pk),
        faults=len(faults),
        critical=sum(meaning.severity == codes.Severity.CRITICAL for meaning in faults),
        next=item,
        why=scene.readings.explain(item, member.fleet, now) if item else None,
        reach=scene.reaches[vehicle.pk],
    )
