"""What the waist lets in: type and range of a value, and which of two values is the newer."""

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta

from vehicles.domain.measurements import Measurement, Value
from vehicles.domain.signals import CATALOGUE, Kind, Shape

CLOCK_SLACK = timedelta(minutes=5)


def refusal(measurement: Measurement) -> str | None:
    """Why this value cannot be true, in words for a person; None if it can."""
    kind = CATALOGUE[measurement.signal]
    return CHECKS[kind.shape](measurement.value, kind)


def _number(value: Value, kind: Kind) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "not a number"
    return _outside(value, kind)


def _wheels(value: Value, kind: Kind) -> str | None:
    if not isinstance(value, dict) or not value:
        return "no wheel"
    return next((why for why in (_number(number, kind) for number in value.values()) if why), None)


def _light(value: Value, kind: Kind) -> str | None:
    told = isinstance(value, dict) and value.get("status") in ("OK", "ALERT")
    return None if told else "neither OK nor ALERT"


def _place(value: Value, kind: Kind) -> str | None:
    there = (value.get("latitude"), value.get("longitude")) if isinstance(value, dict) else ()
    if not there or any(isinstance(degrees, bool) or not isinstance(degrees, int | float) for degrees in there):
        return "not a place"
    return None if abs(there[0]) <= 90 and abs(there[1]) <= 180 else "not a place on earth"


CHECKS: dict[Shape, Callable[[Value, Kind], str | None]] = {
    Shape.NUMBER: _number,
    Shape.WHEELS: _wheels,
    Shape.LIGHT: _light,
    Shape.PLACE: _place,
    Shape.TEXT: lambda value, kind: None if isinstance(value, str) and value else "empty",
    Shape.FLAG: lambda value, kind: None if isinstance(value, bool) else "neither yes nor no",
    Shape.WORD: lambda value, kind: None if value in kind.words else "a word we do not know",
    Shape.CODES: lambda value, kind: None if isinstance(value, list) else "not a list of codes",
    Shape.RECORDS: lambda value, kind: None if isinstance(value, list) else "not a list of records",
}


def _outside(number: float, kind: Kind) -> str | None:
    if not kind.low <= number <= kind.high:
        return f"outside {kind.low:g} to {kind.high:g} {kind.unit}"
    return None


def counts_for(measurement: Measurement, received_at: datetime) -> datetime:
    """The time a value counts for: measured, else fetched, else received. A time in the future is nobody's."""
    latest = received_at + CLOCK_SLACK
    for moment in (measurement.measured_at, measurement.fetched_at):
        if moment is not None and moment <= latest:
            return moment
    return received_at


def newness(at: datetime, sequence: int | None, fetched_at: datetime | None, value: Value) -> tuple:
    """A total order over values of one signal, made of their own facts, so that arrival decides nothing."""
    return (*moments(at, sequence, fetched_at), canonical(value))


def moments(at: datetime, sequence: int | None, fetched_at: datetime | None) -> tuple[datetime, int, datetime]:
    """All of that order but for the value itself, which seldom decides and takes longest to spell."""
    return at, sequence or 0, fetched_at or at


def canonical(value: Value) -> str:
    """One spelling for equal values; numbers of one sign sort as numbers."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{float(value):020.3f}"
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
