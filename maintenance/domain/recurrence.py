"""Where each axis becomes due next: so far from the last visit (floating), or on a grid of its own (fixed)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

from maintenance.domain.calendar import add_months, months_between
from maintenance.domain.plan import Anchor, AnchorKind, Completion

EXACT = 6


@dataclass(slots=True)
class Course:
    """The span in force on one axis, in km, hours or days of the calendar.

    `steps` counts the intervals from `origin` to `due` on a grid and is None for a floating one. `done` is the
    completion that chose the point, None if the start did or if its meter was not known.
    """

    start: float | date
    due: float | date
    origin: float | date | None = None
    steps: int | None = None
    done: float | date | None = None


class Numbers:
    """Every so many km or hours. The meters count in tenths, so the points do too."""

    def __init__(self, every: float):
        self.every = every

    def point(self, origin: float, steps: int) -> float:
        return round(origin + steps * self.every, 1)

    def steps_above(self, origin: float, value: float) -> int:
        """The first grid point strictly above the value."""
        steps = floor((value - origin) / self.every)
        while self.point(origin, steps) <= value:
            steps += 1
        return steps

    def steps_after(self, origin: float, done: float) -> int:
        """The first grid point more than half an interval above the completion."""
        return self.steps_above(origin, round(done + self.every / 2, EXACT))


class Months:
    """Every so many months; each point clamps to the month's end by itself."""

    def __init__(self, every: int):
        self.every = every

    def point(self, origin: date, steps: int) -> date:
        return add_months(origin, steps * self.every)

    def steps_above(self, origin: date, day: date) -> int:
        """The first grid point after the day: in the month that the day is in, or else the next one."""
        steps = months_between(origin, day) // self.every
        return steps + (self.point(origin, steps) <= day)

    def steps_after(self, origin: date, done: date) -> int:
        """More than half of the real days of the interval that ends there."""
        steps = self.steps_above(origin, done)
        while 2 * (self.point(origin, steps) - done).days <= self._days_before(origin, steps):
            steps += 1
        return steps

    def _days_before(self, origin: date, steps: int) -> int:
        return (self.point(origin, steps) - self.point(origin, steps - 1)).days


class Days(Months):
    """Every so many days: what is left of months under severe use."""

    def point(self, origin: date, steps: int) -> date:
        return origin + timedelta(days=steps * self.every)

    def steps_above(self, origin: date, day: date) -> int:
        return (day - origin).days // self.every + 1


class Shortened(Months):
    """Months under severe use: from each start, that part of the days of its own months, rounded down."""

    def __init__(self, months: int, severe: float):
        self.months, self.severe = months, severe

    def after(self, start: date) -> date:
        return start + timedelta(days=self.days(start))

    def days(self, start: date) -> int:
        whole = (add_months(start, self.months) - start).days
        return max(1, floor(round(whole * self.severe, EXACT)))


def float_on(rhythm: Numbers | Months | Shortened, start) -> Course:
    """One interval from where it was done last."""
    if isinstance(rhythm, Shortened):
        return Course(start, rhythm.after(start))
    return Course(start, rhythm.point(start, 1))


def on_grid(rhythm, origin, steps: int, done=None) -> Course:
    return Course(rhythm.point(origin, steps - 1), rhythm.point(origin, steps), origin, steps, done)


def refold(rhythm, *, origin, since, anchored: bool, visits: Sequence) -> Course | None:
    """Walk a grid over the visits in the order of their days; None while nothing has started it.

    `origin`: where the grid begins, None if that is not known. `since`: what was there at enrolment on a grid from
    new: the first point above it. `anchored`: the origin is itself a service.
    """
    if isinstance(rhythm, Shortened) and (origin is not None or visits):
        began = origin if origin is not None else next((visit for visit in visits if visit is not None), None)
        rhythm = Days(rhythm.days(began)) if began is not None else rhythm
    course = None
    if origin is not None:
        steps = 1 if anchored or since is None else max(1, rhythm.steps_above(origin, since))
        course = on_grid(rhythm, origin, steps)
    for done in visits:
        course = _next(rhythm, course, done)
    return course


def _next(rhythm, course: Course | None, done) -> Course | None:
    if done is None:  # the meter was not known then: the next point after the current one
        return course and on_grid(rhythm, course.origin, course.steps + 1)
    if course is None:
        return on_grid(rhythm, done, 1)
    return on_grid(rhythm, course.origin, rhythm.steps_after(course.origin, done), done)


def visits_after(anchor: Anchor, completions: Sequence[Completion]) -> list[Completion]:
    """One visit a day at its highest odometer, in the order of their days, later than the known anchor.

    Any standing completion replaces “from today”; on the day of a known anchor the person’s statement wins.
    """
    days: dict[date, Completion] = {}
    for done in completions:
        if anchor.kind == AnchorKind.KNOWN and anchor.on is not None and done.on <= anchor.on:
            continue
        held = days.get(done.on)
        if held is None or rank(done) > rank(held):
            days[done.on] = done
    return [days[on] for on in sorted(days)]


def rank(done: Completion):
    """Of one day the highest odometer; the rest only decides which of two equal ones is named."""
    km = -1.0 if done.odometer_km is None else done.odometer_km
    hours = -1.0 if done.hours is None else done.hours
    return done.on, km, hours, not done.odometer_is_stand_in, done.at, done.by, done.part_of
