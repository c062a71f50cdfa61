"""Has the use of a car changed? A new level of daily distance, told from what its days usually scatter."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt
from statistics import fmean as mean

from maintenance.domain.forecast_daily import Used

NEW, NEW_LESS, NEWEST = 5, 14, 28  # days of a new level: more use shows soon, less may be a holiday
OLD, OLDEST = 28, 90  # days of the old level: just before the change, and looked at for the likes of it
MORE, LESS = 1.7, 0.55  # times the old level
BEYOND = 1.1  # outside of what any stretch of the old days reached, by so much
CLEAR = 5.0  # standard errors
WORTH_KM = 10.0  # a day; less of a difference is no news
MOST_DAYS = 0.6  # of the new days must show it, so that one long trip is no new level


@dataclass(frozen=True, slots=True)
class Shift:
    """Since this day (an ordinal) a car does `now` a day, where it did `before` on such days of the week."""

    since: int
    before: float
    now: float


def shift_of(days: Sequence[Used]) -> Shift | None:
    """The change of level inside the last four weeks, if there is one beyond doubt.

    The day is the one that parts the days best into two levels. The old level is that of the same days of the week, in
    the four weeks just before: so a slow drift, as over a season, is no change, and neither is a working week.
    """
    amounts = [max(0.0, day.amount) for day in days[-(OLDEST + NEWEST) :]]
    if len(amounts) < OLD + NEW:
        return None
    sums = [0.0, *accumulate(amounts)]
    new = max(range(1, min(NEWEST, len(amounts) - OLD) + 1), key=lambda length: _parting(sums, length))
    old = len(amounts) - new
    weekdays = [amounts[old - OLD + day : old : 7] for day in range(7)]
    now, before = (sums[-1] - sums[old]) / new, mean(mean(weekdays[day % 7]) for day in range(new))
    found = (
        _differs(now, before, new)
        and abs(now - before) >= CLEAR * _scatter(weekdays) * sqrt(1 / new + 1 / OLD)
        and _is_beyond(sums, old, new, now, before)
        and _most_show_it(amounts[old:], now, before)
    )
    return Shift(days[-new].day, before, now) if found else None


def _parting(sums: Sequence[float], new: int) -> float:
    """How much of the scatter goes when the last `new` days are taken for themselves."""
    old = len(sums) - 1 - new
    between = (sums[-1] - sums[old]) / new - (sums[old] - sums[old - OLD]) / OLD
    return between**2 * new * OLD / (new + OLD)


def _differs(now: float, before: float, new: int) -> bool:
    if abs(now - before) < WORTH_KM:
        return False
    return new >= NEW and now >= MORE * before if now > before else new >= NEW_LESS and now <= LESS * before


def _scatter(weekdays: Sequence[Sequence[float]]) -> float:
    """What a day differs from its like in other weeks: that nobody drives on Sundays is no scatter."""
    squares = sum((amount - mean(alike)) ** 2 for alike in weekdays for amount in alike)
    return sqrt(squares / (OLD - len(weekdays)))


def _is_beyond(sums: Sequence[float], old: int, new: int, now: float, before: float) -> bool:
    """No stretch of as many old days came near."""
    earlier = [(sums[at + new] - sums[at]) / new for at in range(old - new + 1)]
    return now > BEYOND * max(earlier) if now > before else BEYOND * now < min(earlier)


def _most_show_it(amounts: Sequence[float], now: float, before: float) -> bool:
    middle = (now + before) / 2
    showing = sum(1 for amount in amounts if (amount > middle) == (now > before))
    return showing >= MOST_DAYS * len(amounts)
