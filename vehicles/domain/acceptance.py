"""What the waist lets in: type and range of a value, and which of two values is the newer."""

import json
import math
from datetime import datetime, timedelta

from vehicles.domain.measurements import Measurement, Value
from vehicles.domain.signals import CATALOGUE, Shape

CLOCK_SLACK = timedelta(minutes=5)


def refusal(measurement: Measurement) -> str | None:
    """Why this value cannot be true, in words for a person; None if it can."""
    kind = CATALOGUE[measurement.signal]
    value = measurement.value
    if kind.shape is Shape.NUMBER:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return "not a number"
        return _outside(value, kind)
    if kind.shape is Shape.WHEELS:
        if not isinstance(value, dict) or not value:
            return "no wheel"
        return next((why for why in (_outside(number, kind) for number in value.values()) if why), None)
    if kind.shape is Shape.CODES and not isinstance(value, list):
        return "not a list of codes"
    if kind.shape is Shape.LIGHT and not (isinstance(value, dict) and value.get("status") in ("OK", "ALERT")):
        return "neither OK nor ALERT"
    if kind.shape is Shape.TEXT and not (isinstance(value, str) and value):
        return "empty"
    return None


def _outside(number: float, kind) -> str | None:
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
    return (at, sequence or 0, fetched_at or at, canonical(value))


def canonical(value: Value) -> str:
    """One spelling for equal values; numbers of one sign sort as numbers."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{float(value):020.3f}"
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
