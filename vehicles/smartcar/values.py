"""The bodies of signals, one reader for each shape; what cannot be true raises a Doubt and becomes a gap."""

import math
import re
from datetime import datetime

from vehicles.domain.measurements import Why
from vehicles.domain.signals import CATALOGUE, Signal
from vehicles.smartcar.texts import read_text
from vehicles.smartcar.timestamps import as_text, read_past

# How much of our unit one of theirs is. Without a unit Smartcar speaks metric.
FACTORS: dict[str, dict[str, float]] = {
    "km": {"": 1, "km": 1, "kilometer": 1, "kilometers": 1, "mi": 1.609344, "mile": 1.609344, "miles": 1.609344},
    "percent": {"": 1, "percent": 1, "percentage": 1, "%": 1},
    "kpa": {"": 1, "kpa": 1, "psi": 6.894757, "bar": 100},
}
NOT_TOLD_FROM_KPA = 699  # 699.9 is what one make sends for a wheel it cannot measure; others send more
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?")
VIN = re.compile(r"[A-Z0-9]{11,17}")
CODE_CHARACTERS = 20


class Doubt(Exception):
    """This value is not one. `note` is for people."""

    def __init__(self, why: Why, note: str):
        super().__init__(note)
        self.why = why
        self.note = note


def read_number(signal: Signal, body: dict, now: datetime) -> float:
    kind = CATALOGUE[signal]
    raw = body.get("value")
    if raw is None:
        raw = body.get("percentage")
    number = _number(raw)
    unit = _unit(body.get("unit"))
    if kind.unit == "percent" and not unit and 0 <= number <= 1:
        raise Doubt(Why.REFUSED, "a fraction or a percent? no unit")

    value = number * _factor(kind.unit, unit)
    if not kind.low <= value <= kind.high:
        raise Doubt(Why.REFUSED, "outside of what is possible")
    return (round(value, 1) if kind.unit == "km" else value) + 0.0


def read_wheels(signal: Signal, body: dict, now: datetime) -> dict:
    """Wheels that cannot be told are left out, so that one bad sensor does not hide the others."""
    kind = CATALOGUE[signal]
    doubt = Doubt(Why.UNAVAILABLE, "no wheel told its pressure")
    pressures = {}
    for wheel in _entries(body):
        try:
            place = f"{_index(wheel, 'row')}.{_index(wheel, 'column')}"
            unit = _unit(wheel.get("unit")) or _unit(body.get("unit"))
            kpa = _number(wheel.get("tirePressure")) * _factor(kind.unit, unit)
            if kpa >= NOT_TOLD_FROM_KPA:
                continue
            if not kind.low <= kpa <= kind.high:
                raise Doubt(Why.REFUSED, "outside of what is possible")
            pressures.setdefault(place, round(kpa, 1))
        except Doubt as wheel_doubt:
            doubt = wheel_doubt
    if not pressures:
        raise doubt
    return dict(sorted(pressures.items()))


def read_codes(signal: Signal, body: dict, now: datetime) -> list:
    """The whole list, since what is missing from it counts as gone. An empty one is good news, not a gap."""
    entries = _entries(body)
    since: dict[str, str | None] = {}
    for entry in entries:
        entry = entry if isinstance(entry, dict) else {"code": entry}
        code = read_text(entry.get("code"), CODE_CHARACTERS).upper()
        if not code:
            continue
        began = read_past(entry.get("timestamp"), now)
        known = since.get(code)
        if began and (not known or as_text(began) < known):
            known = as_text(began)
        since[code] = known
    if entries and not since:
        raise Doubt(Why.REFUSED, "not readable")
    return [{"code": code, "since": since[code]} for code in sorted(since)]


def read_light(signal: Signal, body: dict, now: datetime) -> dict:
    status = read_text(body.get("status"), 20).upper()
    if not status:
        raise Doubt(Why.UNAVAILABLE, "nothing there yet")
    if status not in {"OK", "ALERT"}:
        raise Doubt(Why.REFUSED, "neither OK nor ALERT")
    return {"status": status, "description": read_text(body.get("description"), 200) or None}


def read_vin(signal: Signal, body: dict, now: datetime) -> str:
    vin = read_text(body.get("value"), 40).upper()
    if not vin:
        raise Doubt(Why.UNAVAILABLE, "nothing there yet")
    if not VIN.fullmatch(vin):
        raise Doubt(Why.REFUSED, "not a VIN")
    return vin


def _number(raw: object) -> float:
    if raw is None:
        raise Doubt(Why.UNAVAILABLE, "nothing there yet")
    if isinstance(raw, str) and NUMBER.fullmatch(raw.strip()):
        raw = float(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Doubt(Why.REFUSED, "not a number")
    # Bounded before it becomes a float: JSON knows whole numbers of thousands of digits.
    if not -1e15 < raw < 1e15 or not math.isfinite(raw):
        raise Doubt(Why.REFUSED, "outside of what is possible")
    return float(raw)


def _unit(raw: object) -> str:
    if raw is None:
        return ""
    unit = read_text(raw, 20).lower()
    if not isinstance(raw, str):
        raise Doubt(Why.REFUSED, "a unit we do not know")
    return unit


def _factor(ours: str, theirs: str) -> float:
    factor = FACTORS[ours].get(theirs)
    if factor is None:
        raise Doubt(Why.REFUSED, "a unit we do not know")
    return factor


def _entries(body: dict) -> list:
    entries = body.get("values")
    if entries is None:
        raise Doubt(Why.UNAVAILABLE, "nothing there yet")
    if not isinstance(entries, list):
        raise Doubt(Why.REFUSED, "not readable")
    return entries


def _index(wheel: object, name: str) -> int:
    place = wheel.get(name) if isinstance(wheel, dict) else None
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place <= 9:
        raise Doubt(Why.REFUSED, "a wheel that is nowhere")
    return place
