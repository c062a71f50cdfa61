"""The catalogue of signals: what a car can tell us, in which unit, within which range."""

from dataclasses import dataclass
from enum import StrEnum


class Signal(StrEnum):
    """A kind of measurement. The values are stored: never rename one without a data move."""

    ODOMETER = "odometer"
    OIL_LIFE = "oil_life"
    FUEL_LEVEL = "fuel_level"
    FUEL_AMOUNT = "fuel_amount"
    FUEL_RANGE = "fuel_range"
    STATE_OF_CHARGE = "state_of_charge"
    ELECTRIC_RANGE = "electric_range"
    BATTERY_CAPACITY = "battery_capacity"
    TYRE_PRESSURE = "tyre_pressure"
    BATTERY_12V = "battery_12v"
    BATTERY_12V_STATUS = "battery_12v_status"
    TROUBLE_CODES = "trouble_codes"
    TROUBLE_CODE_COUNT = "trouble_code_count"
    IS_CHARGING = "is_charging"
    CABLE_CONNECTED = "cable_connected"
    CHARGING_STATUS = "charging_status"
    SERVICE_RECORDS = "service_records"
    IN_SERVICE = "in_service"
    LOCATION = "location"
    IS_ONLINE = "is_online"
    IS_ASLEEP = "is_asleep"
    VIN = "vin"

    SYSTEM_ABS = "system_abs"
    SYSTEM_ACTIVE_SAFETY = "system_activesafety"
    SYSTEM_AIRBAG = "system_airbag"
    SYSTEM_BRAKE_FLUID = "system_brakefluid"
    SYSTEM_DRIVER_ASSISTANCE = "system_driverassistance"
    SYSTEM_EMISSIONS = "system_emissions"
    SYSTEM_ENGINE = "system_engine"  # v2 alone tells it
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

    @property
    def label(self) -> str:
        """What a person calls it."""
        return CATALOGUE[self].label


class Shape(StrEnum):
    """What the value of a measurement looks like."""

    NUMBER = "number"  # float, in the signal's unit
    TEXT = "text"  # str
    FLAG = "flag"  # bool
    WORD = "word"  # str, one of the signal's words
    WHEELS = "wheels"  # dict "row.column" -> kPa; row 0 is the front, column 0 the left
    CODES = "codes"  # list of {"code": str, "since": ISO time or None}, sorted by code
    LIGHT = "light"  # {"status": "OK" or "ALERT", "description": str or None}
    # {"latitude": float, "longitude": float, "heading": float or None, "parked": bool or None}
    PLACE = "place"
    # list of {"id": str or None, "at": ISO time or None, "odometer_km": float or None,
    # "tasks": list of {"id": str or None, "name": str}, "details": list of str,
    # "cost": {"amount": float, "currency": str} or None}, oldest first
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the catalogue. `low` and `high` bound what is physically possible, in `unit`."""

    shape: Shape
    label: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()


def _percent(label: str) -> Kind:
    return Kind(Shape.NUMBER, label, "percent", 0, 100)


CATALOGUE: dict[Signal, Kind] = {
    Signal.ODOMETER: Kind(Shape.NUMBER, "Odometer", "km", 0, 2_000_000),
    Signal.OIL_LIFE: _percent("Oil life"),
    Signal.FUEL_LEVEL: _percent("Fuel level"),
    Signal.FUEL_AMOUNT: Kind(Shape.NUMBER, "Fuel in the tank", "l", 0, 400),
    Signal.FUEL_RANGE: Kind(Shape.NUMBER, "Range on fuel", "km", 0, 5_000),
    Signal.STATE_OF_CHARGE: _percent("Battery charge"),
    Signal.ELECTRIC_RANGE: Kind(Shape.NUMBER, "Range on the battery", "km", 0, 2_000),
    Signal.BATTERY_CAPACITY: Kind(Shape.NUMBER, "Battery capacity", "kwh", 5, 400),
    Signal.TYRE_PRESSURE: Kind(Shape.WHEELS, "Tyre pressure", "kpa", 50, 1_100),
    Signal.BATTERY_12V: _percent("12 V battery charge"),
    Signal.BATTERY_12V_STATUS: Kind(Shape.WORD, "12 V battery", words=("GOOD", "WARN", "BAD")),
    Signal.TROUBLE_CODES: Kind(Shape.CODES, "Trouble codes"),
    Signal.TROUBLE_CODE_COUNT: Kind(Shape.NUMBER, "Number of trouble codes", "count", 0, 1_000),
    Signal.IS_CHARGING: Kind(Shape.FLAG, "Charging"),
    Signal.CABLE_CONNECTED: Kind(Shape.FLAG, "Charging cable connected"),
    Signal.CHARGING_STATUS: Kind(Shape.WORD, "Charging status", words=("CHARGING", "NOT_CHARGING", "FULLY_CHARGED")),
    Signal.SERVICE_RECORDS: Kind(Shape.RECORDS, "Dealer’s service records"),
    Signal.IN_SERVICE: Kind(Shape.FLAG, "In the workshop"),
    Signal.LOCATION: Kind(Shape.PLACE, "Location"),
    Signal.IS_ONLINE: Kind(Shape.FLAG, "Online"),
    Signal.IS_ASLEEP: Kind(Shape.FLAG, "Asleep"),
    Signal.VIN: Kind(Shape.TEXT, "VIN"),
} | {
    signal: Kind(Shape.LIGHT, label)
    for signal, label in {
        Signal.SYSTEM_ABS: "ABS warning",
        Signal.SYSTEM_ACTIVE_SAFETY: "Active safety warning",
        Signal.SYSTEM_AIRBAG: "Airbag warning",
        Signal.SYSTEM_BRAKE_FLUID: "Brake fluid warning",
        Signal.SYSTEM_DRIVER_ASSISTANCE: "Driver aids warning",
        Signal.SYSTEM_EMISSIONS: "Emissions warning",
        Signal.SYSTEM_ENGINE: "Engine warning",
        Signal.SYSTEM_EV_BATTERY_CONDITIONING: "Battery care warning",
        Signal.SYSTEM_EV_CHARGING: "Charging warning",
        Signal.SYSTEM_EV_DRIVE_UNIT: "Drive unit warning",
        Signal.SYSTEM_EV_HV_BATTERY: "Drive battery warning",
        Signal.SYSTEM_LIGHTING: "Lights warning",
        Signal.SYSTEM_MIL: "Engine light",
        Signal.SYSTEM_OIL_LIFE: "Oil life warning",
        Signal.SYSTEM_OIL_PRESSURE: "Oil pressure warning",
        Signal.SYSTEM_OIL_TEMPERATURE: "Oil temperature warning",
        Signal.SYSTEM_TELEMATICS: "Telematics warning",
        Signal.SYSTEM_TIRE_PRESSURE: "Tyre pressure warning",
        Signal.SYSTEM_TIRE_PRESSURE_MONITORING: "Tyre sensor warning",
        Signal.SYSTEM_TRANSMISSION: "Gearbox warning",
        Signal.SYSTEM_WASHER_FLUID: "Washer fluid warning",
        Signal.SYSTEM_WATER_IN_FUEL: "Water in fuel warning",
    }.items()
}
