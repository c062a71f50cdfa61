"""The one border where Smartcar's JSON is doubted: past here every signal is typed, canonical and possible."""

from collections.abc import Callable, Iterable
from datetime import datetime

from vehicles.domain.measurements import Gap, Identity, Measurement, Snapshot, Value, Why
from vehicles.domain.signals import CATALOGUE, Shape, Signal
from vehicles.smartcar import lists, values
from vehicles.smartcar.doubts import Doubt
from vehicles.smartcar.signal_errors import Failure, strange_errors, why_failed, words_of
from vehicles.smartcar.texts import read_id, read_text
from vehicles.smartcar.timestamps import read_past
from vehicles.smartcar.vocabulary import code_in, signal_of, strangers

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
    "read_service_history",
)

READERS: dict[Shape, Callable[[Signal, dict, datetime], Value]] = {
    Shape.NUMBER: values.read_number,
    Shape.TEXT: values.read_vin,
    Shape.FLAG: values.read_flag,
    Shape.WORD: values.read_word,
    Shape.LIGHT: values.read_light,
    Shape.PLACE: values.read_place,
    Shape.WHEELS: lists.read_wheels,
    Shape.CODES: lists.read_codes,
    Shape.RECORDS: lists.read_records,
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
    """Everything a page of a poll or a delivery tells; what we know and do not keep is passed over in silence.

    Each signal comes out once: a value before a gap, then the newer value.
    """
    listed = [raw for raw in raw_signals if isinstance(raw, dict)] if isinstance(raw_signals, list) else []
    said, failures = [], set()
    for raw in listed:
        about = _attributes(raw)
        word, failure = _status(about.get("status"))
        failures.add(failure)
        if (signal := signal_of(raw)) is not None:
            failed = _failure(signal, word, failure, about.get("body"))
            said.append(failed or _read_signal(signal, raw, about["body"], now, sequence, delivered_at))
    return Snapshot(
        *once_each(said),
        identity=identity,
        unknown=strangers([code_in(raw) for raw in listed]),
        unknown_errors=strange_errors(failures),
    )


def once_each(said: Iterable[Measurement | Gap]) -> tuple[tuple[Measurement, ...], tuple[Gap, ...]]:
    """The best word on each signal."""
    best: dict[Signal, Measurement | Gap] = {}
    for told in said:
        if told.signal not in best or _weight(told) > _weight(best[told.signal]):
            best[told.signal] = told
    return (
        tuple(told for told in best.values() if isinstance(told, Measurement)),
        tuple(told for told in best.values() if isinstance(told, Gap)),
    )


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


def read_value(signal: Signal, body: dict, now: datetime) -> Value | Gap:
    """The body of one signal, canonical, or why it is no value."""
    try:
        return READERS[CATALOGUE[signal].shape](signal, body, now)
    except Doubt as doubt:
        return Gap(signal, doubt.why, doubt.note)


def _read_signal(signal, raw, body, now, sequence, delivered_at) -> Measurement | Gap:
    value = read_value(signal, body, now)
    if isinstance(value, Gap):
        return value
    times = raw.get("meta")
    times = times if isinstance(times, dict) else {}
    measured_at = read_past(times.get("oemUpdatedAt"), now)
    fetched_at = read_past(times.get("retrievedAt") or times.get("fetchedAt"), now)
    if measured_at is None and fetched_at is None:
        fetched_at = delivered_at
    return Measurement(signal, value, measured_at=measured_at, fetched_at=fetched_at, sequence=sequence)


def _failure(signal: Signal, word: str, failure: Failure, body: object) -> Gap | None:
    """A status came later than the protocol itself: where none is, a body means success."""
    if word in {"ERROR", "UNAVAILABLE"}:
        why, note = why_failed(*failure)
        if why is Why.ERROR and word == "UNAVAILABLE":
            why, note = Why.UNAVAILABLE, "nothing there yet"
        return Gap(signal, why, note)
    if body is None:
        return Gap(signal, Why.UNAVAILABLE, "nothing there yet")
    if not isinstance(body, dict):
        return Gap(signal, Why.REFUSED, "not readable")
    return None


def _status(raw: object) -> tuple[str, Failure]:
    """The word, and the error that may explain it."""
    status = raw if isinstance(raw, dict) else {"value": raw}
    error = status.get("error")
    return read_text(status.get("value"), 20).upper(), words_of(error) if isinstance(error, dict) else ("", "")


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
