"""Every signal the sandbox knows, with its name, the permission it wants, and which cars can give it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    code: str
    name: str
    group: str
    permission: str

    def titled(self) -> dict:
        return {"code": self.code, "name": self.name, "group": self.group}


def _of(group: str, name: str, permission: str) -> Signal:
    return Signal(f"{group}-{name}".lower(), name, group, permission)


ODOMETER = _of("Odometer", "TraveledDistance", "read_odometer")
VIN = _of("VehicleIdentification", "VIN", "read_vin")
OIL_LIFE = _of("InternalCombustionEngine", "OilLife", "read_engine_oil")
FUEL = _of("InternalCombustionEngine", "FuelLevel", "read_fuel")
FUEL_AMOUNT = _of("InternalCombustionEngine", "AmountRemaining", "read_fuel")
FUEL_RANGE = _of("InternalCombustionEngine", "Range", "read_fuel")
CHARGE = _of("TractionBattery", "StateOfCharge", "read_battery")
ELECTRIC_RANGE = _of("TractionBattery", "Range", "read_battery")
CAPACITY = _of("TractionBattery", "NominalCapacity", "read_battery")
LOW_VOLTAGE = _of("LowVoltageBattery", "StateOfCharge", "read_battery")
LOW_VOLTAGE_STATUS = _of("LowVoltageBattery", "Status", "read_battery")
TYRES = _of("Wheel", "Tires", "read_tires")
CODES = _of("Diagnostics", "DTCList", "read_diagnostics")
CODE_COUNT = _of("Diagnostics", "DTCCount", "read_diagnostics")
IS_CHARGING = _of("Charge", "IsCharging", "read_charge")
IS_PLUGGED_IN = _of("Charge", "IsChargingCableConnected", "read_charge")
CHARGING_STATUS = _of("Charge", "DetailedChargingStatus", "read_charge")
SERVICE_RECORDS = _of("Service", "Records", "read_service_history")
IN_SERVICE = _of("Service", "IsInService", "read_service_history")
LOCATION = _of("Location", "PreciseLocation", "read_location")
# No source says what these two want; every owner grants this.
IS_ONLINE = _of("ConnectivityStatus", "IsOnline", "read_vehicle_info")
IS_ASLEEP = _of("ConnectivityStatus", "IsAsleep", "read_vehicle_info")

# Those of the first row are what the webhook carries unless told otherwise.
FIRST_LIGHTS = "MIL ABS BrakeFluid EVHVBattery OilPressure TirePressure Transmission WasherFluid".split()
OTHER_LIGHTS = (
    "ActiveSafety Airbag DriverAssistance Emissions EVBatteryConditioning EVCharging EVDriveUnit Lighting OilLife "
    "OilTemperature Telematics TirePressureMonitoring WaterInFuel"
).split()
LIGHTS = tuple(_of("Diagnostics", name, "read_diagnostics") for name in FIRST_LIGHTS + OTHER_LIGHTS)

WEBHOOK = (ODOMETER, VIN, OIL_LIFE, FUEL, CHARGE, LOW_VOLTAGE, TYRES, CODES, *LIGHTS[: len(FIRST_LIGHTS)])
SIGNALS = (
    *WEBHOOK,
    FUEL_AMOUNT,
    FUEL_RANGE,
    ELECTRIC_RANGE,
    CAPACITY,
    LOW_VOLTAGE_STATUS,
    CODE_COUNT,
    *LIGHTS[len(FIRST_LIGHTS) :],
    IS_CHARGING,
    IS_PLUGGED_IN,
    CHARGING_STATUS,
    SERVICE_RECORDS,
    IN_SERVICE,
    LOCATION,
    IS_ONLINE,
    IS_ASLEEP,
)
BY_CODE = {signal.code: signal for signal in SIGNALS}
# A trigger that is no signal.
FIRST_DELIVERY = "FIRST_DELIVERY"

# Asked for when the Connect address names no scope, as the dashboard's own setting would.
DEFAULT_PERMISSIONS = (
    "read_vehicle_info read_vin read_odometer read_engine_oil read_diagnostics read_tires read_fuel read_battery "
    "read_charge read_service_history"
).split()

_ELECTRIC_ONLY = {
    f"diagnostics-{name}" for name in ("evbatteryconditioning", "evcharging", "evdriveunit", "evhvbattery")
}
_ENGINE_ONLY = {
    f"diagnostics-{name}"
    for name in ("emissions", "oillife", "oilpressure", "oiltemperature", "transmission", "waterinfuel")
}
_NOT_OF_STELLANTIS = {
    f"diagnostics-{name}"
    for name in ("activesafety", "driverassistance", "evbatteryconditioning", "telematics", "waterinfuel")
}


def supported(maker: str, powertrain: str, *, oil_told: bool = True) -> frozenset[str]:
    """What a car of this maker can tell. DTC lists come from GM alone, system lights from GM and Stellantis."""
    burns, charges = powertrain != "BEV", powertrain in ("BEV", "PHEV")
    told = {ODOMETER, VIN, LOCATION}
    if burns:
        told |= {FUEL, FUEL_RANGE} if maker == "toyota" else {FUEL, FUEL_RANGE, FUEL_AMOUNT}
    if charges:
        told |= {CHARGE, ELECTRIC_RANGE, IS_CHARGING, IS_PLUGGED_IN, CHARGING_STATUS}
    if charges and maker != "stellantis":
        told.add(CAPACITY)
    if maker not in ("volkswagen", "polestar"):
        told.add(TYRES)
    if maker in ("gm", "ford", "stellantis") and burns and oil_told:
        told.add(OIL_LIFE)
    if maker in ("gm", "ford", "polestar"):
        told |= {LOW_VOLTAGE, LOW_VOLTAGE_STATUS}
    if maker in ("ford", "toyota", "volkswagen"):
        told |= {SERVICE_RECORDS, IN_SERVICE}
    if maker in ("tesla", "polestar", "volkswagen"):
        told |= {IS_ONLINE, IS_ASLEEP}
    if maker == "gm":
        told |= {CODES, CODE_COUNT}
    return frozenset({signal.code for signal in told} | _lights(maker, burns=burns, charges=charges))


def _lights(maker: str, *, burns: bool, charges: bool) -> set[str]:
    if maker not in ("gm", "stellantis"):
        return set()
    lights = {light.code for light in LIGHTS}
    if not burns:
        lights -= _ENGINE_ONLY
    if not charges:
        lights -= _ELECTRIC_ONLY
    return lights - _NOT_OF_STELLANTIS if maker == "stellantis" else lights
