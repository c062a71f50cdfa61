"""What one look at a car told us: measurements, and the gaps where it could not tell."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vehicles.domain.signals import Signal

Value = float | str | bool | dict | list


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value of one signal. All times are aware, in UTC; None where nobody said.

    `measured_at` is when the car itself recorded the value, `fetched_at` when Smartcar got it from the maker.
    The value is canonical: km with one decimal, percent 0..100, kPa with one decimal. The catalogue knows its shape.
    """

    signal: Signal
    value: Value
    measured_at: datetime | None = None
    fetched_at: datetime | None = None
    sequence: int | None = None


class Why(StrEnum):
    """Why a signal has no value this time. Each has a next step of its own."""

    UNSUPPORTED = "unsupported"  # the car does not give it
    NOT_PERMITTED = "not_permitted"  # the owner did not consent to it
    UNAVAILABLE = "unavailable"  # nothing there yet
    REFUSED = "refused"  # what came cannot be true, or cannot be read
    ERROR = "error"  # asking failed


@dataclass(frozen=True, slots=True)
class Gap:
    """A signal that could not be told, and why. `note` is short, in our own words, without values from the car."""

    signal: Signal
    why: Why
    note: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """What kind of car it is; "" and None where unknown."""

    make: str = ""
    model: str = ""
    year: int | None = None
    powertrain: str = ""  # "ICE", "HEV", "PHEV", "BEV" or ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that one delivery or one poll told of one vehicle.

    `unknown` names a few signals that no table of ours knows: neither kept nor left out on purpose. `unknown_errors`
    are errors of single signals, "TYPE.CODE", of which the same is true.
    """

    measurements: tuple[Measurement, ...] = ()
    gaps: tuple[Gap, ...] = ()
    identity: Identity | None = None
    unknown: tuple[str, ...] = ()
    unknown_errors: tuple[str, ...] = ()
