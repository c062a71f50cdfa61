"""What a verdict stands on, in rows for a pencil: where it started, its interval, its grid."""

from dataclasses import dataclass
from datetime import date

from fleet.kit.units import Units, km_to, number, percent, show_distance
from maintenance.domain.axes import Mark
from maintenance.domain.plan import AnchorKind, Axis
from maintenance.domain.showing import amount
from maintenance.domain.starting import COMPLETION
from maintenance.domain.sums import counted, day
from maintenance.domain.wording import NAMES


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    sum: str
    result: str = ""


def started(trace: dict, units: Units) -> Row:
    anchor, label = trace["anchor"], "Started from"
    kind, on, km, hours = anchor["kind"], anchor["on"], anchor["km"], anchor.get("hours")
    parts = [show_distance(km, units)] if km is not None else []
    parts += [f"{number(hours)} h"] if hours is not None else []
    parts += [day(date.fromisoformat(on))] if on else []
    result = " · ".join(parts)
    by = f" by {anchor['by']}" if anchor["by"] else ""
    if trace["interval"].get("once"):
        return Row(label, f"Asked for once{by}", result)
    if kind == AnchorKind.UNKNOWN:
        return Row(label, "Last service unknown: nobody has set a start")
    if kind == COMPLETION:
        part = f" as part of {anchor['part_of']}" if anchor.get("part_of") else ""
        stand_in = ", odometer from the nearest reading" if anchor["stand_in"] else ""
        return Row(label, f"Service done{by}{part}{stand_in}", result)
    if kind == AnchorKind.NEW:
        since = anchor["registered_on"]
        grid = f"0 {units.distance}" + (f" and {day(date.fromisoformat(since))}" if since else "")
        return Row(label, f"From new: counted from {grid}, first point after enrolment", result)
    if kind == AnchorKind.TODAY:
        return Row(label, f"From the day of enrolment, taken as just done{by and f', set{by}'}", result)
    return Row(label, f"Last service as stated at enrolment{by}", result)


def intervals(trace: dict, units: Units) -> Row:
    interval = trace["interval"]
    if interval.get("once"):
        return Row("Interval", "None: due once", "first reached wins" if len(trace["axes"]) > 1 else "")
    parts = []
    if interval["km"] is not None:
        parts.append(interval["typed"] or show_distance(interval["km"], units))
    if interval.get("hours") is not None:
        parts.append(f"{number(interval['hours'])} engine hours")
    if interval["months"] is not None:
        parts.append(counted(interval["months"], "month"))
    if interval["oil_below_pct"] is not None:
        parts.append(f"oil life {percent(interval['oil_below_pct'])} or below")
    text = f"{trace['program']} v{trace['version']}: {' or '.join(parts)}{_recurs(interval)}"
    return Row("Interval", text, "first reached wins" if len(parts) > 1 else "")


def _recurs(interval: dict) -> str:
    """The same for all axes in one word, else axis by axis."""
    carried = {"distance": interval["km"], "time": interval["months"], "hours": interval.get("hours")}
    kinds = {axis: interval["recurs"][axis] for axis, every in carried.items() if every is not None}
    if len(set(kinds.values())) == 1:
        return f", {next(iter(kinds.values()))}"
    return "".join(f", {axis} {kind}" for axis, kind in kinds.items())


def adjusted(trace: dict, marks: list[Mark], units: Units) -> list[Row]:
    """What stands between the interval of the program and the points: severe use, a version kept, grids, grace."""
    rows, interval = [], trace["interval"]
    if "moved_on" in trace:
        text = f"The program has moved on to v{trace['moved_on']}; what was due by v{trace['version']} stays so"
        rows.append(Row("Kept", text))
    for mark in marks:
        severe = interval["severe"]
        if severe != 1 and mark.span and mark.axis in (Axis.DISTANCE, Axis.TIME):
            shortened = _shortened(mark, interval, severe, units)
            rows.append(Row("Severe use", shortened, amount(mark.axis, mark.span, units)))
        if mark.steps is not None and mark.axis is not Axis.TIME or mark.done is not None:
            rows.append(Row(f"{NAMES[mark.axis]} grid", *_grid(mark, units)))
        if mark.grace:
            text = f"{NAMES[mark.axis]} is overdue only beyond its grace"
            rows.append(Row("Grace", text, amount(mark.axis, mark.grace, units)))
    return rows


def _shortened(mark: Mark, interval: dict, severe: float, units: Units) -> str:
    factor = number(severe, 2).rstrip("0")
    if mark.axis is Axis.DISTANCE:
        return f"{show_distance(interval['km'], units)} × {factor}"
    return f"The days of {counted(interval['months'], 'month')} × {factor}, rounded down"


def _grid(mark: Mark, units: Units) -> tuple[str, str]:
    """Why this point and not its neighbour."""
    if mark.axis is Axis.TIME:
        half = f"{number(mark.span / 2, 1 if mark.span % 2 else 0)} days"
        return f"The first point more than half an interval ({half}) after {day(mark.done)}", day(mark.due)
    unit, shown = ("h", float) if mark.axis is Axis.HOURS else (units.distance, lambda km: km_to(km, units.distance))
    sum_ = f"{number(shown(mark.origin))} + {mark.steps} × {number(shown(mark.span))}"
    if mark.done is not None:
        half = f"{number(shown(mark.span / 2))} {unit}"
        sum_ += f", the first point more than half an interval ({half}) above {number(shown(mark.done))}"
    return sum_, f"{number(shown(mark.due))} {unit}"
