"""Why is this due: a stored trace and today's readings, as rows that a person can check with a pencil."""

from dataclasses import dataclass
from datetime import date, tzinfo

from fleet.kit.units import Units, km_to, number, percent
from maintenance.domain import ground
from maintenance.domain import trace as traces
from maintenance.domain.assessment import overall, winning
from maintenance.domain.axes import stand
from maintenance.domain.ground import Row
from maintenance.domain.plan import AnchorKind, Axis, Facts, Missing, Sight
from maintenance.domain.showing import DUE_TODAY, AxisShown, show
from maintenance.domain.status import Status
from maintenance.domain.sums import counted, day
from maintenance.domain.wording import came, listed, next_step, reason


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a page or a mail says of one verdict. `status` is as of `today` and the readings given."""

    status: Status
    headline: str
    second: str
    sentence: str
    rows: list[Row]
    axes: list[AxisShown]


def explain(
    trace: dict,
    *,
    odometer: Sight | Missing,
    oil: Sight | Missing,
    today: date,
    units: Units,
    zone: tzinfo | None = None,
) -> Explanation:
    """`zone` is the fleet's, for the days on which readings were measured."""
    units = Units(units)
    facts = traces.facts(trace, Facts(today, odometer, oil, zone=zone))
    marks = traces.marks(trace)
    standings = [stand(mark, facts, traces.oil_after(trace)) for mark in marks]
    interval = trace["interval"]
    start_known = trace["anchor"]["kind"] != AnchorKind.UNKNOWN or interval["once"]
    status = overall(standings, start_known=start_known)
    winner = winning(marks, standings, status)

    axes = [
        show(mark, standing, facts, units, interval=interval, winner=mark.axis is winner)
        for mark, standing in zip(marks, standings, strict=True)
    ]
    won = next((axis for axis in axes if axis.winner), None)
    headline = _headline(won, status, start_known)
    return Explanation(
        status=status,
        headline=headline,
        second=" · ".join(axis.brief for axis in sorted(axes, key=_reading_order) if not axis.winner),
        sentence=_sentence(trace["task"], status, won, headline),
        rows=[
            ground.started(trace, units),
            ground.intervals(trace, units),
            *ground.adjusted(trace, marks, units),
            *_readings(axes, facts, units, zone),
            *(_axis_row(axis, axes) for axis in axes),
            *(Row("Forecast", axis.aside, "soon") for axis in axes if axis.aside),
            Row("Verdict", _verdict(status, won, standings, start_known), headline),
            Row("Would change it", _change(status, won, marks, standings, trace, today)),
        ],
        axes=axes,
    )


def _reading_order(axis: AxisShown) -> int:
    return (Axis.DISTANCE, Axis.HOURS, Axis.TIME, Axis.OIL).index(axis.axis)


def _headline(won: AxisShown | None, status: Status, start_known: bool) -> str:
    if status is Status.UNKNOWN and not start_known:
        return "start unknown"
    return "nothing to go by" if won is None else won.remaining_text


def _sentence(task: str, status: Status, won: AxisShown | None, headline: str) -> str:
    if status is Status.UNKNOWN:
        cause = f" ({won.missing})" if won is not None and won.missing else ""
        return f"{task} cannot be told: {headline}{cause}"
    says = {Status.OVERDUE: "is overdue", Status.DUE: "is due", Status.SOON: "is due soon", Status.OK: "is not due yet"}
    if headline == DUE_TODAY:
        return f"{task} is due today ({won.due})"
    mark = f"{won.brief}, limit {won.due}" if won.axis is Axis.OIL else f"due {_at(won)}"
    return f"{task} {says[status]}: {headline} ({mark})"


def _at(axis: AxisShown) -> str:
    return axis.due if axis.axis is Axis.TIME else f"at {axis.due}"


