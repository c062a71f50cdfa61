"""Smartcar's names for signals: those we keep, and those we know and leave out on purpose."""

import re

from vehicles.domain.signals import Signal

CODES: dict[str, Signal] = {
    "odometer-traveleddistance": Signal.ODOMETER,
    "internalcombustionengine-oillife": Signal.OIL_LIFE,
    "internalcombustionengine-fuellevel": Signal.FUEL_LEVEL,
    "internalcombustionengine-amountremaining": Signal.FUEL_AMOUNT,
    "internalcombustionengine-range": Signal.FUEL_RANGE,
    "tractionbattery-stateofcharge": Signal.STATE_OF_CHARGE,
    "tractionbattery-range": Signal.ELECTRIC_RANGE,
    "tractionbattery-nominalcapacity": Signal.BATTERY_CAPACITY,
    "lowvoltagebattery-stateofcharge": Signal.BATTERY_12V,
    "lowvoltagebattery-status": Signal.BATTERY_12V_STATUS,
    "wheel-tires": Signal.TYRE_PRESSURE,
    "diagnostics-dtclist": Signal.TROUBLE_CODES,
    "diagnostics-dtccount": Signal.TROUBLE_CODE_COUNT,
    "charge-ischarging": Signal.IS_CHARGING,
    "charge-ischargingcableconnected": Signal.CABLE_CONNECTED,
    "charge-detailedchargingstatus": Signal.CHARGING_STATUS,
    "service-records": Signal.SERVICE_RECORDS,
    "service-isinservice": Signal.IN_SERVICE,
    "location-preciselocation": Signal.LOCATION,
    "connectivitystatus-isonline": Signal.IS_ONLINE,
    "connectivitystatus-isasleep": Signal.IS_ASLEEP,
    "vehicleidentification-vin": Signal.VIN,
} | {
    "diagnostics-" + signal.value.removeprefix("system_"): signal
    for signal in Signal
    if signal.is_system and signal is not Signal.SYSTEM_ENGINE
}

# Nothing of this helps to look after a car, so none of it is stored.
LEFT_OUT = frozenset(
    {
        f"{group}-{name}"
        for group, names in {
            "charge": "amperage amperagemax amperagerequested chargelimits chargeportstatuscolor chargerate "
            "chargerecords chargerphases chargetimers chargingconnectortype energyadded fastchargertype "
            "ischargingcablelatched ischargingportflapopen isfastchargerpresent timetocomplete voltage wattage",
            "climate": "externaltemperature internaltemperature",
            "closure": "doors enginecover fronttrunk islocked reartrunk sunroof tailgate windows",
            "connectivitysoftware": "currentfirmwareversion",
            "connectivitystatus": "isdigitalkeypaired",
            "hvac": "cabintargettemperature iscabinhvacactive isfrontdefrosteractive isreardefrosteractive "
            "issteeringheateractive",
            "location": "isathome",
            "motion": "currentspeed",
            "surveillance": "brand isenabled",
            "tractionbattery": "isheateractive maxrangechargecounter",
            "transmission": "drivemode gearstate",
            "vehicleidentification": "exteriorcolor nickname packages trim",
            "vehicleuseraccount": "permissions role",
            "wheel": "style",
        }.items()
        for name in names.split()
    }
)

NAMES_AT_MOST = 8
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_/-]{2,59}")


def code_in(raw: object) -> str:
    """The code that an object names, or a text like "Group.Name" as older deliveries wrote it; "" for none."""
    if isinstance(raw, str):
        return raw.strip().replace(".", "-").lower()
    if not isinstance(raw, dict):
        return ""
    nested = raw.get("attributes")
    about = nested if isinstance(nested, dict) else raw
    named = about.get("code") or raw.get("id")
    if not named and isinstance(about.get("group"), str) and isinstance(about.get("name"), str):
        named = f"{about['group']}-{about['name']}"
    return named.strip().lower() if isinstance(named, str) else ""


def signal_of(raw: object) -> Signal | None:
    """Which of our signals is meant."""
    return CODES.get(code_in(raw))


def strangers(names: list[str]) -> tuple[str, ...]:
    """A few of the names nobody knows: harmless to store and to show, each once."""
    told = sorted({name for name in names if name not in CODES and name not in LEFT_OUT and NAME.fullmatch(name)})
    return tuple(told[:NAMES_AT_MOST])
