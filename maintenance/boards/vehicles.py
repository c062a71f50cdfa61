"""The vehicle list: every car with its light."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from fleet.kit.units import show_distance
from fleet.owners.models import Membership
from maintenance.boards import health, pages
from maintenance.boards.ages import Age
from maintenance.boards.health import Health
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


def board(member: Membership, *, q: str, light: str, page: str, now: datetime) -> dict:
    found, book = Vehicle.objects.seen_by(member).active().called(q), Rulebook([member.fleet_id])
    light = light if light in set(Light) else ""
    if light:
        found = health.in_light(found, Light(light), member.fleet, book, now)

    def told(chosen: QuerySet[Vehicle]) -> QuerySet[Vehicle]:
        cars = Vehicle.objects.filter(pk__in=chosen.values("pk")).select_related("connection")
        return reach.told(cars, now).order_by("name", "pk")

    leaf = pages.leaf(found.order_by("name", "pk"), page, {"q": q, "light": light}, told=told)
    lights = [(one.value, word, pages.address({"q": q, "light": one.value}, 0)) for one, word in WORDS.items()]
    return {
        "q": q,
        "light": light,
        "light_word": WORDS[Light(light)] if light else "",
        "lights": lights,
        "all_lights": pages.address({"q": q}, 0) or "?",
        "page": leaf,
        "rows": rows(leaf.rows, book, member, now),
        "here": "vehicles",
    }


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
