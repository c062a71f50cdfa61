"""Raw numbers, units and lists as JSON brings them. What cannot be true raises a Doubt, which becomes a gap."""

import math
import re

from vehicles.domain.measurements import Why
from vehicles.smartcar.texts import read_text

# How much of our unit one of theirs is. Without a unit Smartcar speaks metric.
FACTORS: dict[str, dict[str, float]] = {
    "km": {"": 1, "km": 1, "kilometer": 1, "kilometers": 1, "mi": 1.609344, "mile": 1.609344, "miles": 1.609344},
    "percent": {"": 1, "percent": 1, "percentage": 1, "%": 1},
    "kpa": {"": 1, "kpa": 1, "psi": 6.894757, "bar": 100},
    "l": dict.fromkeys(("", "l", "liter", "liters", "litre", "litres"), 1.0)
    | dict.fromkeys(("gal", "gallon", "gallons"), 3.785411784),
    "kwh": dict.fromkeys(("", "kwh", "kwhr", "kilowatt_hours", "kilowatt_hour"), 1.0),
    "count": {"": 1, "count": 1},
}
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?")


class Doubt(Exception):
    """This value is not one. `note` is for people."""

    def __init__(self, why: Why, note: str):
        super().__init__(note)
        self.why = why
        self.note = note


def number_in(raw: object) -> float:
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


def unit_in(raw: object) -> str:
    if raw is None:
        return ""
    unit = read_text(raw, 20).lower()
    if not isinstance(raw, str):
        raise Doubt(Why.REFUSED, "a unit we do not know")
    return unit


def factor(ours: str, theirs: str) -> float:
    """How much of our unit one of theirs is."""
    found = FACTORS[ours].get(theirs)
    if found is None:
        raise Doubt(Why.REFUSED, "a unit we do not know")
    return found


def entries_in(body: dict) -> list:
    entries = body.get("values")
    if entries is None:
        raise Doubt(Why.UNAVAILABLE, "nothing there yet")
    if not isinstance(entries, list):
        raise Doubt(Why.REFUSED, "not readable")
    return entries
