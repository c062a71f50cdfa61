"""Drivers whose truth we know: km for each day, from a seed."""

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from math import pi, sin
from random import Random

from maintenance.domain.forecast_daily import Seen, Used

FIRST = date(2024, 1, 1)  # a Monday
ZONE = UTC


def steady(seed: int, days: int) -> list[float]:
    """Every second one rests at weekends; each day differs by up to two fifths."""
    dice = Random(seed)
    usual, rests = dice.uniform(20, 200), dice.random() < 0.5
    return [0.0 if rests and day % 7 >= 5 else usual * dice.uniform(0.6, 1.4) for day in range(days)]


def seasonal(seed: int, days: int) -> list[float]:
    """Half as much again in summer, half as much in winter."""
    return [km * (1 + 0.5 * sin(2 * pi * day / 365)) for day, km in enumerate(steady(seed, days))]


def shifted(seed: int, days: int, *, on: int, times: float) -> list[float]:
    return [km * (times if day >= on else 1) for day, km in enumerate(steady(seed, days))]


def ordinal(day: int) -> int:
    return FIRST.toordinal() + day


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def used(km: list[float]) -> list[Used]:
    return [Used(ordinal(day), amount) for day, amount in enumerate(km)]


def seen(km: list[float], *, hour: int = 0, start: float = 10_000) -> list[Seen]:
    """One reading a day at this hour, driven evenly over the day."""
    begin = datetime(FIRST.year, FIRST.month, FIRST.day, hour, tzinfo=UTC)
    levels = [start, *(start + total for total in accumulate(km))]
    share = hour / 24
    told = []
    for day in range(len(km)):
        at = levels[day] + share * km[day]
        told.append(Seen(begin + timedelta(days=day), at, at))
    return told
