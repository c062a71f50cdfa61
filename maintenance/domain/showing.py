"""One axis as a page shows it: its bar, what remains, and the sum behind that."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

from fleet.kit.units import Units, km_to, number
from maintenance.domain.axes import EXACT, Mark, Standing
from maintenance.domain.plan import Axis, Facts
from maintenance.domain.status import Status
from maintenance.domain.sums import MINUS, counted, day, distance_sum, oil_points, span
from maintenance.domain.wording import DROPPED, INSTEAD, NAMES, reason

DUE_TODAY = "due today"


@dataclass(frozen=True, slots=True)
class AxisShown:
    """`share` is the part of the interval used, above 1 when over; None when it cannot be told.

    `due` says where the mark is, `brief` is for the line beneath the winner, `sum` is the pencil's and
    `exact` its result, `aside` why a forecast makes it soon.
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
    aside: str = ""


def show(mark: Mark, standing: Standing, facts: Facts, units: Units, *, interval: dict, winner: bool) -> AxisShown:
    """`interval` is that of the trace: the terms of the line."""
    if standing.remaining is None:
        return _show_missing(mark, standing, winner)
    left, due, brief, arithmetic, exact = _spoken(mark, standing, facts, units, interval)
    return AxisShown(
        axis=mark.axis,
        name=NAMES[mark.axis],
        status=standing.status,
        remaining_text=left,
        share=max(0.0, 1 - standing.remaining / mark.span) if mark.span else None,
        soon_share=_soon_share(mark),
        winner=winner,
        due=due,
        brief=brief,
        sum=arithmetic,
        exact=exact + _within_grace(mark, standing, units),
        aside=_look_ahead(mark, standing, facts, units),
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


def _within_grace(mark: Mark, standing: Standing, units: Units) -> str:
    if standing.status is not Status.DUE or not mark.grace or standing.remaining >= 0:
        return ""
    return f", within {amount(mark.axis, mark.grace, units)} of grace"


def _look_ahead(mark: Mark, standing: Standing, facts: Facts, units: Units) -> str:
    """Why the forecast makes it soon, to be checked with a pencil."""
    if not standing.foretold:
        return ""
    sight = {Axis.OIL: facts.oil, Axis.DISTANCE: facts.odometer, Axis.HOURS: facts.hours}[mark.axis]
    days = floor(round(standing.remaining / mark.pace, EXACT))
    early = max(facts.today, facts.seen_on(sight) + timedelta(days=days))
    return (
        f"At up to {amount(mark.axis, mark.pace, units, 1)} a day it may be there from {day(early)}, "
        f"and within {counted(floor(round(mark.lead, EXACT)), 'day')} is soon"
    )


def amount(axis: Axis, figure: float, units: Units, decimals: int = 0) -> str:
    """So much of one axis: “1,200 km”, “14 days”, “2.5 points”."""
    if axis is Axis.DISTANCE:
        return f"{number(km_to(figure, units.distance), decimals)} {units.distance}"
    if axis is Axis.HOURS:
        return f"{number(figure, decimals)} h"
    noun = "day" if axis is Axis.TIME else "point"
    return counted(number(figure, decimals), noun)


def _spoken(mark: Mark, standing: Standing, facts: Facts, units: Units, interval: dict):
    if mark.axis is Axis.DISTANCE:
        typed = interval["typed"] if interval["severe"] == 1 else ""
        return _metered(mark, facts.odometer.value, units.distance, lambda km: km_to(km, units.distance), typed)
    if mark.axis is Axis.HOURS:
        return _metered(mark, facts.hours.value, "h", float, "")
    if mark.axis is Axis.OIL:
        return _oil(mark, facts.oil.value)
    return _time(mark, int(standing.remaining), facts.today, interval)


def _metered(mark: Mark, reading: float, unit: str, shown, typed: str):
    due = f"{number(shown(mark.due))} {unit}"
    start = mark.due if mark.start is None else mark.start
    total = distance_sum(*(shown(figure) for figure in (start, mark.span, mark.due, reading)))
    side = "over" if total.left < 0 else "left"
    left = f"{total.left_at_a_glance} {unit} {side}"
    aside = f" ({typed})" if typed and not typed.endswith(f" {unit}") else ""
    arithmetic = f"{total.due} {MINUS} {total.reading}"
    if mark.start is not None:
        arithmetic = f"{total.start} + {total.interval}{aside} = {total.due}; {arithmetic}"
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


def _time(mark: Mark, left_days: int, today: date, interval: dict):
    days = counted(number(abs(left_days)), "day")
    if left_days < 0:
        text, exact = f"{span(-left_days)} over", f"{days} over"
        difference = f"{day(today)} {MINUS} {day(mark.due)}"
    elif left_days == 0:
        text, exact, difference = DUE_TODAY, DUE_TODAY, f"today is {day(today)}"
    else:
        text, exact = f"{span(left_days)} left", f"{days} left"
        difference = f"{day(mark.due)} {MINUS} {day(today)}"
    if interval.get("once"):
        return text, day(mark.due), text, difference, exact
    severe = interval["severe"] != 1
    step = counted(int(mark.span), "day") if severe else counted(interval["months"], "month")
    begin, times = (mark.start, "") if mark.steps is None else (mark.origin, f"{mark.steps} × ")
    arithmetic = f"{day(begin)} + {'' if times == '1 × ' else times}{step} = {day(mark.due)}; {difference}"
    return text, day(mark.due), text, arithmetic, exact
