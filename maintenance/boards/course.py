"""How a vehicle came to where it is: its odometer and its oil life over a year, drawn and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Min

from fleet.kit.days import DayOf
from fleet.kit.units import Units, km_to, number, show_distance
from fleet.owners.models import Membership
from maintenance.boards import curves
from maintenance.boards.curves import Ahead, Curve, Day, Done
from maintenance.domain import forecast_words as words
from maintenance.domain.plan import Axis
from maintenance.domain.status import Status
from maintenance.models import DueItem, ServiceRecord
from vehicles.domain import segments
from vehicles.domain.signals import Signal
from vehicles.models import Reading, Standing, Vehicle
from vehicles.waist import meters

YEAR = timedelta(days=365)
LEAST_AHEAD, MOST_AHEAD = timedelta(days=14), timedelta(days=90)
MOST_DONE = 100
PERCENTS = [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]


@dataclass(frozen=True, slots=True)
class Course:
    """One drawing with what it says in a sentence, and its months as rows: name, value, what was done."""

    key: str
    name: str
    aside: str
    title: str
    caption: str
    curve: Curve
    table: list[tuple[str, str, str]]


def board(vehicle: Vehicle, member: Membership, now: datetime) -> dict:
    items = list(DueItem.objects.filter(vehicle=vehicle, left_at=None).select_related("task").by_urgency())
    records = ServiceRecord.objects.standing().filter(vehicle=vehicle, because_of=None).select_related("task")
    done = [Done(one.done_on, one.task.name) for one in records.order_by("-done_on", "-pk")[:MOST_DONE]]
    return {"vehicle": vehicle, "courses": courses(vehicle, items, done, member, now), "here": "vehicles"}


def courses(
    vehicle: Vehicle, items: Sequence[DueItem], done: list[Done], member: Membership, now: datetime
) -> list[Course]:
    """Those of the two that have two days to draw. Two queries, however many readings there are."""
    today = member.fleet.day(now)
    since = datetime.combine(today - YEAR, time(), tzinfo=member.fleet.zone)
    held = Reading.objects.filter(vehicle=vehicle, standing=Standing.ACCEPTED, at__gte=since, at__lte=now)
    held = held.filter(signal__in=(Signal.ODOMETER, Signal.OIL_LIFE)).order_by()
    day = DayOf("at", zone=member.fleet.zone, since=since, until=now)
    by_day = held.annotate(day=day).values_list("signal", "day")
    found: dict[str, list[Day]] = {Signal.ODOMETER.value: [], Signal.OIL_LIFE.value: []}
    for signal, on, low, high, _ in by_day.annotate(low=Min("number"), high=Max("number"), n=Count("pk")).order_by(
        "day"
    ):
        found[signal].append(Day(on, low, high))
    drawn = [
        odometer(vehicle, found[Signal.ODOMETER.value], items, done, member, today),
        oil_life(found[Signal.OIL_LIFE.value], items, done, today),
    ]
    return [one for one in drawn if one is not None]


def odometer(
    vehicle: Vehicle, days: list[Day], items: Sequence[DueItem], done: list[Done], member: Membership, today: date
) -> Course | None:
    """In the fleet's unit, as true distance where the meter was replaced; the day of that is left out."""
    units, zone = member.fleet.units, member.fleet.zone
    unit = Units(units).distance
    replaced = meters.segments_of([vehicle.pk]).get(vehicle.pk, ())
    changed = {segment.begins_at.astimezone(zone).date() for segment in replaced}

    def true(on: date, km: float) -> float:
        return km_to(segments.true_km(replaced, km, datetime.combine(on, time(12), tzinfo=zone)), unit)

    days = [Day(one.on, true(one.on, one.low), true(one.on, one.high)) for one in days if one.on not in changed]
    if len(days) < 2:
        return None
    mark = min((item for item in items if item.due_km is not None), key=lambda item: item.due_km, default=None)
    told = told_of(Axis.DISTANCE, items)
    ahead = range_ahead(days[-1].on, days[-1].high, told, today, lambda km: km_to(km, unit))
    due = None if mark is None else km_to(mark.due_km, unit)
    due_word = "" if mark is None else f"{mark.task.name.lower()} at {show_distance(mark.due_km, units)}"
    said = [sentence(words.rests_on(Axis.DISTANCE, told, units))] if told else []
    if mark is not None:
        said.append(of_mark(mark, Axis.DISTANCE, f"The mark of {due_word}", today, Status(mark.status)))
    first, last = days[0], days[-1]
    title = (
        f"Odometer from {first.on:%-d %b %Y} to {last.on:%-d %b %Y}, {number(first.high)} to {number(last.high)} {unit}"
    )
    return Course(
        key="odometer",
        name="Odometer",
        aside=f"{unit}, with forecast" if ahead else unit,
        title=title,
        caption=" ".join(filter(None, said)) or f"{title}.",
        curve=curves.draw(days, today=today, falls=False, done=done, due=due, due_word=due_word, ahead=ahead),
        table=by_month(days, done, lambda one: f"{number(one.high)} {unit}"),
    )


