"""A measure over the days as a drawing: what was read, what was done, the mark, and the range that is forecast.

Where the car was silent there is a gap. What is forecast is dashed, and a range; only what was read is a line.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from maintenance.boards.meter_chart import scale

LEFT, RIGHT, TOP, BOTTOM = 58.0, 548.0, 30.0, 196.0
SILENT = timedelta(days=10)  # longer without a word is a gap
APART = 84.0  # between two names of services, so that neither covers the other
MONTHS_NAMED = 7


@dataclass(frozen=True, slots=True)
class Day:
    """The least and the most that was read on a day, as the drawing shows it: km or miles, percent."""

    on: date
    low: float
    high: float

    @property
    def rose(self) -> bool:
        """A measure that falls came back on this day: the low belongs before the high."""
        return self.high - self.low >= 50


@dataclass(frozen=True, slots=True)
class Ahead:
    """A range of values by the `end` of the drawing, from what was read last."""

    end: date
    slow: float
    usual: float
    fast: float


@dataclass(frozen=True, slots=True)
class Done:
    on: date
    name: str


@dataclass(frozen=True, slots=True)
class Service:
    """A job on the drawing. `word` is empty where its name would cover another."""

    x: float
    y: float | None
    word: str
    told: str


@dataclass(frozen=True, slots=True)
class Curve:
    """All of it in units of a drawing of 560 by 230."""

    lines: list[str]
    grid: list[tuple[float, str]]
    months: list[tuple[float, str]]
    services: list[Service]
    today: float
    due: float | None
    due_word: str
    band: str
    middle: str
    dots: list[tuple[float, float]] = field(default_factory=list)  # days that stand alone between two gaps


def draw(
    days: list[Day],
    *,
    today: date,
    falls: bool,
    done: Iterable[Done] = (),
    due: float | None = None,
    due_word: str = "",
    ahead: Ahead | None = None,
    ticks: list[float] | None = None,
    shown: Callable[[float], str] = "{:,.0f}".format,
) -> Curve:
    """`days` are at least two, in their order. A mark that lies far outside of what is drawn is left out."""
    first, last = days[0].on, max(today, ahead.end if ahead else today)
    if ticks is None:
        held = [value for one in days for value in (one.low, one.high)]
        held += [ahead.fast, ahead.slow] if ahead else []
        reach = 0.5 * (max(held) - min(held))
        if due is not None and min(held) - reach <= due <= max(held) + reach:
            held.append(due)
        ticks = scale(min(held), max(held))
    low, high = ticks[0], ticks[-1]

    def x(on: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (on - first).days / max((last - first).days, 1), 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (min(max(value, low), high) - low) / (high - low), 1)

    runs = [[(x(one.on), y(value)) for one in run for value in points(one, falls)] for run in runs_of(days)]
    at, now = x(days[-1].on), days[-1].low if falls else days[-1].high
    band = middle = ""
    if ahead:
        end = x(ahead.end)
        band = f"{at},{y(now)} {end},{y(ahead.fast)} {end},{y(ahead.slow)}"
        middle = f"{at},{y(now)} {end},{y(ahead.usual)}"
    return Curve(
        lines=[" ".join(f"{left},{top}" for left, top in run) for run in runs if len(run) > 1],
        dots=[run[0] for run in runs if len(run) == 1],
        grid=[(y(tick), shown(tick)) for tick in ticks],
        months=months(first, last, x),
        services=services([one for one in done if first <= one.on <= today], days, x, y, falls),
        today=x(today),
        due=y(due) if due is not None and low <= due <= high else None,
        due_word=due_word,
        band=band,
        middle=middle,
    )


def points(day: Day, falls: bool) -> list[float]:
    if day.low == day.high or not falls:
        return [day.high]
    return [day.low, day.high] if day.rose else [day.high, day.low]


def runs_of(days: list[Day]) -> list[list[Day]]:
    """Days that follow each other without a silence between them."""
    runs = [[days[0]]]
    for before, one in zip(days, days[1:], strict=False):
        if one.on - before.on > SILENT:
            runs.append([])
        runs[-1].append(one)
    return runs


def services(done: list[Done], days: list[Day], x: Callable, y: Callable, falls: bool) -> list[Service]:
    """Each on its day, at what was read then if anything was. Of names that would touch, the later ones are left."""
    read = {one.on: one.high if falls else one.high for one in days}
    found: list[Service] = []
    free = 0.0
    for one in sorted(done, key=lambda one: one.on):
        at = x(one.on)
        word = f"{one.name}, {one.on:%-d %b}" if at >= free else ""
        free = at + APART if word else free
        value = read.get(one.on)
        told = f"{one.name} on {one.on:%-d %b %Y}"
        found.append(Service(at, None if value is None else y(value), word, told))
    return found


def months(first: date, last: date, x: Callable[[date], float]) -> list[tuple[float, str]]:
    """The first of each month; where there are many, every second or third is named."""
    firsts, on = [], (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while on <= last:
        firsts.append(on)
        on = (on + timedelta(days=32)).replace(day=1)
    step = -(-len(firsts) // MONTHS_NAMED) or 1
    return [(x(on), f"{on:%b}" if n % step == 0 else "") for n, on in enumerate(firsts)]
