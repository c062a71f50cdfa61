"""What each path of v2 tells, said again in the words of v3, so that one set of readers doubts both.

Fractions become percents here and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from vehicles.domain.measurements import Why
from vehicles.domain.signals import Signal
from vehicles.smartcar.doubts import Doubt, number_in
from vehicles.smartcar.texts import read_text

Told = dict | Doubt  # a body as v3 would send it, or why there is none


@dataclass(frozen=True, slots=True)
class Units:
    distance: str
    volume: str
    pressure: str


METRIC = Units("km", "l", "kpa")
IMPERIAL = Units("miles", "gallons", "psi")

SYSTEMS = {"SYSTEM_" + s.name.removeprefix("SYSTEM_"): s for s in Signal if s.is_system} | {
    "SYSTEM_TPMS": Signal.SYSTEM_TIRE_PRESSURE_MONITORING  # in no list of theirs, and in all of their examples
}
WHEELS = {"frontLeft": (0, 0), "frontRight": (0, 1), "backLeft": (1, 0), "backRight": (1, 1)}


def _odometer(body: dict, units: Units) -> dict[Signal, Told]:
    return {Signal.ODOMETER: {"value": body.get("distance"), "unit": units.distance}}


def _oil(body: dict, units: Units) -> dict[Signal, Told]:
    return {Signal.OIL_LIFE: _percent(body.get("lifeRemaining"))}


def _fuel(body: dict, units: Units) -> dict[Signal, Told]:
    return {
        Signal.FUEL_LEVEL: _percent(body.get("percentRemaining")),
        Signal.FUEL_AMOUNT: {"value": body.get("amountRemaining"), "unit": units.volume},
        Signal.FUEL_RANGE: {"value": body.get("range"), "unit": units.distance},
    }


def _battery(body: dict, units: Units) -> dict[Signal, Told]:
    return {
        Signal.STATE_OF_CHARGE: _percent(body.get("percentRemaining")),
        Signal.ELECTRIC_RANGE: {"value": body.get("range"), "unit": units.distance},
    }


def _nominal_capacity(body: dict, units: Units) -> dict[Signal, Told]:
    chosen = body.get("capacity")
    chosen = chosen.get("nominal") if isinstance(chosen, dict) else chosen
    return {Signal.BATTERY_CAPACITY: {"value": chosen, "unit": "kwh"}}


def _charge(body: dict, units: Units) -> dict[Signal, Told]:
    state = body.get("state")
    known = state in ("CHARGING", "NOT_CHARGING", "FULLY_CHARGED")
    return {
        Signal.CABLE_CONNECTED: {"value": body.get("isPluggedIn")},
        Signal.CHARGING_STATUS: {"value": state},
        Signal.IS_CHARGING: {"value": state == "CHARGING" if known else None},
    }


def _tyres(body: dict, units: Units) -> dict[Signal, Told]:
    wheels = [
        {"row": row, "column": column, "tirePressure": body[name]}
        for name, (row, column) in WHEELS.items()
        if name in body
    ]
    return {Signal.TYRE_PRESSURE: {"values": wheels, "unit": units.pressure}}


def _codes(body: dict, units: Units) -> dict[Signal, Told]:
    return {Signal.TROUBLE_CODES: {"values": body.get("activeCodes")}}


def _systems(body: dict, units: Units) -> dict[Signal, Told]:
    """Those that are named. Two names may mean one light: on counts."""
    told: dict[Signal, Told] = {}
    for name, system in named_systems(body):
        signal = SYSTEMS.get(name)
        if signal is not None and (signal not in told or system.get("status") == "ALERT"):
            told[signal] = system
    return told


def named_systems(body: dict) -> list[tuple[str, dict]]:
    systems = body.get("systems")
    found = [system for system in systems if isinstance(system, dict)] if isinstance(systems, list) else []
    return [(read_text(system.get("systemId"), 60).upper(), system) for system in found]


def _location(body: dict, units: Units) -> dict[Signal, Told]:
    return {Signal.LOCATION: body}


def _vin(body: dict, units: Units) -> dict[Signal, Told]:
    return {Signal.VIN: {"value": body.get("vin")}}


def _service(body: dict | list, units: Units) -> dict[Signal, Told]:
    """A list of records, or a single one by itself."""
    entries = body if isinstance(body, list) else [body]
    return {Signal.SERVICE_RECORDS: {"values": [_record(entry, units) for entry in entries if isinstance(entry, dict)]}}


def _record(entry: dict, units: Units) -> dict:
    cost = entry.get("serviceCost")
    return {
        "id": entry.get("serviceId"),
        "time": entry.get("serviceDate"),
        "odometer": entry.get("odometerDistance"),
        "unit": units.distance,
        "tasks": [
            {"id": task.get("taskId"), "description": task.get("taskDescription")}
            for task in _dicts(entry.get("serviceTasks"))
        ],
        "details": [_detail(detail) for detail in _dicts(entry.get("serviceDetails"))],
        "cost": {"amount": cost.get("totalCost"), "currency": cost.get("currency")} if isinstance(cost, dict) else None,
    }


def _detail(detail: dict) -> str:
    kind, value = (read_text(detail.get(name), 200) for name in ("type", "value"))
    return f"{kind}: {value}" if kind and value else kind or value


def _dicts(raw: object) -> list[dict]:
    return [entry for entry in (raw if isinstance(raw, list) else [raw]) if isinstance(entry, dict)]


def _percent(fraction: object) -> Told:
    try:
        return {"value": round(number_in(fraction) * 100, 6), "unit": "percent"}
    except Doubt as doubt:
        return doubt


@dataclass(frozen=True, slots=True)
class Path:
    """One path of v2: the consent it needs, the signals it may tell, and how to say them in words of v3."""

    permission: str
    signals: tuple[Signal, ...]
    read: Callable[[dict, Units], dict[Signal, Told]]


PATHS: dict[str, Path] = {
    "/odometer": Path("read_odometer", (Signal.ODOMETER,), _odometer),
    "/engine/oil": Path("read_engine_oil", (Signal.OIL_LIFE,), _oil),
    "/diagnostics/dtcs": Path("read_diagnostics", (Signal.TROUBLE_CODES,), _codes),
    "/diagnostics/system_status": Path("read_diagnostics", tuple(s for s in Signal if s.is_system), _systems),
    "/tires/pressure": Path("read_tires", (Signal.TYRE_PRESSURE,), _tyres),
    "/fuel": Path("read_fuel", (Signal.FUEL_LEVEL, Signal.FUEL_AMOUNT, Signal.FUEL_RANGE), _fuel),
    "/battery": Path("read_battery", (Signal.STATE_OF_CHARGE, Signal.ELECTRIC_RANGE), _battery),
    "/battery/nominal_capacity": Path("read_battery", (Signal.BATTERY_CAPACITY,), _nominal_capacity),
    "/charge": Path("read_charge", (Signal.CABLE_CONNECTED, Signal.CHARGING_STATUS, Signal.IS_CHARGING), _charge),
    "/service/history": Path("read_service_history", (Signal.SERVICE_RECORDS,), _service),
    "/location": Path("read_location", (Signal.LOCATION,), _location),
    "/vin": Path("read_vin", (Signal.VIN,), _vin),
}
# Read where somebody sends it, never asked for: the newer path tells the same.
OLDER = {"/battery/capacity": Path("read_battery", (Signal.BATTERY_CAPACITY,), _nominal_capacity)}
LEFT_OUT = frozenset({"/security", "/charge/limit", "/permissions"})
IDENTITY = "/"


def told_by(path: Path, body: object, units: Units) -> dict[Signal, Told]:
    if isinstance(body, dict) or (path.read is _service and isinstance(body, list)):
        return path.read(body, units)
    return dict.fromkeys(path.signals, Doubt(Why.REFUSED, "not readable"))
