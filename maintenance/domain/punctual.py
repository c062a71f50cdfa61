"""How early or late a job was, against the point that was in force just before it."""

from collections.abc import Sequence
from datetime import date

from maintenance.domain import held
from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Completion, Facts, Line


def early_by(
    *, due_km: float | None, due_on: date | None, km: float | None, on: date
) -> tuple[float | None, int | None]:
    """In km and in days; late is below zero, None where there was no such point or no odometer."""
    early_km = round(due_km - km, 1) if due_km is not None and km is not None else None
    early_days = (due_on - on).days if due_on is not None else None
    return early_km, early_days


def points_before(
    line: Line, anchor: Anchor, completions: Sequence[Completion], on: date, facts: Facts, hold: dict | None = None
) -> tuple[float | None, date | None, float | None]:
    """The km, the day and the hours at which the task was due just before a job of that day. `hold`: as of
    `held.judge`, the terms by which it was due already.

    `completions` are all that stand; those of the day itself and later ones are left aside, and so is a statement of
    the last service that was made of a later day.
    """
    earlier = [done for done in completions if done.on < on]
    if anchor.kind == AnchorKind.KNOWN and anchor.on is not None and anchor.on >= on:
        anchor = Anchor(AnchorKind.UNKNOWN)
    verdict = held.by_its_terms(line, hold, anchor, earlier, facts) or assess(line, anchor, earlier, facts)
    due = {mark.axis: mark.due for mark in verdict.marks}
    return due.get(Axis.DISTANCE), due.get(Axis.TIME), due.get(Axis.HOURS)


def early_or_late(
    line: Line,
    anchor: Anchor,
    completions: Sequence[Completion],
    done: Completion,
    facts: Facts,
    hold: dict | None = None,
) -> tuple[float | None, int | None]:
    """How early one completion was, in km and in days; late is below zero. Only `facts.registered_on` matters."""
    due_km, due_on, _ = points_before(line, anchor, completions, done.on, facts, hold)
    return early_by(due_km=due_km, due_on=due_on, km=done.odometer_km, on=done.on)
