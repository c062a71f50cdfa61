"""What a car would tell at a time: a pure function of seed, clock and what the workshop did."""

import random
from bisect import bisect_right
from datetime import UTC, datetime

from vehicles.smartcar.sandbox import catalogue, faults, upkeep
from vehicles.smartcar.sandbox.garage import Car
from vehicles.smartcar.sandbox.roads import DAY, PAST_DAYS, Road

LOW_TYRE = 0.80
SYSTEM_OF_CODE = {
    "C": "diagnostics-abs",
    "U012": "diagnostics-abs",
    "P07": "diagnostics-transmission",
    "P0A": "diagnostics-evhvbattery",
    "P052": "diagnostics-oilpressure",
}


class Condition:
    """One car with its road and its workshop history. `events` are (at, tasks) done since by command."""

    def __init__(self, seed: str, epoch: float, car: Car):
        self.car = car
        self.seed = seed
        self.road = Road(seed, epoch, car)
        self.past = upkeep.remember(seed, car, self.road)
        dice = random.Random(f"{seed}:condition:{car.number}")
        self._oil_wear = dice.uniform(0.90, 0.99)
        self._full_at_km = dice.uniform(0, 500)
        self._low_voltage = dice.uniform(38, 46) if "weak_battery" in car.stories else dice.uniform(78, 92)
        self._leaking_wheel = dice.randrange(4)
        self._oil_done = [done.at for done in self.past if done.task == "oil_change"]
        self._cleared: list[float] = []
        self._tyres_done: list[float] = []
        self._thrown: list[tuple[float, str]] = []

    def serviced(self, at: float, tasks: list[str]) -> None:
        """The workshop clears the codes whatever it came for, as a workshop does."""
        self._cleared.append(at)
        if "oil_change" in tasks:
            self._oil_done.append(at)
        if "tyre_rotation" in tasks:
            self._tyres_done.append(at)

    def threw(self, at: float, code: str) -> None:
        self._thrown.append((at, code))

    def odometer_km(self, at: float) -> float:
        return round(self.road.odometer_km(at), 1)

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

    def charge(self, at: float) -> int:
        """Charged overnight, and at noon by those who drive further than the battery reaches."""
        reach_km = (60 if self.car.powertrain == "PHEV" else self.car.body.range_km) * 0.8
        return round(92 - 78 * (self.road.km_since_midnight(at) % reach_km) / reach_km)

    def low_voltage(self, at: float) -> int:
        return round(self._low_voltage + 4 * self._wobble("volt", at))

    def tyres(self, at: float) -> list[dict]:
        body, since = self.car.body, self._tyres_filled(at)
        weather = 1 + 0.012 * self._wobble("air", at)
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

    def _wobble(self, what: str, at: float) -> float:
        """-1..1, another one every day, the same all day."""
        return random.Random(f"{self.seed}:{what}:{self.car.number}:{int(at // DAY)}").uniform(-1, 1)

    def codes(self, at: float) -> dict[str, float]:
        shown = faults.codes(self.seed, self.car, self.road.epoch, at)
        for thrown_at, code in self._thrown:
            if thrown_at <= at:
                shown.setdefault(code, thrown_at)
        cleared = max((done for done in self._cleared if done <= at), default=0.0)
        return {code: since for code, since in sorted(shown.items()) if since > cleared}

    def bodies(self, at: float) -> dict[str, dict]:
        """Signal code -> body, for everything this car can tell."""
        told, codes, tyres = self.car.told, self.codes(at), self.tyres(at)
        bodies = {
            catalogue.ODOMETER.code: {"unit": "km", "value": self.odometer_km(at)},
            catalogue.VIN.code: {"value": self.car.vin},
            catalogue.OIL_LIFE.code: {"unit": "percent", "value": self.oil_life(at)},
            catalogue.FUEL.code: {"unit": "percent", "value": self.fuel(at)},
            catalogue.CHARGE.code: {"unit": "percent", "value": self.charge(at)},
            catalogue.LOW_VOLTAGE.code: {"unit": "percent", "value": self.low_voltage(at)},
            catalogue.TYRES.code: {"values": tyres, "rowCount": 2, "columnCount": 2, "unit": "kPa"},
            catalogue.CODES.code: {
                "values": [{"code": code, "timestamp": iso(since)} for code, since in codes.items()],
            },
        } | self._lights(at, codes, tyres)
        return {code: body for code, body in bodies.items() if code in told}

    def _lights(self, at: float, codes: dict[str, float], tyres: list[dict]) -> dict[str, dict]:
        lit: dict[str, str] = {}
        if codes:
            lit["diagnostics-mil"] = "Malfunction indicator lamp is on"
        for code in codes:
            for prefix, light in SYSTEM_OF_CODE.items():
                if code.startswith(prefix):
                    lit[light] = f"{code} stored"
        body = self.car.body
        if any(w["tirePressure"] < LOW_TYRE * (body.rear_kpa if w["row"] else body.front_kpa) for w in tyres):
            lit["diagnostics-tirepressure"] = "Low tire pressure"
        if self._wobble("washer", at) > 0.94:
            lit["diagnostics-washerfluid"] = "Washer fluid low"
        return {
            light.code: {"status": "ALERT" if light.code in lit else "OK", "description": lit.get(light.code)}
            for light in catalogue.LIGHTS
        }


def iso(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).isoformat().replace("+00:00", "Z")
