"""The axes: where each becomes due, and where it stands today. Each is blind to the others."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor

from maintenance.domain.plan import Axis, Facts, Lack, Line, Missing, Sight
from maintenance.domain.recurrence import EXACT, Course
from maintenance.domain.status import Status

OIL, DISTANCE, _, TIME = Axis  # a review looks at a hundred thousand of them
OK, SOON, DUE, OVERDUE = Status.OK, Status.SOON, Status.DUE, Status.OVERDUE


@dataclass(slots=True)
class Mark:
    """The fixed points of one axis: km, hours, date or percent. `span` is one interval: km, hours, days, points of oil.

    `missing` says why there are no points. A mark never moves with a reading or with the day. Overdue begins beyond
    `grace`. `pace` is the most of it that usually goes by in a day, and within `lead` days of the day that gives it is
    soon. `origin`, `steps` and `done` are those of a grid.
    """

    axis: Axis
    start: float | date | None = None
    due: float | date | None = None
    soon_from: float | date | None = None
    span: float = 0.0
    missing: str = ""
    grace: float = 0.0
    pace: float | None = None
    lead: float = 0.0
    origin: float | date | None = None
    steps: int | None = None
    done: float | date | None = None


@dataclass(slots=True)
class Standing:
    """One axis on one day. `remaining` in km, hours, days or points; None when it cannot be told.

    `foretold`: the share of the interval alone would not make it soon, the early end of its forecast does.
    `soon_on`: the day on which that will be so if nothing new is read.
    """

    axis: Axis
    status: Status
    remaining: float | None = None
    missing: str = ""
    dropped: bool = False
    foretold: bool = False
    soon_on: date | None = None


def oil_mark(line: Line, facts: Facts) -> Mark:
    limit = float(line.oil_below_pct)
    span = 100 - limit
    mark = Mark(Axis.OIL, 100.0, limit, round(limit + line.soon_share * span, EXACT), span)
    return with_pace(mark, line, facts)


def metered_mark(axis: Axis, line: Line, course: Course, facts: Facts, grace: float) -> Mark:
    """Distance or engine hours: the points of a course and the share before it."""
    every = axis_interval(axis, line)
    soon_from = round(course.due - line.soon_share * every, EXACT)
    mark = Mark(axis, course.start, course.due, soon_from, every, "", grace)
    mark.origin, mark.steps, mark.done = course.origin, course.steps, course.done
    return with_pace(mark, line, facts)


def axis_interval(axis: Axis, line: Line) -> float:
    """Km as the vehicle’s use shortens them; hours as they are."""
    if axis is Axis.HOURS:
        return float(line.every_hours)
    return float(line.every_km) if line.severe == 1 else round(line.every_km * line.severe, EXACT)


def time_mark(line: Line, course: Course) -> Mark:
    span = (course.due - course.start).days
    days = max(line.soon_share * span, min(line.soon_days, span / 3))
    soon_from = course.due - timedelta(days=floor(round(days, EXACT)))
    mark = Mark(Axis.TIME, course.start, course.due, soon_from, float(span), "", line.grace_days)
    mark.origin, mark.steps, mark.done = course.origin, course.steps, course.done
    return mark


def with_pace(mark: Mark, line: Line, facts: Facts) -> Mark:
    """The lead is capped at a third of the interval: of the days in which its pace goes through it."""
    pace = facts.paces.get(mark.axis)
    if pace is not None and pace.fast:
        mark.pace = pace.fast
        mark.lead = min(line.soon_days, mark.span / pace.fast / 3) if mark.span else line.soon_days
    return mark


def stand(mark: Mark, facts: Facts, oil_after: datetime | None = None) -> Standing:
    """Where the axis stands. What the car cannot give is dropped, whatever else is missing.

    The last reading of a car that gives no more can still call for a service, but nothing is ok by it for ever.
    """
    axis = mark.axis
    if axis is TIME:
        return _by_time(mark, facts.today) if not mark.missing else _cannot_tell(mark)

    sight = facts.odometer if axis is DISTANCE else facts.oil if axis is OIL else facts.hours
    if type(sight) is Missing:
        if sight.why == Lack.UNSUPPORTED:
            return Standing(axis, Status.UNKNOWN, None, Lack.UNSUPPORTED, True)
        return _cannot_tell(mark) if mark.missing else Standing(axis, Status.UNKNOWN, None, str(sight.why))
    told = _by_reading(mark, sight, facts, oil_after)
    if sight.ended and told.status.rank < SOON.rank:
        return Standing(axis, Status.UNKNOWN, None, Lack.UNSUPPORTED, True)
    return told


def _cannot_tell(mark: Mark) -> Standing:
    return Standing(mark.axis, Status.UNKNOWN, None, str(mark.missing))


def _by_reading(mark: Mark, sight: Sight, facts: Facts, oil_after: datetime | None) -> Standing:
    if mark.missing:
        return _cannot_tell(mark)
    standing = _by_oil(mark, sight, oil_after) if mark.axis is OIL else _by_meter(mark, sight)
    if standing.status is OK and mark.pace:
        _look_ahead(mark, standing, facts, sight)
    return standing


def _by_meter(mark: Mark, sight: Sight) -> Standing:
    left = round(mark.due - sight.value, EXACT)
    if left > 0:
        return Standing(mark.axis, SOON if sight.value >= mark.soon_from else OK, left)
    return Standing(mark.axis, DUE if left >= -mark.grace else OVERDUE, left)


def _by_time(mark: Mark, today: date) -> Standing:
    left = (mark.due - today).days
    if left > 0:
        return Standing(mark.axis, SOON if today >= mark.soon_from else OK, left)
    return Standing(mark.axis, DUE if left >= -mark.grace else OVERDUE, left)


def _by_oil(mark: Mark, oil: Sight, oil_after: datetime | None) -> Standing:
    if oil_after is not None and oil.at <= oil_after:
        return Standing(mark.axis, Status.UNKNOWN, None, Lack.BEFORE_SERVICE)
    points = round(oil.value - mark.due, EXACT)
    if oil.value <= mark.due / 2:
        return Standing(mark.axis, OVERDUE, points)
    if points <= 0:
        return Standing(mark.axis, DUE, points)
    return Standing(mark.axis, SOON if oil.value <= mark.soon_from else OK, points)


def _look_ahead(mark: Mark, standing: Standing, facts: Facts, sight: Sight) -> None:
    """Soon once the early end of the forecast is within the lead. Counted from the day of the reading."""
    days = floor(round(standing.remaining / mark.pace, EXACT))
    until = days - floor(round(mark.lead, EXACT))
    if until <= 10_000:
        soon_on = facts.seen_on(sight) + timedelta(days=until)
        if soon_on <= facts.today:
            standing.status, standing.foretold = SOON, True
        else:
            standing.soon_on = soon_on
