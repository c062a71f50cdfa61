"""The ground of a verdict as plain JSON: only what does not change with the day or with the next reading."""

from collections.abc import Sequence
from datetime import date, datetime

from maintenance.domain.axes import Mark, Standing
from maintenance.domain.plan import AnchorKind, Axis, Line
from maintenance.domain.starting import Start


def write(
    line: Line,
    start: Start,
    marks: Sequence[Mark],
    standings: Sequence[Standing],
    winner: Axis | None,
    registered_on: date | None,
) -> dict:
    return {
        "task": line.task_name,
        "program": line.program_name,
        "version": line.program_version,
        "interval": {
            "km": line.every_km,
            "typed": line.distance_typed,
            "months": line.every_months,
            "oil_below_pct": line.oil_below_pct,
            "recurrence": "floating",
        },
        "anchor": {
            "kind": str(start.kind),
            "on": plain(start.on),
            "km": start.odometer_km,
            "stand_in": start.is_stand_in,
            "by": start.by,
            "oil_after": plain(start.oil_after),
            "registered_on": plain(registered_on) if start.kind == AnchorKind.NEW else None,
        },
        "axes": [_axis(mark, standing) for mark, standing in zip(marks, standings, strict=True)],
        "winner": None if winner is None else winner.value,
    }


def _axis(mark: Mark, standing: Standing) -> dict:
    return {
        "axis": mark.axis.value,
        "start": plain(mark.start),
        "due": plain(mark.due),
        "soon_from": plain(mark.soon_from),
        "span": mark.span,
        # A start that is missing belongs to the mark; a reading that is missing only to this look at the car.
        "start_missing": str(mark.missing),
        "missing": standing.missing,
        "dropped": standing.dropped,
    }


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
        )
        for axis in trace["axes"]
    ]


def oil_after(trace: dict) -> datetime | None:
    text = trace["anchor"]["oil_after"]
    return None if text is None else datetime.fromisoformat(text)


def plain(point):
    """A date or moment as ISO text, a number as it is."""
    return point.isoformat() if isinstance(point, date) else point


def _point(axis: dict, name: str):
    point = axis[name]
    return date.fromisoformat(point) if isinstance(point, str) else point