def _readings(axes: list[AxisShown], facts: Facts, units: Units, zone: tzinfo | None) -> list[Row]:
    rows = []
    sights = ((Axis.DISTANCE, "Odometer", facts.odometer), (Axis.HOURS, "Engine hours", facts.hours))
    for axis, name, sight in (*sights, (Axis.OIL, "Oil life", facts.oil)):
        if not any(shown.axis is axis for shown in axes):
            continue
        label = f"{name} used" if rows else "Reading used"  # no two lines of one list are called the same
        if isinstance(sight, Missing):
            why = reason(axis, sight.why)
            rows.append(Row(label, why[0].upper() + why[1:], "none"))
            continue
        measured = sight.at.astimezone(zone) if zone is not None else sight.at
        age = (facts.today - measured.date()).days
        old = "today" if age <= 0 else f"{counted(age, 'day')} old"
        shown = next(shown for shown in axes if shown.axis is axis)
        value = percent(sight.value) if axis is Axis.OIL else _as_in_sum(sight, shown, units)
        rows.append(Row(label, f"{name} measured {day(measured)} {measured:%H:%M}, {came(sight.source)}, {old}", value))
    return rows


def _as_in_sum(sight: Sight, shown: AxisShown, units: Units) -> str:
    """The reading with the decimals that its sum needed."""
    if shown.axis is Axis.HOURS:
        return f"{number(sight.value, 1 if sight.value % 1 else 0)} h"
    figure = shown.sum.rsplit(" ", 1)[-1] if shown.sum else number(km_to(sight.value, units.distance))
    return f"{figure} {units.distance}"


def _axis_row(axis: AxisShown, axes: list[AxisShown]) -> Row:
    if axis.dropped:
        others = [other.axis for other in axes if not other.dropped]
        instead = f", by {listed(others)} instead" if others else ""
        return Row(axis.name, f"{axis.missing[0].upper()}{axis.missing[1:]}: left out{instead}", axis.remaining_text)
    if axis.missing:
        return Row(axis.name, axis.missing[0].upper() + axis.missing[1:], axis.remaining_text)
    return Row(axis.name, axis.sum, axis.exact)


def _verdict(status: Status, won: AxisShown | None, standings, start_known: bool) -> str:
    if status is Status.UNKNOWN and not start_known:
        return "Cannot tell: last service unknown"
    if won is None or status is Status.UNKNOWN:
        clear = [standing.axis for standing in standings if standing.status is Status.OK]
        return f"Cannot tell; ok by {listed(clear)}, the rest is missing" if clear else "Cannot tell"
    words = {Status.OVERDUE: "Overdue", Status.DUE: "Due now", Status.SOON: "Due soon", Status.OK: "Not due yet"}
    causes = [standing.axis for standing in standings if standing.status is status and not standing.dropped]
    since = f" since {won.due}" if status is Status.OVERDUE and won.axis is Axis.TIME else ""
    text = f"{words[status]}{since}, by {listed([won.axis] if won.axis in causes else causes)}"
    return text if won.axis in causes else f"{text}; {won.name.lower()} was reached first"


def _change(status: Status, won: AxisShown | None, marks, standings, trace: dict, today: date) -> str:
    if status is Status.UNKNOWN:
        lacking = [standing for standing in standings if standing.missing and not standing.dropped]
        steps = list(dict.fromkeys(next_step(standing.axis, standing.missing) for standing in lacking))
        return " ".join(steps) or next_step(Axis.DISTANCE, "no_start" if won is not None else "waiting")
    if status in (Status.OK, Status.SOON):
        return _what_comes(won, marks, today)
    if trace["interval"].get("once"):
        return "Logging it as done."
    on = trace["anchor"]["on"]
    since = f" done after {day(date.fromisoformat(on))}" if on else ""
    text = f"Logging a service{since}, or a longer {listed([won.axis])} interval in the program."
    if won.axis is Axis.OIL:
        text = f"Logging a service{since} and a higher oil life reading, or a lower limit in the program."
    return text + " Driving less would not." if won.axis is Axis.TIME else text


def _what_comes(won: AxisShown, marks, today: date) -> str:
    time = next((mark for mark in marks if mark.axis is Axis.TIME and mark.due is not None), None)
    by_time = ""
    if time is not None and today < time.due:
        by_time = f"soon on {day(time.soon_from)}" if today < time.soon_from else f"due on {day(time.due)}"
    text = f"By {listed([won.axis])} it becomes due {_on(won)}."
    return f"{text} The calendar alone makes it {by_time}." if by_time and won.axis is not Axis.TIME else text


def _on(axis: AxisShown) -> str:
    return f"on {axis.due}" if axis.axis is Axis.TIME else f"at {axis.due}"
