"""The marks of one item: every axis of its line, from where its clock starts and what was done since."""

from collections.abc import Sequence
from datetime import date

from maintenance.domain.axes import Mark, axis_interval, metered_mark, oil_mark, time_mark, with_pace
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Completion, Facts, Lack, Line, Recurrence
from maintenance.domain.recurrence import (
    EXACT,
    Course,
    Days,
    Months,
    Numbers,
    Shortened,
    float_on,
    on_grid,
    refold,
    visits_after,
)
from maintenance.domain.starting import Start

FIXED = Recurrence.FIXED


def marks_of(
    line: Line, start: Start, facts: Facts, anchor: Anchor, completions: Sequence[Completion] = ()
) -> list[Mark]:
    """One mark for each axis that the line carries."""
    if line.is_once:
        return once_marks(line, anchor, facts)
    marks = []
    if line.oil_below_pct is not None:
        marks.append(oil_mark(line, facts))
    if line.every_km is not None:
        marks.append(distance_mark(line, start, facts, anchor, completions))
    if line.every_hours is not None:
        marks.append(hours_mark(line, start, facts, anchor, completions))
    if line.every_months is not None:
        marks.append(months_mark(line, start, facts, anchor, completions))
    return marks


def distance_mark(line: Line, start: Start, facts: Facts, anchor: Anchor, completions) -> Mark:
    course, lack = distance_course(line, start, anchor, completions)
    if course is None:
        return Mark(Axis.DISTANCE, missing=lack)
    return metered_mark(Axis.DISTANCE, line, course, facts, line.grace_km)


def distance_course(line: Line, start: Start, anchor: Anchor, completions) -> tuple[Course | None, str]:
    """Where the distance stands in its rhythm, or why that is not known."""
    if start.kind == AnchorKind.UNKNOWN:
        return None, Lack.NO_START
    rhythm = Numbers(axis_interval(Axis.DISTANCE, line))
    if line.distance_recurs == FIXED:
        new = anchor.kind == AnchorKind.NEW
        course = refold(
            rhythm,
            origin=0.0 if new and anchor.odometer_km is not None else anchor.odometer_km,
            since=anchor.odometer_km if new else None,
            anchored=not new,
            visits=[visit.odometer_km for visit in visits_after(anchor, completions)],
        )
        return course, Lack.NO_START_ODOMETER
    if start.odometer_km is None:
        return None, Lack.NO_START_ODOMETER
    if start.kind == AnchorKind.NEW:
        return on_grid(rhythm, 0.0, rhythm.steps_above(0.0, start.odometer_km)), ""
    return float_on(rhythm, float(start.odometer_km)), ""


def hours_mark(line: Line, start: Start, facts: Facts, anchor: Anchor, completions) -> Mark:
    """Only from hours that somebody typed: at the start, at a completion."""
    if start.kind == AnchorKind.UNKNOWN:
        return Mark(Axis.HOURS, missing=Lack.NO_START)
    rhythm = Numbers(float(line.every_hours))
    if line.hours_recur == FIXED:
        visits = [visit.hours for visit in visits_after(anchor, completions)]
        new = anchor.kind == AnchorKind.NEW
        origin = 0.0 if new and anchor.hours is not None else anchor.hours
        course = refold(rhythm, origin=origin, since=anchor.hours if new else None, anchored=not new, visits=visits)
    elif start.hours is None:
        course = None
    elif start.kind == AnchorKind.NEW:
        course = on_grid(rhythm, 0.0, rhythm.steps_above(0.0, start.hours))
    else:
        course = float_on(rhythm, float(start.hours))
    if course is None:
        return Mark(Axis.HOURS, missing=Lack.NO_START_HOURS)
    return metered_mark(Axis.HOURS, line, course, facts, line.grace_hours)


def months_mark(line: Line, start: Start, facts: Facts, anchor: Anchor, completions) -> Mark:
    course, lack = time_course(line, start, facts.registered_on, anchor, completions)
    return Mark(Axis.TIME, missing=lack) if course is None else time_mark(line, course)


def time_course(
    line: Line, start: Start, registered_on: date | None, anchor: Anchor, completions
) -> tuple[Course | None, str]:
    if start.kind == AnchorKind.UNKNOWN:
        return None, Lack.NO_START
    rhythm = Months(line.every_months) if line.severe == 1 else Shortened(line.every_months, line.severe)
    new = anchor.kind == AnchorKind.NEW
    if line.time_recurs == FIXED:
        course = refold(
            rhythm,
            origin=registered_on if new else anchor.on,
            since=anchor.on if new else None,
            anchored=not new,
            visits=[visit.on for visit in visits_after(anchor, completions)],
        )
        return course, Lack.NO_REGISTRATION if new else Lack.NO_START_DATE
    if start.kind == AnchorKind.NEW:
        if registered_on is None:
            return None, Lack.NO_REGISTRATION
        grid = Days(rhythm.days(registered_on)) if isinstance(rhythm, Shortened) else rhythm
        steps = max(1, grid.steps_above(registered_on, start.on or registered_on))
        return on_grid(grid, registered_on, steps), ""
    if start.on is None:
        return None, Lack.NO_START_DATE
    return float_on(rhythm, start.on), ""


def once_marks(line: Line, anchor: Anchor, facts: Facts) -> list[Mark]:
    """Due once. The span runs from where the car was when it was asked for, where that is known."""
    marks = []
    if line.once_km is not None:
        begin = anchor.odometer_km if anchor.odometer_km is not None and anchor.odometer_km < line.once_km else None
        span = line.once_km - begin if begin is not None else 0.0
        soon_from = round(line.once_km - line.soon_share * span, EXACT)
        mark = Mark(Axis.DISTANCE, begin, float(line.once_km), soon_from, span, "", line.grace_km)
        marks.append(with_pace(mark, line, facts))
    if line.once_on is not None:
        begin = anchor.on if anchor.on is not None and anchor.on < line.once_on else None
        mark = time_mark(line, Course(begin or line.once_on, line.once_on))
        if begin is None:
            mark.start, mark.soon_from = None, date.fromordinal(line.once_on.toordinal() - line.soon_days)
        marks.append(mark)
    return marks
