"""The battery that drives a car: emptied by the road, charged while the car rests."""

from vehicles.smartcar.sandbox.garage import Car
from vehicles.smartcar.sandbox.roads import DAY, HOUR, Road

FULL, USED = 92, 78
CHARGING_SECONDS = 2 * HOUR
# How long after it is full the cable stays in.
RESTING_SECONDS = 5 * HOUR


class Battery:
    """Charged overnight, at noon by the night shift, and on the way by those who drive further than it reaches."""

    def __init__(self, car: Car, road: Road):
        self._road = road
        self._reach_km = car.electric_km * 0.8
        self._full_at = 12 * HOUR if car.shift == "night" else 0.0

    def percent(self, at: float) -> int:
        left = FULL - USED * (self._driven_km(at) % self._reach_km) / self._reach_km
        return round(left + (FULL - left) * self._charged(at))

    def is_charging(self, at: float) -> bool:
        return self._charged(at) > 0 and self._driven_km(at) > 0

    def is_plugged_in(self, at: float) -> bool:
        resting = self._since_full(at) < RESTING_SECONDS or self._charged(at) > 0
        return resting and not self._road.is_moving(at)

    def status(self, at: float) -> str:
        if self.is_charging(at):
            return "CHARGING"
        return "FULLY_CHARGED" if self.is_plugged_in(at) else "NOT_CHARGING"

    def _since_full(self, at: float) -> float:
        return (at - self._road.epoch - self._full_at) % DAY

    def _driven_km(self, at: float) -> float:
        return self._road.odometer_km(at) - self._road.odometer_km(at - self._since_full(at))

    def _charged(self, at: float) -> float:
        """Which part of what was used is back in, before the hour at which the battery is full."""
        return max(0.0, 1 - (DAY - self._since_full(at)) / CHARGING_SECONDS)
