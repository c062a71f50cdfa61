"""The three axes: where each becomes due, and where it stands today. Each is blind to the others."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

from maintenance.domain.calendar import add_months, grid_before_and_after
from maintenance.domain.plan import AnchorKind, Axis, Facts, Lack, Line, Missing, Sight
from maintenance.domain.starting import Start
from maintenance.domain.status import Status

# Figures carry at most one decimal; six keep every comparison exact and shed what binary floats add.
EXACT = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """The fixed points of one axis: km, date or percent. `span` is one interval: km, real days, or points of oil.

    `missing` says why there are no points. A mark never moves with a reading or with the day.
    """

    axis: Axis
    start: float | date | None = None
    due: float | date | None = None
    soon_from: float | date | None = None
    span: float = 0.0
    missing: str = ""


def marks_of(line: Line, start: Start, registered_on: date | None) -> list[Mark]:
    """One mark for each axis that the line carries."""
    marks = []
    if line.oil_below_pct is not None:
        marks.append(_oil_mark(line))
    if line.every_km is not None:
        marks.append(_distance_mark(line, start))
    if line.every_months is not None:
        marks.append(_time_mark(line, start, registered_on))
    return marks


def _oil_mark(line: Line) -> Mark:
    limit = float(line.oil_below_pct)
    span = 100 - limit
    return Mark(Axis.OIL, 100.0, limit, round(limit + line.soon_share * span, EXACT), span)


def _distance_mark(line: Line, start: Start) -> Mark:
    if start.kind == AnchorKind.UNKNOWN:
        return Mark(Axis.DISTANCE, missing=Lack.NO_START)
    if start.odometer_km is None:
        return Mark(Axis.DISTANCE, missing=Lack.NO_START_ODOMETER)
    begin_km = float(start.odometer_km)
    if start.kind == AnchorKind.NEW:
        begin_km = _grid_point_at_or_below(begin_km, line.every_km)
    # The meter counts in tenths, so the due point does too: 25,000 mi + 5,000 mi is reached when the dash says 30,000.
    due_km = round(begin_km + line.every_km, 1)
    soon_from_km = round(due_km - line.soon_share * line.every_km, EXACT)
    return Mark(Axis.DISTANCE, round(begin_km, 1), due_km, soon_from_km, float(line.every_km))


def _grid_point_at_or_below(km: float, every_km: float) -> float:
    steps = max(0, floor(km / every_km) - 1)
    while round((steps + 1) * every_km, 1) <= km:
        steps += 1
    return steps * every_km


def _time_mark(line: Line, start: Start, registered_on: date | None) -> Mark:
    if start.kind == AnchorKind.UNKNOWN:
        return Mark(Axis.TIME, missing=Lack.NO_START)
    if start.kind == AnchorKind.NEW:
        if registered_on is None:
            return Mark(Axis.TIME, missing=Lack.NO_REGISTRATION)
        begin, due = grid_before_and_after(registered_on, line.every_months, start.on or registered_on)
    else:
        if start.on is None:
            return Mark(Axis.TIME, missing=Lack.NO_START_DATE)
        begin, due = start.on, add_months(start.on, line.every_months)
    span = (due - begin).days
    soon_days = max(line.soon_share * span, min(line.soon_days, span / 3))
    return Mark(Axis.TIME, begin, due, due - timedelta(days=floor(round(soon_days, EXACT))), float(span))


@dataclass(frozen=True, slots=True)
class Standing:
    """One axis on one day. `remaining` in km, days or points; None when it cannot be told."""

    axis: Axis
    status: Status
    remaining: float | None = None
    missing: str = ""
    dropped: bool = False


def stand(mark: Mark, facts: Facts, oil_after=None) -> Standing:
    """Where the axis stands. What the car cannot give is dropped, whatever else is missing.

    The last reading of a car that gives no more can still call for a service, but nothing is ok by it for ever.
    """
    if mark.axis is Axis.TIME:
        return _cannot_tell(mark) if mark.missing else _by_time(mark, facts.today)

    sight = facts.oil if mark.axis is Axis.OIL else facts.odometer
    if isinstance(sight, Missing) and sight.why == Lack.UNSUPPORTED:
        return _dropped(mark)
    if isinstance(sight, Sight) and sight.ended:
        told = _by_reading(mark, sight, oil_after)
        return told if told.status.rank >= Status.SOON.rank else _dropped(mark)
    return _by_reading(mark, sight, oil_after)


def _by_reading(mark: Mark, sight: Sight | Missing, oil_after) -> Standing:
    if mark.missing:
        return _cannot_tell(mark)
    if isinstance(sight, Missing):
        return Standing(mark.axis, Status.UNKNOWN, missing=str(sight.why))
    if mark.axis is Axis.OIL:
        return _by_oil(mark, sight, oil_after)
    return _by_distance(mark, sight)


def _dropped(mark: Mark) -> Standing:
    return Standing(mark.axis, Status.UNKNOWN, missing=Lack.UNSUPPORTED, dropped=True)


def _cannot_tell(mark: Mark) -> Standing:
    return Standing(mark.axis, Status.UNKNOWN, missing=str(mark.missing))


def _by_distance(mark: Mark, odometer: Sight) -> Standing:
    left_km = round(mark.due - odometer.value, EXACT)
    if left_km < 0:
        return Standing(mark.axis, Status.OVERDUE, left_km)
    if left_km == 0:
        return Standing(mark.axis, Status.DUE, left_km)
    soon = odometer.value >= mark.soon_from
    return Standing(mark.axis, Status.SOON if soon else Status.OK, left_km)


def _by_time(mark: Mark, today: date) -> Standing:
    left_days = (mark.due - today).days
    if left_days < 0:
        return Standing(mark.axis, Status.OVERDUE, left_days)
    if left_days == 0:
        return Standing(mark.axis, Status.DUE, left_days)
    return Standing(mark.axis, Status.SOON if today >= mark.soon_from else Status.OK, left_days)


def _by_oil(mark: Mark, oil: Sight, oil_after) -> Standing:
    if oil_after is not None and oil.at <= oil_after:
        return Standing(mark.axis, Status.UNKNOWN, missing=Lack.BEFORE_SERVICE)
    points = round(oil.value - mark.due, EXACT)
    if oil.value <= mark.due / 2:
        return Standing(mark.axis, Status.OVERDUE, points)
    if points <= 0:
        return Standing(mark.axis, Status.DUE, points)
    return Standing(mark.axis, Status.SOON if oil.value <= mark.soon_from else Status.OK, points)
