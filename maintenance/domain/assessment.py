"""Is it due, and why: one line on one vehicle on one day. Whichever axis is reached first wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maintenance.domain import trace as traces
from maintenance.domain.axes import Mark, Standing, marks_of, stand
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Completion, Facts, Line, Missing, Sight
from maintenance.domain.starting import start_of
from maintenance.domain.status import Status, worst

ORDER = {axis: place for place, axis in enumerate(Axis)}


@dataclass(frozen=True, slots=True)
class AxisVerdict:
    """One axis: points in km, ISO date or percent. `missing`: why it cannot speak; `dropped`: it never will."""

    axis: Axis
    status: Status
    due: float | str | None = None
    start: float | str | None = None
    soon_from: float | str | None = None
    missing: str = ""
    dropped: bool = False
    remaining: float | None = None
    span: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Absolute points and a status. `changes_on` is the next day on which the calendar alone can move an axis."""

    status: Status
    winner: Axis | None
    due_km: float | None
    due_on: date | None
    oil_limit_pct: float | None
    start_km: float | None
    start_on: date | None
    axes: tuple[AxisVerdict, ...]
    changes_on: date | None
    trace: dict
    reading: dict


def assess(line: Line, anchor: Anchor, completions: Sequence[Completion], facts: Facts) -> Verdict:
    """The verdict and its trace; a function of its arguments and nothing else."""
    start = start_of(anchor, completions)
    marks = marks_of(line, start, facts.registered_on)
    standings = [stand(mark, facts, start.oil_after) for mark in marks]
    status = overall(standings, start_known=start.kind != AnchorKind.UNKNOWN)
    winner = winning(marks, standings, status)

    alive = {mark.axis: mark for mark, standing in zip(marks, standings, strict=True) if not standing.dropped}
    nothing = Mark(Axis.TIME)
    axes = tuple(_told(mark, standing) for mark, standing in zip(marks, standings, strict=True))
    return Verdict(
        status=status,
        winner=winner,
        due_km=alive.get(Axis.DISTANCE, nothing).due,
        due_on=alive.get(Axis.TIME, nothing).due,
        oil_limit_pct=alive.get(Axis.OIL, nothing).due,
        start_km=alive.get(Axis.DISTANCE, nothing).start,
        start_on=alive[Axis.TIME].start if Axis.TIME in alive else start.on,
        axes=axes,
        changes_on=_changes_on(alive.get(Axis.TIME), facts.today),
        trace=traces.write(line, start, marks, standings, winner, facts.registered_on),
        reading={"odometer": _sight(facts.odometer), "oil": _sight(facts.oil)},
    )


def overall(standings: Sequence[Standing], *, start_known: bool) -> Status:
    """The worst axis. No axis left: unknown. Without a known start ok is never claimed."""
    status = worst(standing.status for standing in standings if not standing.dropped)
    if status is Status.OK and not start_known:
        return Status.UNKNOWN
    return status


def winning(marks: Sequence[Mark], standings: Sequence[Standing], status: Status) -> Axis | None:
    """The axis that was reached first; else the most urgent one; of an unknown item the one that is missing.

    At an even pace the axis with the least remaining share of its interval is the one that was reached first.
    """
    live = [(mark, standing) for mark, standing in zip(marks, standings, strict=True) if not standing.dropped]
    reached = [pair for pair in live if pair[1].status.is_reached]
    highest = [pair for pair in live if pair[1].status is status]
    candidates = reached or highest or live
    if not candidates:
        return None
    return min(candidates, key=_share_then_order)[0].axis


def _share_then_order(pair: tuple[Mark, Standing]):
    mark, standing = pair
    share = standing.remaining / mark.span if standing.remaining is not None and mark.span else 0.0
    return share, ORDER[mark.axis]


def _changes_on(time: Mark | None, today: date) -> date | None:
    if time is None or time.due is None:
        return None
    steps = (time.soon_from, time.due, time.due + timedelta(days=1))
    return min((day for day in steps if day > today), default=None)


def _told(mark: Mark, standing: Standing) -> AxisVerdict:
    return AxisVerdict(
        axis=mark.axis,
        status=standing.status,
        due=traces.plain(mark.due),
        start=traces.plain(mark.start),
        soon_from=traces.plain(mark.soon_from),
        missing=standing.missing,
        dropped=standing.dropped,
        remaining=standing.remaining,
        span=mark.span,
    )


def _sight(sight: Sight | Missing) -> dict:
    if isinstance(sight, Missing):
        return {"missing": str(sight.why)}
    return {"value": sight.value, "at": sight.at.isoformat(), "source": str(sight.source)}
