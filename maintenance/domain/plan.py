"""What goes into a verdict: the line of a program, where its clock started, what was done, what the car says."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Axis(StrEnum):
    """In the order that breaks a tie."""

    OIL = "oil"
    DISTANCE = "distance"
    TIME = "time"


class Recurrence(StrEnum):
    """floating: next = completion + interval. fixed: the next point of a grid."""

    FLOATING = "floating"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Line:
    """One task with its intervals. `distance_typed` keeps what a person wrote, such as "5,000 mi"."""

    task_name: str
    program_name: str
    program_version: int
    every_km: float | None = None
    every_months: int | None = None
    oil_below_pct: float | None = None
    distance_typed: str = ""
    soon_share: float = 0.10
    soon_days: int = 14


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


@dataclass(frozen=True, slots=True)
class Completion:
    """A standing record of the task. `on` is the local day, `at` the moment after which oil readings count."""

    on: date
    odometer_km: float | None
    odometer_is_stand_in: bool
    at: datetime
    by: str


class Lack(StrEnum):
    """Why an axis cannot speak. The first four come with the readings, the others from where the clock starts."""

    WAITING = "waiting"
    NOT_PERMITTED = "not_permitted"
    UNSUPPORTED = "unsupported"
    UNAVAILABLE = "unavailable"

    BEFORE_SERVICE = "before_service"  # the only oil reading is older than the last completion
    NO_START = "no_start"  # last service unknown
    NO_START_ODOMETER = "no_start_odometer"  # the day is known, the odometer of that day is not
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the vehicle on one local day."""

    today: date
    odometer: Sight | Missing = Missing()
    oil: Sight | Missing = Missing()
    registered_on: date | None = None
