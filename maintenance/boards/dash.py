"""What the car says: its gauges, tyres and lights, or which kind of nothing there is."""

from dataclasses import dataclass
from datetime import datetime

from fleet.kit.units import number, percent, show_distance, show_pressure
from maintenance.boards.ages import Age, age
from vehicles.boards import connect_words
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Connection, Gauge, Vehicle
from vehicles.waist import meters

DIALS = {
    Signal.ODOMETER: ("Odometer", "odometer"),
    Signal.OIL_LIFE: ("Oil life", "oil"),
    Signal.FUEL_LEVEL: ("Fuel", "fuel"),
    Signal.STATE_OF_CHARGE: ("Battery charge", "ev"),
    Signal.BATTERY_12V: ("12 V battery", "battery"),
    Signal.TROUBLE_CODES: ("Trouble codes", "lamp"),
}
NOT_FOR = {
    "BEV": {Signal.OIL_LIFE, Signal.FUEL_LEVEL, Signal.SYSTEM_OIL_LIFE, Signal.SYSTEM_OIL_PRESSURE, Signal.SYSTEM_MIL},
    "ICE": {Signal.STATE_OF_CHARGE, Signal.SYSTEM_EV_CHARGING, Signal.SYSTEM_EV_HV_BATTERY},
    "HEV": {Signal.STATE_OF_CHARGE, Signal.SYSTEM_EV_CHARGING},
}
LIGHTS = {
    Signal.SYSTEM_MIL: "Engine",
    Signal.SYSTEM_OIL_PRESSURE: "Oil pressure",
    Signal.SYSTEM_BRAKE_FLUID: "Brake fluid",
    Signal.SYSTEM_ABS: "ABS",
    Signal.SYSTEM_AIRBAG: "Airbags",
    Signal.SYSTEM_TIRE_PRESSURE: "Tyres",
    Signal.SYSTEM_TRANSMISSION: "Gearbox",
    Signal.SYSTEM_LIGHTING: "Lights",
    Signal.SYSTEM_EV_HV_BATTERY: "Drive battery",
    Signal.SYSTEM_EV_CHARGING: "Charging",
}
MORE_LIGHTS = {
    Signal.SYSTEM_ACTIVE_SAFETY: "Active safety",
    Signal.SYSTEM_DRIVER_ASSISTANCE: "Driver aids",
    Signal.SYSTEM_EMISSIONS: "Emissions",
    Signal.SYSTEM_EV_BATTERY_CONDITIONING: "Battery care",
    Signal.SYSTEM_EV_DRIVE_UNIT: "Drive unit",
    Signal.SYSTEM_OIL_LIFE: "Oil life",
    Signal.SYSTEM_OIL_TEMPERATURE: "Oil heat",
    Signal.SYSTEM_TELEMATICS: "Telematics",
    Signal.SYSTEM_TIRE_PRESSURE_MONITORING: "Tyre sensors",
    Signal.SYSTEM_WASHER_FLUID: "Washer",
    Signal.SYSTEM_WATER_IN_FUEL: "Water in fuel",
}
LACKS = {
    Capability.State.UNSUPPORTED: ("Not provided by this car", "The service plan goes on without it."),
    Capability.State.NOT_PERMITTED: ("Not permitted", "The owner left it unticked when connecting."),
    Capability.State.REFUSED: ("Sent, but cannot be true", "What came was outside of what is possible."),
    Capability.State.ERROR: ("Could not be read", "We ask again by ourselves."),
}
WAITING = ("Waiting for first data", "It comes with the car’s next report.")
NOT_CONNECTED = ("Not connected", "Nobody lets us read it.")


@dataclass(frozen=True, slots=True)
class Dial:
    """One signal. Without a `value`, `lack` is the kind of nothing and `step` what comes of it."""

    name: str
    icon: str
    value: str = ""
    unit: str = ""
    share: float | None = None
    limit: str = ""  # percent
    aside: str = ""
    age: Age | None = None
    lack: str = ""
    step: str = ""
    is_meter: bool = False  # has a page of its own


@dataclass(frozen=True, slots=True)
class Light:
    name: str
    status: str
    word: str
    age: Age | None


@dataclass(frozen=True, slots=True)
class Dash:
    dials: list[Dial]
    tyres: dict
    lights: list[Light]
    lights_age: Age | None
    old: list[str]  # names of readings that are too old to lean on
    tells_faults: bool = False  # by its codes or by its lights


