"""The odometer over time as a drawing, and the same as a table. What is drawn is true distance."""

from dataclasses import dataclass, field
from datetime import datetime
from math import ceil, floor, log10

from django.db.models import QuerySet

from fleet.kit.units import Units, km_to, number, show_distance
from vehicles.domain import segments
from vehicles.models import Standing
from vehicles.waist import meters

LEFT, RIGHT, TOP, BOTTOM = 58.0, 548.0, 14.0, 196.0
MOST_READ, MOST_DRAWN, MOST_ODD = 5_000, 240, 200  # readings
STEPS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    kind: str
    text: str
    edge: str = ""  # "above" or "below": beyond the drawing


@dataclass(frozen=True, slots=True)
class Chart:
    line: str
    grid: list[tuple[float, str]]
    days: list[tuple[float, str, str]]  # x, words, anchor
    marks: list[Mark]
    replaced: list[tuple[float, str]]
    title: str
    table: list[tuple[str, str, str]] = field(default_factory=list)  # month, distance, dash at its end


def draw(held: QuerySet, replaced: meters.Segments, units: str, zone) -> Chart | None:
    """None while fewer than two readings are believed. One query, of the newest readings."""
    newest = held.order_by("-at", "-number").values_list("at", "number", "standing")[:MOST_READ]
    read = [(at, segments.true_km(replaced, km, at), km, standing) for at, km, standing in newest]
    told = [(at, km, dash) for at, km, dash, standing in reversed(read) if standing == Standing.ACCEPTED]
    if len(told) < 2:
        return None
    odd = [(at, km, s) for at, km, _, s in read if s != Standing.ACCEPTED and at >= told[0][0]][:MOST_ODD]
    first, last = told[0][0], max(told[-1][0], *(at for at, _, _ in odd)) if odd else told[-1][0]
    unit = Units(units).distance
    ticks = scale(km_to(told[0][1], unit), km_to(max(km for _, km, _ in told), unit))
    low, high = ticks[0], ticks[-1]

    def x(at: datetime) -> float:
        return round(LEFT + (RIGHT - LEFT) * ((at - first) / (last - first)), 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low), 1)

    marks = []
    for at, km, standing in odd:
        value = km_to(km, unit)
        edge = "above" if value > high else "below" if value < low else ""
        words = (
            f"{show_distance(km, units)} on {day(at, zone)}, {'taken back' if standing == Standing.VOID else 'doubted'}"
        )
        marks.append(Mark(x(at), y(min(max(value, low), high)), standing, words, edge))
    drawn = told[:: max(1, ceil(len(told) / MOST_DRAWN))]
    drawn += told[-1:] if drawn[-1] != told[-1] else []
    return Chart(
        line=" ".join(f"{x(at)},{y(km_to(km, unit))}" for at, km, _ in drawn),
        grid=[(y(tick), number(tick)) for tick in ticks],
        days=[(LEFT, day(first, zone), "start"), (RIGHT, day(last, zone), "end")],
        marks=marks,
        replaced=[(x(s.begins_at), day(s.begins_at, zone)) for s in replaced if first <= s.begins_at <= last],
        title=f"Odometer from {day(first, zone)} to {day(told[-1][0], zone)},"
        f" {show_distance(told[0][1], units)} to {show_distance(told[-1][1], units)}",
        table=by_month(told, units, zone),
    )


def by_month(told: list, units: str, zone) -> list[tuple[str, str, str]]:
    """The last believed one of each month, newest first."""
    months = {at.astimezone(zone).strftime("%B %Y"): (km, dash) for at, km, dash in told}
    rows = [(name, show_distance(km, units), show_distance(dash, units)) for name, (km, dash) in months.items()]
    return rows[::-1]


def scale(low: float, high: float) -> list[float]:
    """Round figures that hold both, about five of them."""
    rough = max(high - low, 1.0) / (STEPS - 1)
    size = 10 ** floor(log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough)
    start = floor(low / step)
    return [n * step for n in range(start, max(ceil(high / step), start + 1) + 1)]


def day(at: datetime, zone) -> str:
    return f"{at.astimezone(zone):%-d %b %Y}"
