"""One light and one sentence for a car, from what is known against it. No score: the worst cause decides.

Unknown is never green: a car that cannot be leant on is good for nothing it said last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Light(StrEnum):
    """The worst first."""

    CRITICAL = "critical"
    OVERDUE = "overdue"
    CONTRADICTED = "contradicted"
    WARNING = "warning"
    DUE = "due"
    SOON = "soon"
    UNKNOWN = "unknown"
    OK = "ok"

    @property
    def place(self) -> int:
        return PLACES[self]


PLACES = {light: place for place, light in enumerate(Light)}


class Kind(StrEnum):
    """What speaks against a car. Of equal lights the first named is said."""

    FAULT = "fault"
    LAMP = "lamp"
    BREACH = "breach"
    CLAIM = "claim"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Cause:
    """`name` goes into the sentence: “oil and filter change”, “P0217, the engine is too hot”."""

    light: Light
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What else has to be known before a car may be called good. `silence` says why it cannot be leant on."""

    has_plan: bool = True
    leant_on: bool = True
    tells_faults: bool = True
    silence: str = "Nothing was due when the car last reported."


OPENINGS = {
    Light.CRITICAL: "Needs the workshop: {}.",
    Light.OVERDUE: "Needs the workshop: {}.",
    Light.CONTRADICTED: "The car says otherwise: {} was called done.",
    Light.DUE: "Due now: {}.",
    Light.SOON: "Due soon: {}.",
    Light.UNKNOWN: "Cannot tell: {}.",
}
WARNINGS = {
    Kind.FAULT: ("the car reports a fault", "the car reports {} faults"),
    Kind.LAMP: ("a system light is on", "{} system lights are on"),
}
ALL_OF = {Kind.ITEM, Kind.CLAIM}  # of these every one is named, of the others the first


def judge(causes: Iterable[Cause], standing: Standing) -> tuple[Light, str]:
    """The light of the worst cause, and what it is, in one sentence."""
    causes = sorted(causes, key=lambda cause: (cause.light.place, list(Kind).index(cause.kind)))
    light = causes[0].light if causes else Light.OK
    named = [cause for cause in causes if cause.light is light]
    if light is Light.WARNING:
        return light, warning(named, alone=len(named) == len(causes))
    if light is not Light.OK:
        return light, OPENINGS[light].format(phrase(named))
    if not standing.has_plan:
        return Light.UNKNOWN, "Nothing is known of this car yet."
    if not standing.leant_on:
        return Light.UNKNOWN, standing.silence
    if not standing.tells_faults:
        return light, "Nothing is due. This car does not tell its faults."
    return light, "Nothing is due, and no fault is reported."


def phrase(named: list[Cause]) -> str:
    """The names of all that are of the first one's kind, if such are named one by one."""
    first = named[0]
    told = [cause.name for cause in named if cause.kind is first.kind] if first.kind in ALL_OF else [first.name]
    return ", ".join(told).rstrip(".")


def warning(named: list[Cause], *, alone: bool) -> str:
    """What the car warns of; that nothing is due is said only where that is known."""
    first = named[0]
    count = sum(cause.kind is first.kind for cause in named)
    one, many = WARNINGS.get(first.kind, (first.name, first.name))
    said = one if count == 1 else many.format(count)
    return f"Nothing is due; {said}." if alone else f"{said[:1].upper()}{said[1:]}."
