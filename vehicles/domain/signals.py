"""The catalogue of signals: what a car can tell us, in which unit, within which range."""

from dataclasses import dataclass
from enum import StrEnum


class Signal(StrEnum):
    """A kind of measurement. The values are stored: never rename one without a data move."""

    ODOMETER = "odometer"
    OIL_LIFE = "oil_life"
    FUEL_LEVEL = "fuel_level"
    STATE_OF_CHARGE = "state_of_charge"
    TYRE_PRESSURE = "tyre_pressure"
    BATTERY_12V = "battery_12v"
    TROUBLE_CODES = "trouble_codes"
    VIN = "vin"

    SYSTEM_ABS = "system_abs"
    SYSTEM_ACTIVE_SAFETY = "system_activesafety"
    SYSTEM_AIRBAG = "system_airbag"
    SYSTEM_BRAKE_FLUID = "system_brakefluid"
    SYSTEM_DRIVER_ASSISTANCE = "system_driverassistance"
    SYSTEM_EMISSIONS = "system_emissions"
    SYSTEM_EV_BATTERY_CONDITIONING = "system_evbatteryconditioning"
    SYSTEM_EV_CHARGING = "system_evcharging"
    SYSTEM_EV_DRIVE_UNIT = "system_evdriveunit"
    SYSTEM_EV_HV_BATTERY = "system_evhvbattery"
    SYSTEM_LIGHTING = "system_lighting"
    SYSTEM_MIL = "system_mil"
    SYSTEM_OIL_LIFE = "system_oillife"
    SYSTEM_OIL_PRESSURE = "system_oilpressure"
    SYSTEM_OIL_TEMPERATURE = "system_oiltemperature"
    SYSTEM_TELEMATICS = "system_telematics"
    SYSTEM_TIRE_PRESSURE = "system_tirepressure"
    SYSTEM_TIRE_PRESSURE_MONITORING = "system_tirepressuremonitoring"
    SYSTEM_TRANSMISSION = "system_transmission"
    SYSTEM_WASHER_FLUID = "system_washerfluid"
    SYSTEM_WATER_IN_FUEL = "system_waterinfuel"

    @property
    def is_system(self) -> bool:
        return self.value.startswith("system_")


class Shape(StrEnum):
    """What the value of a measurement looks like."""

    NUMBER = "number"  # float, in the signal's unit
    TEXT = "text"  # str
    WHEELS = "wheels"  # dict "row.column" -> kPa; row 0 is the front, column 0 the left
    CODES = "codes"  # list of {"code": str, "since": ISO time or None}, sorted by code
    LIGHT = "light"  # {"status": "OK" or "ALERT", "description": str or None}


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the catalogue. `low` and `high` bound what is physically possible, in `unit`."""

    shape: Shape
    unit: str = ""
    low: float | None = None
    high: float | None = None


PERCENT = Kind(Shape.NUMBER, "percent", 0, 100)

CATALOGUE: dict[Signal, Kind] = {
    Signal.ODOMETER: Kind(Shape.NUMBER, "km", 0, 2_000_000),
    Signal.OIL_LIFE: PERCENT,
    Signal.FUEL_LEVEL: PERCENT,
    Signal.STATE_OF_CHARGE: PERCENT,
    Signal.BATTERY_12V: PERCENT,
    Signal.TYRE_PRESSURE: Kind(Shape.WHEELS, "kpa", 50, 1_100),
    Signal.TROUBLE_CODES: Kind(Shape.CODES),
    Signal.VIN: Kind(Shape.TEXT),
} | {signal: Kind(Shape.LIGHT) for signal in Signal if signal.is_system}
