"""The paths of a vehicle in v2: which permission each wants, and what it tells of the signals that v3 tells too."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from vehicles.smartcar.sandbox import battery, catalogue, v2_visits
from vehicles.smartcar.sandbox.catalogue import Signal
from vehicles.smartcar.sandbox.v2_visits import times

WHEELS = {(0, 0): "frontLeft", (0, 1): "frontRight", (1, 0): "backLeft", (1, 1): "backRight"}
SYSTEMS = {
    name.replace("_", "").lower(): f"SYSTEM_{name}"
    for name in (
        "ABS ACTIVE_SAFETY AIRBAG BRAKE_FLUID DRIVER_ASSISTANCE EMISSIONS EV_BATTERY_CONDITIONING EV_CHARGING "
        "EV_DRIVE_UNIT EV_HV_BATTERY LIGHTING MIL OIL_LIFE OIL_PRESSURE OIL_TEMPERATURE TELEMATICS TIRE_PRESSURE "
        "TIRE_PRESSURE_MONITORING TRANSMISSION WASHER_FLUID WATER_IN_FUEL"
    ).split()
}
# As all of Smartcar's examples call it, and none of its lists.
SYSTEMS["tirepressuremonitoring"] = "SYSTEM_TPMS"


@dataclass(frozen=True, slots=True)
class Units:
    """What a kilometre, a litre and a kilopascal are in this system."""

    name: str
    km: float = 1.0
    litre: float = 1.0
    kpa: float = 1.0


METRIC = Units("metric")
IMPERIAL = Units("imperial", km=1 / 1.609344, litre=1 / 3.785411784, kpa=1 / 6.894757)
UNITS = {units.name: units for units in (METRIC, IMPERIAL)}


class Bodies:
    """Signal bodies by code, read in one system of units. A signal without a body is None here."""

    def __init__(self, bodies: dict[str, dict], units: Units):
        self._bodies = bodies
        self.units = units

    def __contains__(self, signal: Signal) -> bool:
        return signal.code in self._bodies

    def body(self, signal: Signal) -> dict:
        return self._bodies[signal.code]

    def value(self, signal: Signal) -> object:
        return self._bodies[signal.code]["value"] if signal in self else None

    def share(self, signal: Signal) -> float:
        return round(self._bodies[signal.code]["value"] / 100, 4)

    def number(self, signal: Signal, factor: float) -> float | None:
        return None if signal not in self else times(self.value(signal), factor)


@dataclass(frozen=True, slots=True)
class Path:
    """`needs` must all be there for an answer; without any, one of `signals` is enough."""

    permission: str
    signals: tuple[Signal, ...]
    draw: Callable[[Bodies], object]
    needs: tuple[Signal, ...] = ()

    def is_told(self, codes: Container[str]) -> bool:
        """Whether a car that tells these signals has an answer here."""
        if self.needs:
            return all(signal.code in codes for signal in self.needs)
        return any(signal.code in codes for signal in self.signals)


def _of(draw: Callable[[Bodies], object], *needs: Signal, also: tuple[Signal, ...] = ()) -> Path:
    return Path(needs[0].permission, (*needs, *also), draw, needs)


def _fuel(bodies: Bodies) -> dict:
    return {
        "percentRemaining": bodies.share(catalogue.FUEL),
        "amountRemaining": bodies.number(catalogue.FUEL_AMOUNT, bodies.units.litre),
        "range": bodies.number(catalogue.FUEL_RANGE, bodies.units.km),
    }


def _battery(bodies: Bodies) -> dict:
    return {
        "percentRemaining": bodies.share(catalogue.CHARGE),
        "range": bodies.number(catalogue.ELECTRIC_RANGE, bodies.units.km),
    }


def _nominal_capacity(bodies: Bodies) -> dict:
    body = bodies.body(catalogue.CAPACITY)
    return {
        "availableCapacities": body["availableCapacities"],
        "capacity": {"nominal": body["capacity"], "source": body["source"]},
        "url": None,
    }


def _charge(bodies: Bodies) -> dict:
    return {"isPluggedIn": bodies.value(catalogue.IS_PLUGGED_IN), "state": bodies.value(catalogue.CHARGING_STATUS)}


def _tyres(bodies: Bodies) -> dict:
    wheels = bodies.body(catalogue.TYRES)["values"]
    return {WHEELS[w["row"], w["column"]]: times(w["tirePressure"], bodies.units.kpa) for w in wheels}


def _systems(bodies: Bodies) -> dict:
    lights = [(light, bodies.body(light)) for light in catalogue.LIGHTS if light in bodies]
    return {
        "systems": [{"systemId": SYSTEMS[light.code.removeprefix("diagnostics-")]} | body for light, body in lights]
    }


def _place(bodies: Bodies) -> dict:
    return {name: bodies.body(catalogue.LOCATION)[name] for name in ("latitude", "longitude")}


def _services(bodies: Bodies) -> list[dict]:
    return v2_visits.drawn(bodies.body(catalogue.SERVICE_RECORDS)["values"], bodies.units.km)


PATHS: dict[str, Path] = {
    "/vin": _of(lambda bodies: {"vin": bodies.value(catalogue.VIN)}, catalogue.VIN),
    "/odometer": _of(
        lambda bodies: {"distance": bodies.number(catalogue.ODOMETER, bodies.units.km)}, catalogue.ODOMETER
    ),
    "/engine/oil": _of(lambda bodies: {"lifeRemaining": bodies.share(catalogue.OIL_LIFE)}, catalogue.OIL_LIFE),
    "/diagnostics/dtcs": _of(lambda bodies: {"activeCodes": bodies.body(catalogue.CODES)["values"]}, catalogue.CODES),
    "/diagnostics/system_status": Path("read_diagnostics", catalogue.LIGHTS, _systems),
    "/tires/pressure": _of(_tyres, catalogue.TYRES),
    "/fuel": _of(_fuel, catalogue.FUEL, also=(catalogue.FUEL_AMOUNT, catalogue.FUEL_RANGE)),
    "/battery": _of(_battery, catalogue.CHARGE, also=(catalogue.ELECTRIC_RANGE,)),
    "/battery/nominal_capacity": _of(_nominal_capacity, catalogue.CAPACITY),
    "/battery/capacity": _of(
        lambda bodies: {"capacity": bodies.body(catalogue.CAPACITY)["capacity"]}, catalogue.CAPACITY
    ),
    "/charge": _of(_charge, catalogue.CHARGING_STATUS, catalogue.IS_PLUGGED_IN),
    "/charge/limit": _of(lambda bodies: {"limit": battery.FULL / 100}, catalogue.CHARGING_STATUS),
    "/location": _of(_place, catalogue.LOCATION),
    "/service/history": _of(_services, catalogue.SERVICE_RECORDS),
}
