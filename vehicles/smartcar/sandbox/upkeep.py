"""The workshop's past: what was done to each car before the sandbox first started, and at which odometer."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from vehicles.smartcar.sandbox.garage import Car
from vehicles.smartcar.sandbox.roads import DAY, HOUR, PAST_DAYS, Road

TASKS = ("oil_change", "tyre_rotation", "brake_inspection", "cabin_filter", "brake_fluid")
WORKSHOPS = ("Northgate Garage", "Quick Lane 12", "Harbour Tyre & Brake")
# The one that belongs to a dealer, so that some makers hear of what was done there.
DEALER = "Quick Lane 12"
OIL_KM = 8_047

# Kilometres and days after which the workshop usually saw the car again.
HABITS = {
    "oil_change": (OIL_KM, 365),
    "tyre_rotation": (12_000, 365),
    "brake_inspection": (20_000, 365),
    "cabin_filter": (24_000, 365),
    "brake_fluid": (60_000, 730),
}

# Electric cars are heavier on tyres, and easier on the rest.
ELECTRIC_HABITS = HABITS | {"tyre_rotation": (10_000, 365)}

# How much of an interval is used today, where a car has a story; everything else lies well inside.
STORIES = {
    ("oil_overdue", "oil_change"): (1.09, 1.16),
    ("oil_soon", "oil_change"): (0.93, 0.975),
    ("oil_never", "oil_change"): (1.22, 1.24),
    ("rotation_overdue", "tyre_rotation"): (1.10, 1.16),
    ("rotation_soon", "tyre_rotation"): (0.95, 0.98),
}
INSIDE = (0.10, 0.74)


@dataclass(frozen=True, slots=True)
class Service:
    vehicle_id: str
    task: str
    at: float
    odometer_km: float
    by: str

    def as_json(self) -> dict:
        done = datetime.fromtimestamp(self.at, UTC)
        return {
            "vehicleId": self.vehicle_id,
            "task": self.task,
            "on": done.date().isoformat(),
            "at": done.isoformat().replace("+00:00", "Z"),
            "odometerKm": round(self.odometer_km, 1),
            "by": self.by,
        }


def remember(seed: str, car: Car, road: Road) -> list[Service]:
    """Every service of one car up to the first start, oldest first."""
    tasks = [task for task in TASKS if not (task == "oil_change" and car.is_electric)]
    return sorted((done for task in tasks for done in _history(seed, car, road, task)), key=lambda done: done.at)


def _history(seed: str, car: Car, road: Road, task: str) -> list[Service]:
    """Walk back from today: the last service lies the told share of an interval ago, the others before it."""
    dice = random.Random(f"{seed}:upkeep:{car.number}:{task}")
    share = dice.uniform(*next((STORIES[key] for key in STORIES if key[0] in car.stories and key[1] == task), INSIDE))
    habits = ELECTRIC_HABITS if car.is_electric else HABITS
    done, at = [], road.epoch + PAST_DAYS * DAY
    while True:
        at = _earlier(road, at, habits[task], share)
        odometer_km = road.odometer_km(at)
        if odometer_km < 500 or (done and at < road.epoch - PAST_DAYS * DAY):
            return done
        done.append(Service(car.id, task, at, odometer_km, dice.choice(WORKSHOPS)))
        share = dice.uniform(0.85, 1.05) if dice.random() < 0.85 else dice.uniform(1.1, 1.25)


def _earlier(road: Road, at: float, habit: tuple[int, int], share: float) -> float:
    """The workday noon at which this share of the interval began, by distance or by date, whichever is later."""
    every_km, every_days = habit
    by_distance = road.when(road.odometer_km(at) - share * every_km)
    day = max(by_distance, at - share * every_days * DAY) // DAY
    if (day + 3) % 7 == 6:
        day -= 1
    return min(day * DAY + 12 * HOUR, at - DAY)


def is_recorded(car: Car, service: Service) -> bool:
    """A car with the story "oil_never" had its oil changed by somebody who kept no books."""
    return not ("oil_never" in car.stories and service.task == "oil_change")
