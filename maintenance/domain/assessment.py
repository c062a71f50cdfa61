"""Is it due, and why: one line on one vehicle on one day. Whichever axis is reached first wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maintenance.domain import trace as traces
from maintenance.domain.axes import Mark, Standing, stand
from maintenance.domain.marking import marks_of
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Completion, Facts, Line, Missing, Sight
from maintenance.domain.starting import start_of
from maintenance.domain.status import Status, worst


@dataclass(slots=True)
class AxisVerdict:
    """One axis: points in km, hours, ISO date or percent. `missing`: why it cannot speak; `dropped`: it never will."""

    axis: Axis
    status: Status
    due: float | str | None
    start: float | str | None
    soon_from: float | str | None
    missing: str
    dropped: bool
    remaining: float | None
    span: float


@dataclass(slots=True)
class Verdict:
    """Absolute points and a status. `changes_on` is the next day on which the calendar alone can move an axis."""

    status: Status
    winner: Axis | None
    marks: list[Mark]
    standings: list[Standing]
    start_on: date | None
    changes_on: date | None
    trace: dict
    due_km: float | None = None
    due_on: date | None = None
    due_hours: float | None = None
    oil_limit_pct: float | None = None
    start_km: float | None = None
    overdue_share: float | None = None

    @property
    def axes(self) -> tuple[AxisVerdict, ...]:
        return tuple(_told(mark, standing) for mark, standing in zip(self.marks, self.standings, strict=True))


def assess(line: Line, anchor: Anchor, completions: Sequence[Completion], facts: Facts) -> Verdict:
    """The verdict and its trace; a function of its arguments and nothing else."""
    start = start_of(anchor, completions)
    marks = marks_of(line, start, facts, anchor, completions)
    standings = [stand(mark, facts, start.oil_after) for mark in marks]
    status = overall(standings, start_known=start.kind != AnchorKind.UNKNOWN or line.is_once)
    winner = winning(marks, standings, status)

    verdict = Verdict(
        status,
        winner,
        marks,
        standings,
        start.on,
        changes_on(marks, standings, facts.today),
        traces.write(line, start, marks, standings, winner, facts),
    )
    for mark, standing in zip(marks, standings, strict=True):
        if not standing.dropped:
            _keep_point(verdict, mark, standing)
    return verdict


def _keep_point(verdict: Verdict, mark: Mark, standing: Standing) -> None:
    axis = mark.axis
    if axis is Axis.DISTANCE:
        verdict.due_km, verdict.start_km = mark.due, mark.start
    elif axis is Axis.TIME:
        verdict.due_on, verdict.start_on = mark.due, mark.start
    elif axis is Axis.OIL:
        verdict.oil_limit_pct = mark.due
    else:
        verdict.due_hours = mark.due
    if axis is verdict.winner and standing.remaining is not None and standing.status.is_reached and mark.span:
        verdict.overdue_share = round(max(0.0, -standing.remaining / mark.span), 2)


def overall(standings: Sequence[Standing], *, start_known: bool) -> Status:
    """The worst axis. No axis left: unknown. Without a known start ok is never claimed."""
    status = worst([standing.status for standing in standings if not standing.dropped])
    if status is Status.OK and not start_known:
        return Status.UNKNOWN
    return status


# Stands for the interval of a one-off of which nobody knows where it began: a year of plain use.
A_YEAR = {Axis.DISTANCE: 15_000.0, Axis.TIME: 365.0}


def winning(marks: Sequence[Mark], standings: Sequence[Standing], status: Status) -> Axis | None:
    """The axis that was reached first; else the most urgent one; of an unknown item the one that is missing.

    At an even pace the axis with the least remaining share of its interval is the one that was reached first.
    """
    reached = status is Status.DUE or status is Status.OVERDUE
    best = found = None
    for mark, standing in zip(marks, standings, strict=True):
        if standing.dropped:
            continue
        if reached and not standing.status.is_reached:
            continue
        if not reached and standing.status is not status:
            continue
        left = standing.remaining
        share = left / (mark.span or A_YEAR[mark.axis]) if left is not None else 0.0
        if best is None or share < best:  # marks come in the order that breaks a tie
            best, found = share, mark.axis
    if found is None and any(not standing.dropped for standing in standings):  # ok, yet the start is unknown
        return winning(marks, standings, Status.OK)
    return found


def changes_on(marks: Sequence[Mark], standings: Sequence[Standing], today: date) -> date | None:
    """The next day on which the calendar alone moves an axis: its own steps, or a forecast that comes near."""
    first = None
    for mark, standing in zip(marks, standings, strict=True):
        if mark.axis is Axis.TIME:
            if mark.due is None:
                continue
            day = mark.soon_from if today < mark.soon_from else mark.due
            if today >= mark.due:
                day = mark.due + timedelta(days=mark.grace + 1)
        else:
            day = standing.soon_on
        if day is not None and day > today and (first is None or day < first):
            first = day
    return first


def _told(mark: Mark, standing: Standing) -> AxisVerdict:
    return AxisVerdict(
        mark.axis,
        standing.status,
        traces.plain(mark.due),
        traces.plain(mark.start),
        traces.plain(mark.soon_from),
        standing.missing,
        standing.dropped,
        standing.remaining,
        mark.span,
    )


def sight_told(sight: Sight | Missing) -> dict:
    """The reading that made a status, as plain JSON."""
    if isinstance(sight, Missing):
        return {"missing": str(sight.why)}
    return {"value": sight.value, "at": sight.at.isoformat(), "source": str(sight.source)}


def readings_told(facts: Facts) -> dict:
    told = {"odometer": sight_told(facts.odometer), "oil": sight_told(facts.oil)}
    return told | ({"hours": sight_told(facts.hours)} if isinstance(facts.hours, Sight) else {})
