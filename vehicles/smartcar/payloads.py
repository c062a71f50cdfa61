"""The one border where Smartcar's JSON is doubted: past here every signal is typed, canonical and possible."""

from collections.abc import Callable
from datetime import datetime

from vehicles.domain.measurements import Gap, Identity, Measurement, Snapshot, Value, Why
from vehicles.domain.signals import CATALOGUE, Shape, Signal
from vehicles.smartcar import values
from vehicles.smartcar.texts import read_id, read_text
from vehicles.smartcar.timestamps import read_past
from vehicles.smartcar.values import Doubt

CODES: dict[str, Signal] = {
    "odometer-traveleddistance": Signal.ODOMETER,
    "internalcombustionengine-oillife": Signal.OIL_LIFE,
    "internalcombustionengine-fuellevel": Signal.FUEL_LEVEL,
    "tractionbattery-stateofcharge": Signal.STATE_OF_CHARGE,
    "lowvoltagebattery-stateofcharge": Signal.BATTERY_12V,
    "wheel-tires": Signal.TYRE_PRESSURE,
    "diagnostics-dtclist": Signal.TROUBLE_CODES,
    "vehicleidentification-vin": Signal.VIN,
} | {"diagnostics-" + signal.value.removeprefix("system_"): signal for signal in Signal if signal.is_system}

SCOPES: tuple[str, ...] = (
    "read_vehicle_info",
    "read_vin",
    "read_odometer",
    "read_engine_oil",
    "read_diagnostics",
    "read_tires",
    "read_fuel",
    "read_battery",
    "read_charge",
)

READERS: dict[Shape, Callable[[Signal, dict, datetime], Value]] = {
    Shape.NUMBER: values.read_number,
    Shape.WHEELS: values.read_wheels,
    Shape.CODES: values.read_codes,
    Shape.LIGHT: values.read_light,
    Shape.TEXT: values.read_vin,
}

POWERTRAINS = {"ICE", "HEV", "PHEV", "BEV"}
YEARS = range(1900, 2101)


def read_signals(
    raw_signals: object,
    *,
    now: datetime,
    identity: Identity | None = None,
    sequence: int | None = None,
    delivered_at: datetime | None = None,
) -> Snapshot:
    """Everything a page of a poll or a delivery tells; what is not in our catalogue is passed over in silence.

    Each signal comes out once: a value before a gap, then the newer value.
    """
    told: dict[Signal, Measurement | Gap] = {}
    for raw in raw_signals if isinstance(raw_signals, list) else []:
        signal = signal_of(raw)
        if signal is None:
            continue
        said = _read_signal(signal, raw, now, sequence, delivered_at)
        if signal not in told or _weight(said) > _weight(told[signal]):
            told[signal] = said

    return Snapshot(
        measurements=tuple(said for said in told.values() if isinstance(said, Measurement)),
        gaps=tuple(said for said in told.values() if isinstance(said, Gap)),
        identity=identity,
    )


def signal_of(raw: object) -> Signal | None:
    """Which of our signals is meant: by an object with a code, or by "Group.Name" as older deliveries wrote it."""
    if isinstance(raw, str):
        return CODES.get(raw.strip().replace(".", "-").lower())
    if not isinstance(raw, dict):
        return None
    about = _attributes(raw)
    named = about.get("code") or raw.get("id") or f"{about.get('group')}-{about.get('name')}"
    return CODES.get(named.strip().lower()) if isinstance(named, str) else None


def read_identity(raw_vehicle: object) -> Identity:
    """What kind of car it is, from any of the places Smartcar describes one."""
    about = _attributes(raw_vehicle) if isinstance(raw_vehicle, dict) else {}
    powertrain = read_text(about.get("powertrainType"), 10).upper()
    return Identity(
        make=read_text(about.get("make"), 60),
        model=read_text(about.get("model"), 100),
        year=_year(about.get("year")),
        powertrain=powertrain if powertrain in POWERTRAINS else "",
    )


def _read_signal(signal, raw, now, sequence, delivered_at) -> Measurement | Gap:
    about = _attributes(raw)
    body = about.get("body")
    failed = _failure(signal, about.get("status"), body)
    if failed is not None:
        return failed

    try:
        value = READERS[CATALOGUE[signal].shape](signal, body, now)
    except Doubt as doubt:
        return Gap(signal, doubt.why, doubt.note)

    times = raw.get("meta")
    times = times if isinstance(times, dict) else {}
    measured_at = read_past(times.get("oemUpdatedAt"), now)
    fetched_at = read_past(times.get("retrievedAt") or times.get("fetchedAt"), now)
    if measured_at is None and fetched_at is None:
        fetched_at = delivered_at
    return Measurement(signal, value, measured_at=measured_at, fetched_at=fetched_at, sequence=sequence)


def _failure(signal: Signal, status: object, body: object) -> Gap | None:
    """A status came later than the protocol itself: where none is, a body means success."""
    status = status if isinstance(status, dict) else {"value": status}
    error = status.get("error")
    error = error if isinstance(error, dict) else {}
    word = read_text(status.get("value"), 20).upper()

    if word in {"ERROR", "UNAVAILABLE"}:
        kind = read_text(error.get("type"), 60).upper()
        if kind == "COMPATIBILITY":
            return Gap(signal, Why.UNSUPPORTED, "the car does not give it")
        if kind == "PERMISSION":
            return Gap(signal, Why.NOT_PERMITTED, "the owner's consent does not cover it")
        if word == "UNAVAILABLE":
            return Gap(signal, Why.UNAVAILABLE, "nothing there yet")
        return Gap(signal, Why.ERROR, "asking the car failed")
    if body is None:
        return Gap(signal, Why.UNAVAILABLE, "nothing there yet")
    if not isinstance(body, dict):
        return Gap(signal, Why.REFUSED, "not readable")
    return None


def _weight(said: Measurement | Gap) -> tuple[bool, float, float]:
    if isinstance(said, Gap):
        return False, 0, 0
    return True, *(when.timestamp() if when else 0.0 for when in (said.measured_at, said.fetched_at))


def _attributes(raw: dict) -> dict:
    """A poll nests under `attributes` what a webhook puts at the top."""
    nested = raw.get("attributes")
    return nested if isinstance(nested, dict) else raw


def _year(raw: object) -> int | None:
    text = read_id(raw) if isinstance(raw, str) else str(raw) if type(raw) is int and raw in YEARS else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS else None
