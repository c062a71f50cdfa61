"""A forecast as people say it: a range of days, what it rests on, or why there is none."""

from datetime import date, timedelta

from fleet.kit.units import Units, km_to, number
from maintenance.domain.forecast import Rests
from maintenance.domain.plan import Axis

OPEN_END = timedelta(days=365)  # a range that is wider says no more than where it begins

WHY_NONE = {
    Rests.STANDS: "not at current usage; the time axis rules",
    Rests.SHORT: "less than a week of driving is known",
    Rests.SILENT: "nothing was told for four weeks",
    Rests.UNTOLD: "the car has told nothing to go by",
}
WHY_NONE_OIL = WHY_NONE | {
    Rests.STANDS: "the oil life has not moved for four weeks",
    Rests.SHORT: "less than a week of oil life is known",
}
NAMES = {Axis.DISTANCE: "Distance", Axis.OIL: "Oil life", Axis.HOURS: "Engine hours", Axis.TIME: "Time"}


def spoken(early: date, late: date, today: date) -> str:
    """“3–9 Jan”, “28 Dec–9 Jan 2027”, “from 3 Jan”, “any day now”. A year is told where it is not this one."""
    early, late = max(early, today), max(late, today)
    if late == today:
        return "any day now"
    if late - early > OPEN_END:
        return f"from {_day(early, today)}"
    if early == late:
        return _day(early, today)
    if early == today:
        return f"by {_day(late, today)}"
    if (early.year, early.month) == (late.year, late.month):
        return f"{early.day}–{_day(late, today)}"
    first = f"{early:%-d %b}" if early.year == late.year else _day(early, today)
    return f"{first}–{_day(late, today)}"


def _day(day: date, today: date) -> str:
    return f"{day:%-d %b}" if day.year == today.year else f"{day:%-d %b %Y}"


def rests_on(axis: str, told: dict, units: Units) -> str:
    """“40–52 km a day over the last 180 days”, or why no day can be told. `told` is one axis of `forecast.account`."""
    why = Rests(told["why"])
    if told["usual"] is None:
        return (WHY_NONE_OIL if axis == Axis.OIL else WHY_NONE)[why]
    rate = a_day(axis, told["slow"], told["fast"], units)
    if why is Rests.SIMILAR:
        return f"{rate}, the median of {told['cars']} similar vehicles"
    return f"{rate}, over {told['days']} days"


def a_day(axis: str, slow: float, fast: float, units: Units) -> str:
    unit = Units(units).distance
    if axis == Axis.OIL:
        low, high, unit = f"{number(slow, 1)}", f"{number(fast, 1)}", "points"
    elif axis == Axis.HOURS:
        low, high, unit = f"{number(slow, 1)}", f"{number(fast, 1)}", "hours"
    else:
        low, high = number(km_to(slow, unit)), number(km_to(fast, unit))
    return f"{low} {unit} a day" if low == high else f"{low} to {high} {unit} a day"


def changed(shift: dict, units: Units) -> str:
    """“daily use doubled since Monday 4 May: 160 km a day instead of 80 km”."""
    unit, since = Units(units).distance, date.fromisoformat(shift["since"])
    now, before = (number(km_to(shift[name], unit)) for name in ("now", "before"))
    return (
        f"daily use {_how(shift['before'], shift['now'])} since {since:%A %-d %B}: "
        f"{now} {unit} a day instead of {before} {unit}"
    )


def _how(before: float, now: float) -> str:
    if now < 1:
        return "stopped"
    if before < 1:
        return "began"
    times = now / before
    for word, low, high in (("halved", 0.42, 0.58), ("doubled", 1.8, 2.3), ("tripled", 2.7, 3.4)):
        if low <= times <= high:
            return word
    return "rose" if times > 1 else "fell"


def held(hit: int, settled: int, share: float | None) -> str:
    """“held in 31 of 40 cases (78 %)”; where there are too few, that."""
    if share is None:
        return f"too few outcomes yet to say how often such ranges hold ({settled})"
    return f"such ranges held in {hit:,} of {settled:,} cases ({share:.0%})".replace("%", " %")
