"""What goes into a verdict: the line of a program, where its clock started, what was done, what the car says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cached_property

from maintenance.domain.forecast import Pace


class Axis(StrEnum):
    """In the order that breaks a tie."""

    OIL = "oil"
    DISTANCE = "distance"
    HOURS = "hours"
    TIME = "time"


class Recurrence(StrEnum):
    """floating: next = completion + interval. fixed: the next point of a grid."""

    FLOATING = "floating"
    FIXED = "fixed"


@dataclass(frozen=True)
class Line:
    """One task with its intervals. `distance_typed` keeps what a person wrote, such as "5,000 mi".

    `severe` is the vehicle's (0 < f ≤ 1): it shortens distance and time. A one-off has no intervals but `once_km` or
    `once_on` or both, and is due once, at the first of them.
    """

    task_name: str
    program_name: str
    program_version: int
    every_km: float | None = None
    every_months: int | None = None
    oil_below_pct: float | None = None
    distance_typed: str = ""
    soon_share: float = 0.10
    soon_days: int = 14
    every_hours: float | None = None
    distance_recurs: Recurrence = Recurrence.FLOATING
    time_recurs: Recurrence = Recurrence.FLOATING
    hours_recur: Recurrence = Recurrence.FLOATING
    grace_km: float = 0.0
    grace_days: int = 0
    grace_hours: float = 0.0
    severe: float = 1.0
    once_km: float | None = None
    once_on: date | None = None

    @cached_property
    def is_once(self) -> bool:
        return self.once_km is not None or self.once_on is not None

    @cached_property
    def terms(self) -> dict:
        """The line as its trace tells it: plain JSON, made once for all vehicles of the line."""
        return {
            "km": self.every_km,
            "typed": self.distance_typed,
            "months": self.every_months,
            "oil_below_pct": self.oil_below_pct,
            "hours": self.every_hours,
            "recurs": {
                "distance": str(self.distance_recurs),
                "time": str(self.time_recurs),
                "hours": str(self.hours_recur),
            },
            "grace": {"distance": self.grace_km, "time": self.grace_days, "hours": self.grace_hours},
            "severe": self.severe,
            "once": self.is_once,
            "soon_days": self.soon_days,
        }


class AnchorKind(StrEnum):
    KNOWN = "known"
    NEW = "new"
    TODAY = "today"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the clock of one task on one vehicle starts, as a person chose it at enrolment.

    known: date and odometer of the last service. today: the day of enrolment and the reading taken for it.
    new: the day and the reading of enrolment too; the grid itself runs from 0 km and the first registration, so
    that a used car starts at its next point and not years overdue. unknown: neither.
    """

    kind: AnchorKind
    on: date | None = None
    odometer_km: float | None = None
    hours: float | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """A standing record of the task. `on` is the local day, `at` the moment after which oil readings count.

    `part_of` names the larger job that included it.
    """

    on: date
    odometer_km: float | None
    odometer_is_stand_in: bool
    at: datetime
    by: str
    hours: float | None = None
    part_of: str = ""


class Lack(StrEnum):
    """Why an axis cannot speak. The first five come with the readings, the others from where the clock starts."""

    WAITING = "waiting"
    NOT_PERMITTED = "not_permitted"
    UNSUPPORTED = "unsupported"
    UNAVAILABLE = "unavailable"
    METER = "meter"  # the dash stepped back for good: was the meter replaced?

    BEFORE_SERVICE = "before_service"  # the only oil reading is older than the last completion
    NO_START = "no_start"  # last service unknown
    NO_START_ODOMETER = "no_start_odometer"  # the day is known, the odometer of that day is not
    NO_START_HOURS = "no_start_hours"
    NO_START_DATE = "no_start_date"
    NO_REGISTRATION = "no_registration"  # from new, but nobody said when it was new


@dataclass(frozen=True, slots=True)
class Sight:
    """The reading used. `ended`: the car has said since that it gives no more of them."""

    value: float
    at: datetime
    source: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """No reading. "unsupported" drops the axis: the car cannot. Anything else could still come."""

    why: str = Lack.WAITING


@dataclass(frozen=True)
class Facts:
    """What is known of the vehicle on one local day of the fleet’s zone.

    Engine hours are known only where a person typed them; where nobody did, that axis is left out, never guessed.
    """

    today: date
    odometer: Sight | Missing = Missing()
    oil: Sight | Missing = Missing()
    registered_on: date | None = None
    hours: Sight | Missing = Missing(Lack.UNSUPPORTED)
    paces: Mapping[Axis, Pace] = field(default_factory=dict)
    zone: tzinfo | None = None

    def seen_on(self, sight: Sight) -> date:
        """The local day on which it was measured."""
        return (sight.at.astimezone(self.zone) if self.zone is not None else sight.at).date()
