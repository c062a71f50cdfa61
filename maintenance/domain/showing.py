"""One axis as a page shows it: its bar, what remains, and the sum behind that."""

from dataclasses import dataclass
from datetime import date

from fleet.kit.units import Units, km_to, number
from maintenance.domain.axes import Mark, Standing
from maintenance.domain.plan import Axis, Facts
from maintenance.domain.status import Status
from maintenance.domain.sums import MINUS, counted, day, distance_sum, oil_points
from maintenance.domain.wording import DROPPED, INSTEAD, NAMES, reason


@dataclass(frozen=True, slots=True)
class AxisShown:
    """`share` is the part of the interval used, above 1 when over; None when it cannot be told.

    `due` says where the mark is, `brief` is for the line beneath the winner, `sum` is the pencil's and
    `exact` its result.
    """

    axis: Axis
    name: str
    status: Status
    remaining_text: str
    share: float | None
    soon_share: float | None
    winner: bool
    missing: str = ""
    dropped: bool = False
    due: str = ""
    brief: str = ""
    sum: str = ""
    exact: str = ""


def show(mark: Mark, standing: Standing, facts: Facts, units: Units, *, typed: str, months: int | None, winner: bool):
    if standing.remaining is None:
        return _show_missing(mark, standing, winner)
    used = 1 - standing.remaining / mark.span if mark.span else 1.0
    left, due, brief, arithmetic, exact = _spoken(mark, standing, facts, units, typed, months)
    return AxisShown(
        axis=mark.axis,
        name=NAMES[mark.axis],
        status=standing.status,
        remaining_text=left,
        share=max(0.0, used),
        soon_share=_soon_share(mark),
        winner=winner,
        due=due,
        brief=brief,
        sum=arithmetic,
        exact=exact,
    )


def _show_missing(mark: Mark, standing: Standing, winner: bool) -> AxisShown:
    text = DROPPED[mark.axis] if standing.dropped else INSTEAD[mark.axis]
    return AxisShown(
        axis=mark.axis,
        name=NAMES[mark.axis],
        status=standing.status,
        remaining_text=text,
        share=None,
        soon_share=None,
        winner=winner,
        missing=reason(mark.axis, standing.missing),
        dropped=standing.dropped,
        brief=text,
    )


def _soon_share(mark: Mark) -> float | None:
    if not mark.span:
        return None
    if isinstance(mark.due, date):
        return max(0.0, 1 - (mark.due - mark.soon_from).days / mark.span)
    return max(0.0, 1 - abs(mark.due - mark.soon_from) / mark.span)


def _spoken(mark: Mark, standing: Standing, facts: Facts, units: Units, typed: str, months: int | None):
    if mark.axis is Axis.DISTANCE:
        return _distance(mark, facts.odometer.value, units, typed)
    if mark.axis is Axis.OIL:
        return _oil(mark, facts.oil.value)
    return _time(mark, int(standing.remaining), facts.today, months)


def _distance(mark: Mark, reading_km: float, units: Units, typed: str):
    unit = units.distance
    total = distance_sum(*(km_to(km, unit) for km in (mark.start, mark.span, mark.due, reading_km)))
    side = "over" if total.left < 0 else "left"
    left = f"{total.left_at_a_glance} {unit} {side}"
    aside = f" ({typed})" if typed and not typed.endswith(f" {unit}") else ""
    arithmetic = f"{total.start} + {total.interval}{aside} = {total.due}; {total.due} {MINUS} {total.reading}"
    due = f"{number(km_to(mark.due, unit))} {unit}"
    return left, due, left, arithmetic, f"{total.left_text} {unit} {side}"


def _oil(mark: Mark, value: float):
    left, shown, limit, points = oil_points(value, mark.due)
    if left < 0:
        text = f"{counted(points, 'point')} under"
    elif left == 0:
        text = "at the limit"
    else:
        text = f"{counted(points, 'point')} left"
    order = (limit, shown) if left < 0 else (shown, limit)
    return text, f"{limit} %", f"oil {shown} %", f"{order[0]} {MINUS} {order[1]}", text


def _time(mark: Mark, left_days: int, today: date, months: int | None):
    if left_days < 0:
        text = f"{counted(-left_days, 'day')} over"
        difference = f"{day(today)} {MINUS} {day(mark.due)}"
    elif left_days == 0:
        text, difference = "due today", f"today is {day(today)}"
    else:
        text = f"{counted(left_days, 'day')} left"
        difference = f"{day(mark.due)} {MINUS} {day(today)}"
    arithmetic = f"{day(mark.start)} + {counted(months, 'month')} = {day(mark.due)}; {difference}"
    return text, day(mark.due), text, arithmetic, text
