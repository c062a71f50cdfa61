"""What a car would tell at a time: a pure function of seed, clock and what the workshop did."""

import random
from bisect import bisect_right
from collections.abc import Iterable

from vehicles.smartcar.sandbox import bodies, faults, upkeep, whereabouts
from vehicles.smartcar.sandbox.battery import Battery
from vehicles.smartcar.sandbox.garage import Car
from vehicles.smartcar.sandbox.roads import DAY, PAST_DAYS, Road
from vehicles.smartcar.sandbox.upkeep import Service


class Condition:
    """One car with its road and its workshop history. `events` are (at, tasks) done since by command."""

    def __init__(self, seed: str, epoch: float, car: Car):
        self.car = car
        self.seed = seed
        self.road = Road(seed, epoch, car)
        self.past = upkeep.remember(seed, car, self.road)
        self.battery = Battery(car, self.road) if car.powertrain in ("BEV", "PHEV") else None
        dice = random.Random(f"{seed}:condition:{car.number}")
        self._oil_wear = dice.uniform(0.90, 0.99)
        self._full_at_km = dice.uniform(0, 500)
        self._low_voltage = dice.uniform(38, 46) if "weak_battery" in car.stories else dice.uniform(78, 92)
        self._leaking_wheel = dice.randrange(4)
        self._oil_done = [done.at for done in self.past if done.task == "oil_change"]
        self._cleared: list[float] = []
        self._tyres_done: list[float] = []
        self._thrown: list[tuple[float, str]] = []
        self._done_by_command: list[Service] = []
        self._meters: list[tuple[float, float]] = []  # since when, and by how much less the dash shows than was driven

    def serviced(self, at: float, tasks: list[str], by: str) -> None:
        """The workshop clears the codes whatever it came for, as a workshop does."""
        self._cleared.append(at)
        odometer_km = self.road.odometer_km(at)
        self._done_by_command += [Service(self.car.id, task, at, odometer_km, by) for task in tasks]
        if "oil_change" in tasks:
            self._oil_done.append(at)
        if "tyre_rotation" in tasks:
            self._tyres_done.append(at)

    def threw(self, at: float, code: str) -> None:
        self._thrown.append((at, code))

    def got_meter(self, at: float, shows_km: float) -> None:
        """The cluster is replaced: from now on the dash counts on from this figure. What was driven stays driven."""
        self._meters.append((at, self.road.odometer_km(at) - shows_km))

    def odometer_km(self, at: float) -> float:
        """What the dash shows."""
        less_km = next((less for since, less in reversed(self._meters) if since <= at), 0.0)
        return round(self.road.odometer_km(at) - less_km, 1)

    def oil_life(self, at: float) -> int:
        """A little over twenty percent are left when the maker's distance is driven."""
        changes = bisect_right(self._oil_done, at)
        if not changes:
            return 60
        driven_km = self.road.odometer_km(at) - self.road.odometer_km(self._oil_done[changes - 1])
        return max(0, round(100 - 80 * self._oil_wear * driven_km / upkeep.OIL_KM))

    def fuel(self, at: float) -> int:
        """Filled up when about an eighth is left."""
        tank_km = self.car.body.range_km * 0.86
        return round(98 - 86 * ((self.road.odometer_km(at) + self._full_at_km) % tank_km) / tank_km)

    def fuel_litres(self, at: float) -> float:
        return round(self.car.body.tank_l * self.fuel(at) / 100, 1)

    def fuel_range_km(self, at: float) -> int:
        return round(self.car.body.range_km * self.fuel(at) / 100)

    def charge(self, at: float) -> int:
        return self.battery.percent(at)

    def electric_range_km(self, at: float) -> int:
        return round(self.car.electric_km * self.charge(at) / 100)

    def whereabouts(self, at: float) -> dict:
        return whereabouts.at_time(self.seed, self.car, self.road, at)

    def low_voltage(self, at: float) -> int:
        return round(self._low_voltage + 4 * self.wobble("volt", at))

    def tyres(self, at: float) -> list[dict]:
        body, since = self.car.body, self._tyres_filled(at)
        weather = 1 + 0.012 * self.wobble("air", at)
        wheels = []
        for wheel in range(4):
            row, column = divmod(wheel, 2)
            kpa = (body.rear_kpa if row else body.front_kpa) * weather * (1 - 0.0006 * (at - since) / DAY)
            if wheel == self._leaking_wheel:
                kpa -= self._leaked_kpa(at)
            wheels.append({"row": row, "column": column, "tirePressure": round(max(kpa, 120), 1)})
        return wheels

    def _leaked_kpa(self, at: float) -> float:
        """A slow puncture since the last weeks of the past, until somebody turns to the tyres."""
        began = self.road.epoch + (PAST_DAYS - 22) * DAY
        if "leak" not in self.car.stories or at < began or any(done <= at for done in self._tyres_done):
            return 0.0
        return min(2.6 * (at - began) / DAY, 90)

    def _tyres_filled(self, at: float) -> float:
        every = 45 * DAY
        usual = at - (at - self.road.epoch + self.car.number * 3 * DAY) % every
        return max([usual, *(done for done in self._tyres_done if done <= at)])

    def wobble(self, what: str, at: float) -> float:
        """-1..1, another one every day, the same all day."""
        return random.Random(f"{self.seed}:{what}:{self.car.number}:{int(at // DAY)}").uniform(-1, 1)

    def codes(self, at: float) -> dict[str, float]:
        shown = faults.codes(self.seed, self.car, self.road.epoch, at)
        for thrown_at, code in self._thrown:
            if thrown_at <= at:
                shown.setdefault(code, thrown_at)
        cleared = max((done for done in self._cleared if done <= at), default=0.0)
        return {code: since for code, since in sorted(shown.items()) if since > cleared}

    def services(self) -> list[Service]:
        """What was ever done to this car, as far as anybody wrote it down."""
        return [done for done in self.past if upkeep.is_recorded(self.car, done)] + self._done_by_command

    def is_asleep(self, at: float) -> bool:
        """A car dozes off when it has stood for half an hour without charging."""
        stirs = any(self.road.is_moving(at - minutes * 60) for minutes in (0, 10, 20, 30))
        return not stirs and not (self.battery and self.battery.is_charging(at))

    def bodies(self, at: float, wanted: Iterable[str] | None = None) -> dict[str, dict]:
        """Signal code -> body, for everything this car can tell, or for what is wanted of it."""
        return bodies.told(self, at, self.car.told if wanted is None else [c for c in wanted if c in self.car.told])
