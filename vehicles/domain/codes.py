"""What a trouble code says: by its structure for any of them, in plain words for those we know."""

import re
from dataclasses import dataclass
from enum import StrEnum

from vehicles.domain.known_codes import CRITICAL, KNOWN

SHAPE = re.compile(r"([PBCU])([0-3])([0-9A-F])([0-9A-F]{2})(?:[-:]?([0-9A-F]{2}))?")

SYSTEMS = {"P": "Engine and drive", "B": "Body", "C": "Chassis", "U": "Network between control units"}

# The third character of a powertrain code names the part of the car.
POWERTRAIN = {
    "0": "fuel, air and exhaust cleaning",
    "1": "fuel and air metering",
    "2": "fuel injection",
    "3": "ignition and misfires",
    "4": "exhaust cleaning",
    "5": "speed, idle and other inputs",
    "6": "engine computer and its outputs",
    "7": "gearbox",
    "8": "gearbox",
    "9": "gearbox",
    "A": "hybrid or electric drive",
    "B": "hybrid or electric drive",
    "C": "hybrid or electric drive",
}
POWERTRAIN_2 = POWERTRAIN | {"A": "fuel, air and exhaust cleaning", "B": "fuel, air and exhaust cleaning"}
NETWORK = {
    "0": "the wiring of the network",
    "1": "a control unit that does not answer",
    "2": "a control unit that does not answer",
    "3": "software that does not match",
    "4": "data that cannot be right",
    "5": "data that cannot be right",
}


class Severity(StrEnum):
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Meaning:
    """`text` is a short plain sentence; `is_known` when it stands in our own list rather than in the structure."""

    code: str
    text: str
    severity: Severity
    is_known: bool
    is_generic: bool


def normal(code: str) -> str:
    """One spelling for one code."""
    return "".join(code.split()).upper()


def explain(code: str) -> Meaning:
    code = normal(code)
    shape = SHAPE.fullmatch(code)
    if shape is None:
        return Meaning(code, "A code in the maker's own form.", Severity.WARNING, is_known=False, is_generic=False)
    base = code[:5]
    severity = Severity.CRITICAL if base in CRITICAL else Severity.WARNING
    generic = _is_generic(*shape.groups()[:3])
    known = KNOWN.get(base)
    return Meaning(code, known or _by_structure(shape, generic), severity, known is not None, generic)


def _is_generic(system: str, kind: str, part: str) -> bool:
    """0 is common to all makers; of 2 and 3 it depends on the system."""
    if kind == "0":
        return True
    if kind == "2":
        return system == "P"
    if kind == "3":
        return system == "U" or (system == "P" and part >= "4")
    return False


def _by_structure(shape: re.Match, generic: bool) -> str:
    system, kind, part = shape.groups()[:3]
    owner = "common to all makers" if generic else "the maker's own code"
    area = _area(system, kind, part) if generic else ""
    return f"{SYSTEMS[system]}{f': {area}' if area else ''} ({owner})."


def _area(system: str, kind: str, part: str) -> str:
    if system == "P" and kind in "02":
        return (POWERTRAIN_2 if kind == "2" else POWERTRAIN).get(part, "")
    if system == "U" and kind == "0":
        return NETWORK.get(part, "")
    return ""