def read(
    vehicle: Vehicle,
    gauges: dict[str, Gauge],
    states: dict[str, str],
    units: str,
    now: datetime,
    *,
    oil_limit: float | None = None,
) -> Dash:
    """`oil_limit`: the percentage of oil life at which a job of the vehicle becomes due, if one does."""
    dials = [
        dial(signal, vehicle, gauges.get(signal), states.get(signal), units, now, oil_limit)
        for signal in DIALS
        if signal in gauges or signal not in NOT_FOR.get(vehicle.powertrain, ())
    ]
    wheels = tyres(vehicle, gauges.get(Signal.TYRE_PRESSURE), states.get(Signal.TYRE_PRESSURE), units, now)
    lamps = lights(vehicle, gauges, now)
    seen = [lamp.age for lamp in lamps if lamp.age]
    old = [one.name for one in dials if one.age and one.age.stale]
    if wheels.get("age") and wheels["age"].stale:
        old.append("Tyre pressures")
    tells = bool(seen) or Signal.TROUBLE_CODES in gauges
    return Dash(dials, wheels, lamps, max(seen, key=lambda one: one.at, default=None), old, tells)


def lack(vehicle: Vehicle, state: str | None) -> dict:
    if state in LACKS:
        words = LACKS[state]
    elif vehicle.connection is None:
        words = NOT_CONNECTED
    elif vehicle.connection.state != Connection.State.CONNECTED:
        about = connect_words.of_connection(vehicle.connection)
        words = about["title"], about["step"]
    else:
        words = WAITING
    return {"lack": words[0], "step": words[1]}


def dial(
    signal: Signal,
    vehicle: Vehicle,
    gauge: Gauge | None,
    state: str | None,
    units: str,
    now: datetime,
    oil_limit: float | None,
) -> Dial:
    name, icon = DIALS[signal]
    if gauge is None:
        return Dial(name, icon, **lack(vehicle, state), is_meter=signal is Signal.ODOMETER)
    seen = age(gauge.at, gauge.source, now, vehicle.rhythm_minutes)
    if signal is Signal.ODOMETER:
        value, unit = show_distance(meters.dash_of(gauge), units).rsplit(" ", 1)
        true = f"distance {show_distance(gauge.number, units)}: the meter was replaced"
        return Dial(name, icon, value, unit, aside=true if meters.is_replaced(gauge) else "", age=seen, is_meter=True)
    if signal is Signal.TROUBLE_CODES:
        found = len(gauge.detail)
        return Dial(name, icon, number(found) if found else "None", "", aside="in the last read", age=seen)
    value, unit = percent(gauge.number).rsplit(" ", 1)
    limit = f"{oil_limit:g}" if signal is Signal.OIL_LIFE and oil_limit is not None else ""
    return Dial(name, icon, value, unit, share=round(gauge.number, 1), limit=limit, age=seen)


def tyres(vehicle: Vehicle, gauge: Gauge | None, state: str | None, units: str, now: datetime) -> dict:
    """Where each wheel stands on the drawing, and what it says. The wheels beyond four are only listed."""
    if gauge is None:
        return lack(vehicle, state)
    names = {"0.0": "front left", "0.1": "front right", "1.0": "rear left", "1.1": "rear right"}
    wheels = {place: show_pressure(kpa, units) for place, kpa in sorted(gauge.detail.items())}
    spoken = ", ".join(f"{names.get(place, 'wheel ' + place)} {text}" for place, text in wheels.items())
    return {
        "age": age(gauge.at, gauge.source, now, vehicle.rhythm_minutes),
        "fl": wheels.get("0.0", ""),
        "fr": wheels.get("0.1", ""),
        "rl": wheels.get("1.0", ""),
        "rr": wheels.get("1.1", ""),
        "more": [text for place, text in wheels.items() if place not in names],
        "spoken": spoken,
    }


def lights(vehicle: Vehicle, gauges: dict[str, Gauge], now: datetime) -> list[Light]:
    """The lights every such car has, and whatever else it reports."""
    never = NOT_FOR.get(vehicle.powertrain, ())
    shown = []
    for signal, name in (LIGHTS | MORE_LIGHTS).items():
        gauge = gauges.get(signal)
        if gauge is None:
            if signal in LIGHTS and signal not in never:
                shown.append(Light(name, "unknown", "not reported", None))
            continue
        seen = age(gauge.at, gauge.source, now, vehicle.rhythm_minutes)
        alert = gauge.detail.get("status") == "ALERT"
        shown.append(Light(name, "warning" if alert else "ok", f"alert {seen.text}" if alert else "OK", seen))
    return sorted(shown, key=lambda light: light.status != "warning")