def oil_life(days: list[Day], items: Sequence[DueItem], done: list[Done], today: date) -> Course | None:
    if len(days) < 2:
        return None
    mark = max(
        (item for item in items if item.oil_limit_pct is not None), key=lambda item: item.oil_limit_pct, default=None
    )
    told = told_of(Axis.OIL, items)
    ahead = range_ahead(days[-1].on, days[-1].low, told, today, lambda points: -points)
    said = [sentence(words.rests_on(Axis.OIL, told, Units.METRIC))] if told else []
    limit = None if mark is None else mark.oil_limit_pct
    if mark is not None:
        said.append(of_mark(mark, Axis.OIL, f"The {limit:g} % limit", today, Status(mark.status)))
    if rise := next((one for one in reversed(days) if one.rose), None):
        said.append(f"It rose by {number(rise.high - rise.low)} points on {rise.on:%-d %b}.")
    title = f"Oil life from {days[0].on:%-d %b %Y} to {days[-1].on:%-d %b %Y}, now {number(days[-1].low)} %"
    ours = [one for one in done if "oil" in one.name.lower()]
    return Course(
        key="oil",
        name="Oil life",
        aside="percent left, with forecast" if ahead else "percent left",
        title=title,
        caption=" ".join(filter(None, said)) or f"{title}.",
        curve=curves.draw(
            days,
            today=today,
            falls=True,
            done=ours,
            due=limit,
            due_word="" if limit is None else f"limit {limit:g} %",
            ahead=ahead,
            ticks=PERCENTS,
            shown="{:.0f} %".format,
        ),
        table=by_month(days, ours, lambda one: f"{number(one.low)} %"),
    )


def told_of(axis: Axis, items: Sequence[DueItem]) -> dict | None:
    """What forecasts of this axis rest on; it is the same for all items of a vehicle."""
    return next((item.forecast[axis] for item in items if axis in item.forecast), None)


def range_ahead(last: date, value: float, told: dict | None, today: date, step) -> Ahead | None:
    """None where no pace is known. Far enough for the range to be seen, and no further than a season."""
    if told is None or told["usual"] is None:
        return None
    late = date.fromisoformat(told["late"]) if told["late"] else today
    end = today + min(max(late - today + timedelta(days=7), LEAST_AHEAD), MOST_AHEAD)
    days = (end - last).days
    return Ahead(end, *(value + step(told[name]) * days for name in ("slow", "usual", "fast")))


def of_mark(mark: DueItem, axis: Axis, name: str, today: date, status: Status) -> str:
    if status.is_reached and mark.winner == axis:
        return f"{name} is reached."
    told = mark.forecast.get(axis)
    if not told or not told["early"]:
        return ""
    early, late = (date.fromisoformat(told[end]) for end in ("early", "late"))
    return f"{name} is expected {words.spoken(early, late, today)}."


def sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def by_month(days: list[Day], done: list[Done], value) -> list[tuple[str, str, str]]:
    """The last of each month, newest first, with what was done in it."""
    last = {f"{one.on:%B %Y}": value(one) for one in days}
    jobs: dict[str, list[str]] = {}
    for one in sorted(done, key=lambda one: one.on):
        jobs.setdefault(f"{one.on:%B %Y}", []).append(f"{one.name} on {one.on:%-d %b}")
    return [(name, text, ", ".join(jobs.get(name, ()))) for name, text in reversed(last.items())]
