"""Where a car is: at its yard, or on the way out of it and back."""

import math
import random

from vehicles.smartcar.sandbox.garage import Car
from vehicles.smartcar.sandbox.roads import DAY, Road

YARD = (44.668, -63.599)
KM_PER_DEGREE = 111.2
WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def at_time(seed: str, car: Car, road: Road, at: float) -> dict:
    """Half of the day's distance leads away from the yard, by another road every day, and half of it back."""
    day = int((at - road.epoch) // DAY)
    bearing = random.Random(f"{seed}:way:{car.number}:{day}").uniform(0, 360)
    driven_km, day_km = road.km_since_midnight(at), road.km_since_midnight(road.epoch + (day + 1) * DAY - 1)
    is_out = driven_km < day_km / 2
    away_km = 0.6 * min(driven_km, max(0.0, day_km - driven_km))
    home_north, home_east = _home(seed, car)
    north, east = away_km * math.cos(math.radians(bearing)), away_km * math.sin(math.radians(bearing))
    place = {
        "latitude": round(YARD[0] + (home_north + north) / KM_PER_DEGREE, 5),
        "longitude": round(YARD[1] + (home_east + east) / KM_PER_DEGREE / math.cos(math.radians(YARD[0])), 5),
    }
    if not road.is_moving(at):
        return place | {"locationType": "LAST_PARKED"}
    heading = round(bearing if is_out else (bearing + 180) % 360, 1)
    return place | {"heading": heading, "direction": WINDS[round(heading / 45) % 8], "locationType": "CURRENT"}


def _home(seed: str, car: Car) -> tuple[float, float]:
    """Every car has its own corner of the yard, in km."""
    dice = random.Random(f"{seed}:yard:{car.number}")
    return dice.uniform(-0.05, 0.05), dice.uniform(-0.05, 0.05)
