"""What a trouble code says: by its structure for any of them, in plain words for those we know."""

import re
from dataclasses import dataclass

from vehicles.domain.codes_of import KNOWN
from vehicles.domain.codes_of.group import Severity

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


# What to do about a code that only its structure is known of.
CAUSES = {
    "P": "Not known from the code alone.",
    "B": "Often a plug or a wire in a door or under a seat.",
    "C": "Often a sensor at a wheel, or its cable.",
    "U": "Often weak voltage or a loose plug.",
}
STEP = "Have it read out with a maker’s tool, and ask when it first came."
OWN_FORM = "Look it up in the maker’s documents."


@dataclass(frozen=True, slots=True)
class Meaning:
    """`text`, `cause` and `step` are short plain sentences; `is_known` when our own table has the code."""

    code: str
    text: str
    severity: Severity
    is_known: bool
    is_generic: bool
    cause: str = ""
    step: str = ""


def normal(code: str) -> str:
    """One spelling for one code."""
    return "".join(code.split()).upper()


def base(code: str) -> str:
    """The code without the failure type that some makers add: P0420-00 is P0420."""
    return code[:5] if SHAPE.fullmatch(code) else code


def explain(code: str) -> Meaning:
    code = normal(code)
    shape = SHAPE.fullmatch(code)
    if shape is None:
        text = "A code in the maker’s own form."
        return Meaning(code, text, Severity.WARNING, False, False, "Not known from the code alone.", OWN_FORM)
    generic = _is_generic(*shape.groups()[:3])
    if entry := KNOWN.get(code[:5]):
        return Meaning(code, entry.text, entry.severity, True, generic, entry.cause, entry.step)
    text, cause = _by_structure(shape, generic), CAUSES[shape.group(1)]
    return Meaning(code, text, Severity.WARNING, False, generic, cause, STEP)


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
    owner = "common to all makers" if generic else "the maker’s own code"
    area = _area(system, kind, part) if generic else ""
    return f"{SYSTEMS[system]}{f': {area}' if area else ''} ({owner})."


def _area(system: str, kind: str, part: str) -> str:
    if system == "P" and kind in "02":
        return (POWERTRAIN_2 if kind == "2" else POWERTRAIN).get(part, "")
    if system == "U" and kind == "0":
        return NETWORK.get(part, "")
    return ""
