"""Pasted last services, each line with the vehicle and the task that it means."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fleet.kit.units import Units
from fleet.owners.models import Fleet
from maintenance.domain import pasting
from maintenance.models import DueItem, Task
from vehicles.domain.signals import CATALOGUE, Signal
from vehicles.models import Vehicle

MOST_KM = CATALOGUE[Signal.ODOMETER].high


@dataclass(frozen=True, slots=True)
class Line:
    """`problem` is "" where the line can be taken; `is_asked` whether a program asks for the task on that vehicle."""

    row: pasting.Row
    vehicle: Vehicle | None = None
    task: Task | None = None
    problem: str = ""
    is_asked: bool = True


def understand(text: str, fleet: Fleet, *, now: datetime) -> list[Line]:
    """Every line in its order. Three queries, however many lines there are."""
    rows = list(pasting.rows(text, unit=Units(fleet.units).distance, today=fleet.day(now)))
    cars, tasks = called(fleet), {}
    for task in Task.objects.for_fleet(fleet).filter(retired_at=None):
        tasks[plain(task.name)] = tasks[plain(task.key)] = task
    found = [one(row, cars, tasks) for row in rows]
    asked = asked_of(line.vehicle for line in found if not line.problem)
    seen: set[tuple] = set()
    said = []
    for line in found:
        if not line.problem:
            key = line.vehicle.pk, line.task.pk
            problem = "The same vehicle and task stand on a line above." if key in seen else ""
            line = Line(line.row, line.vehicle, line.task, problem, key in asked)
            seen.add(key)
        said.append(line)
    return said


def one(row: pasting.Row, cars: dict[str, list[Vehicle]], tasks: dict[str, Task]) -> Line:
    if row.problem:
        return Line(row, problem=row.problem)
    if row.km is not None and row.km > MOST_KM:
        return Line(row, problem="No odometer stands there. Check the figures.")
    named = cars.get(plain(row.vehicle), [])
    if len(named) > 1:
        return Line(row, problem=f"{len(named)} vehicles are called “{row.vehicle}”. Use the plate or the VIN.")
    if not named:
        return Line(row, problem=f"No vehicle is called “{row.vehicle}”, by name, plate or VIN.")
    task = tasks.get(plain(row.task))
    if task is None:
        return Line(row, problem=f"There is no task “{row.task}” in the library.")
    return Line(row, named[0], task)


def called(fleet: Fleet) -> dict[str, list[Vehicle]]:
    """The active vehicles by name, plate and VIN."""
    found: dict[str, list[Vehicle]] = {}
    cars = Vehicle.objects.for_fleet(fleet).active().only("pk", "fleet", "name", "plate", "vin", "registered_on")
    for car in cars:
        car.fleet = fleet
        for name in {plain(car.name), plain(car.plate), plain(car.vin)} - {""}:
            found.setdefault(name, []).append(car)
    return found


def asked_of(vehicles: Iterable[Vehicle]) -> set[tuple[int, int]]:
    """What programs ask of these, as vehicle and task."""
    keys = {vehicle.pk for vehicle in vehicles}
    items = DueItem.objects.filter(vehicle__in=keys, left_at=None)
    return set(items.values_list("vehicle_id", "task_id"))


def plain(text: str) -> str:
    return "".join(text.split()).casefold()
