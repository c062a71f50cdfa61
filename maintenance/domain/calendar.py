"""Month arithmetic, always from the anchor's own day."""

from calendar import monthrange
from datetime import date


def add_months(anchor: date, months: int) -> date:
    """31 Jan + 1 is 28 Feb and + 2 is 31 Mar: each step clamps by itself and none remembers a shorter month."""
    years, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    if anchor.day <= 28:  # no month is shorter
        return date(years, month + 1, anchor.day)
    return date(years, month + 1, min(anchor.day, monthrange(years, month + 1)[1]))


def months_between(origin: date, day: date) -> int:
    """By their numbers alone, whatever the days of the month."""
    return (day.year - origin.year) * 12 + day.month - origin.month
