"""The signals the webhook is configured for, with their names, permissions and which cars can give them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    code: str
    name: str
    group: str
    permission: str

    def titled(self) -> dict:
        return {"code": self.code, "name": self.name, "group": self.group}


def _light(code: str, name: str) -> Signal:
    return Signal(f"diagnostics-{code}", name, "Diagnostics", "read_diagnostics")


ODOMETER = Signal("odometer-traveleddistance", "TraveledDistance", "Odometer", "read_odometer")
OIL_LIFE = Signal("internalcombustionengine-oillife", "OilLife", "InternalCombustionEngine", "read_engine_oil")
FUEL = Signal("internalcombustionengine-fuellevel", "FuelLevel", "InternalCombustionEngine", "read_fuel")
CHARGE = Signal("tractionbattery-stateofcharge", "StateOfCharge", "TractionBattery", "read_battery")
LOW_VOLTAGE = Signal("lowvoltagebattery-stateofcharge", "StateOfCharge", "LowVoltageBattery", "read_battery")
TYRES = Signal("wheel-tires", "Tires", "Wheel", "read_tires")
CODES = Signal("diagnostics-dtclist", "DTCList", "Diagnostics", "read_diagnostics")
VIN = Signal("vehicleidentification-vin", "VIN", "VehicleIdentification", "read_vin")
LIGHTS = (
    _light("mil", "MIL"),
    _light("abs", "ABS"),
    _light("brakefluid", "BrakeFluid"),
    _light("evhvbattery", "EVHVBattery"),
    _light("oilpressure", "OilPressure"),
    _light("tirepressure", "TirePressure"),
    _light("transmission", "Transmission"),
    _light("washerfluid", "WasherFluid"),
)

SIGNALS = (ODOMETER, VIN, OIL_LIFE, FUEL, CHARGE, LOW_VOLTAGE, TYRES, CODES, *LIGHTS)
BY_CODE = {signal.code: signal for signal in SIGNALS}

# Asked for when the Connect address names no scope, as the dashboard's own setting would.
DEFAULT_PERMISSIONS = (
    "read_vehicle_info read_vin read_odometer read_engine_oil read_diagnostics read_tires read_fuel read_battery "
    "read_charge read_service_history"
).split()

_COMBUSTION_LIGHTS = {light.code for light in LIGHTS} - {"diagnostics-evhvbattery"}
_ELECTRIC_LIGHTS = {light.code for light in LIGHTS} - {"diagnostics-oilpressure", "diagnostics-transmission"}


def supported(maker: str, powertrain: str, *, oil_told: bool = True) -> frozenset[str]:
    """What a car of this maker can tell. DTC lists come from GM alone, system lights from GM and Stellantis."""
    told = {ODOMETER.code, VIN.code}
    if powertrain != "BEV":
        told.add(FUEL.code)
    if powertrain in ("BEV", "PHEV"):
        told.add(CHARGE.code)
    if maker not in ("volkswagen", "polestar"):
        told.add(TYRES.code)
    if maker in ("gm", "ford", "stellantis") and powertrain != "BEV" and oil_told:
        told.add(OIL_LIFE.code)
    if maker in ("gm", "ford", "polestar"):
        told.add(LOW_VOLTAGE.code)
    if maker in ("gm", "stellantis"):
        told |= _ELECTRIC_LIGHTS if powertrain == "BEV" else _COMBUSTION_LIGHTS
    if maker == "gm":
        told.add(CODES.code)
    return frozenset(told)
