"""Sums as a person would write them down: rounded so that the shown figures add up and never deny the status."""

from dataclasses import dataclass
from datetime import date

from fleet.kit.units import number, rounded

MINUS = "\N{MINUS SIGN}"
FEW_DAYS = 120  # up to which people count in days
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Sum:
    """start + interval = due; due − reading = left, all shown with the same decimals."""

    start: str
    interval: str
    due: str
    reading: str
    left: float
    decimals: int

    @property
    def left_text(self) -> str:
        return number(abs(self.left), self.decimals)

    @property
    def left_at_a_glance(self) -> str:
        """For a list, whole figures, unless those would deny the side of zero."""
        whole = rounded(abs(self.left))
        return number(whole) if whole or not self.left else self.left_text


def distance_sum(start: float, interval: float, due: float, reading: float) -> Sum:
    """Whole figures if they add up and keep the side of zero, else as many decimals as that takes."""
    for decimals in range(4):
        shown = [rounded(figure, decimals) for figure in (start, interval, due, reading)]
        adds_up = rounded(shown[0] + shown[1] - shown[2], decimals) == 0
        left = rounded(shown[2] - shown[3], decimals)
        if adds_up and _is_nought(left) == _is_nought(due - reading):
            break
    else:
        # Miles from tenths of a km may miss by a hair at any precision; then the interval gives way.
        shown[1] = rounded(shown[2] - shown[0], decimals)
    return Sum(*(number(figure, decimals) for figure in shown), left, decimals)


def oil_points(value: float, limit: float) -> tuple[float, str, str, str]:
    """Points between reading and limit: the difference, and the three figures as shown."""
    for decimals in range(4):
        shown, mark = rounded(value, decimals), rounded(limit, decimals)
        left = rounded(shown - mark, decimals)
        if mark == limit and _is_nought(left) == _is_nought(value - limit):
            break
    return left, number(shown, decimals), number(mark, decimals), number(abs(left), decimals)


def _is_nought(figure: float) -> bool:
    """Rounding never leads across zero; all that it can do is to fall on it."""
    return round(figure, 6) == 0


def day(when: date, *, year: bool = True) -> str:
    return f"{when.day} {when:%b %Y}" if year else f"{when.day} {when:%b}"


def span(days: int) -> str:
    """So many days as a person says them: “38 days”, “about 5 months”, “about 4 years 8 months”."""
    if days <= FEW_DAYS:
        return counted(number(days), "day")
    years, months = divmod(round(days / DAYS_A_MONTH), 12)
    told = [counted(figure, noun) for figure, noun in ((years, "year"), (months, "month")) if figure]
    return f"about {' '.join(told)}"


def hours(minutes: int) -> str:
    """“45 min” of a short job, else hours to the half: “2.5 h”, “19 h”."""
    if minutes < 60:
        return f"{minutes} min"
    halves = round(minutes / 30)
    return f"{number(halves / 2, halves % 2)} h"


def counted(count: float | str, noun: str) -> str:
    return f"{count} {noun}" if str(count) in ("1", "1.0") else f"{count} {noun}s"
