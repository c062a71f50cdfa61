"""The ground of a verdict as plain JSON: only what does not change with the day or with the next reading."""

from collections.abc import Sequence
from datetime import date, datetime

from maintenance.domain.axes import Mark, Standing
from maintenance.domain.plan import AnchorKind, Axis, Facts, Lack, Line, Missing, Sight
from maintenance.domain.starting import Start


def write(
    line: Line,
    start: Start,
    marks: Sequence[Mark],
    standings: Sequence[Standing],
    winner: Axis | None,
    facts: Facts,
) -> dict:
    anchor = {
        "kind": start.kind.value if isinstance(start.kind, AnchorKind) else start.kind,
        "on": start.on and start.on.isoformat(),
        "km": start.odometer_km,
        "stand_in": start.is_stand_in,
        "by": start.by,
        "oil_after": start.oil_after and start.oil_after.isoformat(),
        "registered_on": plain(facts.registered_on) if start.kind == AnchorKind.NEW else None,
    }
    if start.hours is not None:
        anchor["hours"] = start.hours
    if start.part_of:
        anchor["part_of"] = start.part_of
    trace = {
        "task": line.task_name,
        "program": line.program_name,
        "version": line.program_version,
        "interval": line.terms,
        "anchor": anchor,
        "axes": [_axis(mark, standing) for mark, standing in zip(marks, standings, strict=True)],
        "winner": None if winner is None else NAMES[winner],
    }
    if type(facts.hours) is Sight:
        hours = facts.hours
        trace["hours"] = {"value": hours.value, "at": hours.at.isoformat(), "source": str(hours.source)}
    if type(facts.odometer) is Missing and facts.odometer.why == Lack.METER:
        trace["meter_asked"] = True
    return trace


NAMES = {axis: axis.value for axis in Axis}  # quicker than to ask each of a million


def _axis(mark: Mark, standing: Standing) -> dict:
    start, due, soon_from = mark.start, mark.due, mark.soon_from
    if mark.axis is Axis.TIME:
        start, due, soon_from = plain(start), plain(due), plain(soon_from)
    told = {
        "axis": NAMES[mark.axis],
        "start": start,
        "due": due,
        "soon_from": soon_from,
        "span": mark.span,
        # A start that is missing belongs to the mark; a reading that is missing only to this look at the car.
        "start_missing": str(mark.missing),
        "missing": standing.missing,
        "dropped": standing.dropped,
    }
    if mark.grace:
        told["grace"] = mark.grace
    if mark.pace is not None:
        told["pace"], told["lead"] = mark.pace, mark.lead
    if mark.steps is not None:
        told["origin"], told["steps"], told["done"] = plain(mark.origin), mark.steps, plain(mark.done)
    return told


def marks(trace: dict) -> list[Mark]:
    """The marks a trace was written from."""
    return [
        Mark(
            Axis(axis["axis"]),
            _point(axis, "start"),
            _point(axis, "due"),
            _point(axis, "soon_from"),
            axis["span"],
            axis["start_missing"],
            axis.get("grace", 0.0),
            axis.get("pace"),
            axis.get("lead", 0.0),
            _point(axis, "origin"),
            axis.get("steps"),
            _point(axis, "done"),
        )
        for axis in trace["axes"]
    ]


def facts(trace: dict, facts: Facts) -> Facts:
    """Today’s facts, with what only the trace knows of the vehicle: its typed hours, a meter in question."""
    hours = trace.get("hours")
    told = Sight(hours["value"], datetime.fromisoformat(hours["at"]), hours["source"]) if hours else facts.hours
    odometer = Missing(Lack.METER) if trace.get("meter_asked") else facts.odometer
    return Facts(facts.today, odometer, facts.oil, facts.registered_on, told, zone=facts.zone)


def oil_after(trace: dict) -> datetime | None:
    text = trace["anchor"]["oil_after"]
    return None if text is None else datetime.fromisoformat(text)


def plain(point):
    """A date or moment as ISO text, a number as it is."""
    return point.isoformat() if isinstance(point, date) else point


def _point(axis: dict, name: str):
    point = axis.get(name)
    return date.fromisoformat(point) if isinstance(point, str) else point
