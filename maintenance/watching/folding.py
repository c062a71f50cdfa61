"""The sweep: what came in is folded into breaches, in bulk and only where it can change anything.

Outside of its stored stretches a car is known to be well, so most readings are done with at a glance. The others are
folded from where they can matter on: from the memory of a stretch that runs, or from where one began.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from fleet.kit import clocks
from maintenance.domain.thresholds import Point, Stretch, fold
from maintenance.models import Bookmark, Breach, DueItem, Threshold
from maintenance.watching import alarms, stock
from maintenance.watching.measures import value_of
from vehicles.domain import acceptance, segments
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Reading, Standing, Vehicle
from vehicles.waist import meters

LEASE = timedelta(minutes=5)
BATCH = 2_000  # readings
CARS = 500  # of one rule, folded at once
LOOK_BACK = timedelta(days=30)  # how far before its rule a stretch is traced
PAIRS = 100  # cars' signals asked for in one query
READ, KNOWN = "thresholds read", "thresholds known"

COLUMNS = ("began_at", "opened_at", "closed_at", "worst", "last", "last_at")


@dataclass(slots=True)
class Touched:
    """What one rule has to look at of one car: new points, or all of it."""

    points: list[Point] = field(default_factory=list)
    whole: bool = False


Work = dict[tuple[Threshold, int], Touched]


def sweep(*, now: datetime) -> int:
    """Fold the rules whose clock has rung, then the readings that came in. How many of those there were."""
    stock.stock_all()
    for rule in clocks.claim(
        Threshold.objects.filter(fold_after__isnull=False), "fold_after", lease=LEASE, limit=20, now=now
    ):
        fold_rule(rule, now=now)
        clocks.wind(rule, "fold_after", None)
    alarms.release(now=now)
    return read_on(now=now)


@transaction.atomic
def read_on(*, now: datetime) -> int:
    """Go on from the last row that was read, in the order of rows, up to the last one known at the ring before.

    A row may become visible after one with a higher number: by the next ring it has.
    """
    read, known = marks()
    rules = list(Threshold.objects.standing().select_related("fleet"))
    fresh = Reading.objects.filter(pk__gt=read.place, pk__lte=known.place, standing=Standing.ACCEPTED)
    found = list(fresh.filter(signal__in={rule.signal for rule in rules}).order_by("pk")[:BATCH])
    read.place = found[-1].pk if len(found) == BATCH else known.place
    if read.place == known.place:
        known.place = max(newest(), known.place)
    for mark in (read, known):
        mark.save(update_fields=["place"])
    if found:
        refold(touched(found, rules), now=now)
    return len(found)


def marks() -> tuple[Bookmark, Bookmark]:
    """How far it has read, and what was the last row at the ring before. Whoever holds them reads alone."""
    found = Bookmark.objects.select_for_update().filter(name__in=(READ, KNOWN)).order_by("name")
    held = {mark.name: mark for mark in found}
    if len(held) < 2:
        for name in (READ, KNOWN):
            held[name], _ = Bookmark.objects.get_or_create(name=name, defaults={"place": newest()})
    return held[READ], held[KNOWN]


def newest() -> int:
    return Reading.objects.aggregate(last=Max("pk"))["last"] or 0


def touched(readings: list[Reading], rules: list[Threshold]) -> Work:
    """Which rules of which cars these readings belong to."""
    cars = dict(
        Vehicle.objects.active()
        .filter(pk__in={reading.vehicle_id for reading in readings})
        .values_list("pk", "fleet_id")
    )
    programs = programs_of(cars, rules)
    by_fleet: dict[tuple, list[Threshold]] = defaultdict(list)
    for rule in rules:
        by_fleet[rule.fleet_id, rule.signal].append(rule)
    work: Work = {}
    as_true(readings)
    for reading in readings:
        for rule in by_fleet.get((cars.get(reading.vehicle_id), reading.signal), []):
            if rule.program_id in programs[reading.vehicle_id] and (point := as_point(rule, reading)):
                work.setdefault((rule, reading.vehicle_id), Touched()).points.append(point)
    return work


def programs_of(cars: Iterable[int], rules: list[Threshold]) -> dict[int, set[int | None]]:
    """The programs each car is looked after by, and None, which is all cars."""
    found: dict[int, set] = {pk: {None} for pk in cars}
    if any(rule.program_id for rule in rules):
        lines = DueItem.objects.filter(vehicle_id__in=found, line__isnull=False).order_by()
        for pk, program in lines.values_list("vehicle_id", "line__program_id").distinct():
            found[pk].add(program)
    return found


def as_point(rule: Threshold, told: Reading | Gauge) -> Point | None:
    value = value_of(rule.signal, rule.part, rule.is_below, told.number, told.detail)
    if value is None:
        return None
    return Point(told.at, acceptance.newness(told.at, told.sequence, told.fetched_at, told.value), value)


def as_true(readings: list[Reading]) -> None:
    """Readings of an odometer hold what the dash showed; rules compare the distance of the car, as plans do."""
    dashes = [reading for reading in readings if reading.signal == Signal.ODOMETER]
    if dashes:
        held = meters.segments_of({reading.vehicle_id for reading in dashes})
        for reading in dashes:
            reading.number = segments.true_km(held.get(reading.vehicle_id, ()), reading.number, reading.at)


# ── one rule on all its cars ──


def fold_rule(rule: Threshold, *, now: datetime) -> None:
    """All cars of a rule that is new or was edited: those that its present readings do not show to be well."""
    cars = [] if rule.retired_at else candidates(rule)
    held = set(Breach.objects.filter(threshold=rule).values_list("vehicle_id", flat=True))
    for some in in_parts(sorted(held | set(cars)), CARS):
        with transaction.atomic():
            marks()  # one at a time folds
            refold({(rule, pk): Touched(whole=True) for pk in some}, now=now)


def candidates(rule: Threshold) -> list[int]:
    """Cars whose present reading is not beyond the closing value."""
    return [pk for pk, point in present(rule) if not rule.rule.is_good(point.value)]


def present(rule: Threshold) -> list[tuple[int, Point]]:
    """What each car that a rule looks at says of it now: one query, whatever the fleet."""
    gauges = Gauge.objects.filter(signal=rule.signal, vehicle__in=watched_cars(rule).values("pk"))
    return [(gauge.vehicle_id, point) for gauge in gauges if (point := as_point(rule, gauge))]


def watched_cars(rule: Threshold) -> QuerySet[Vehicle]:
    """All cars of its fleet, or those that its program looks after."""
    cars = Vehicle.objects.active().filter(fleet_id=rule.fleet_id).order_by()
    if rule.program_id is None:
        return cars
    return cars.filter(pk__in=DueItem.objects.filter(line__program_id=rule.program_id).values("vehicle"))


# ── folding ──


def refold(work: Work, *, now: datetime) -> None:
    """Bring the stored stretches in line with the readings, and the alerts with the stretches."""
    if not work:
        return
    held: dict[tuple, list[Breach]] = defaultdict(list)
    rules, cars = {rule.pk for rule, _ in work}, {pk for _, pk in work}
    rows = Breach.objects.filter(threshold_id__in=rules, vehicle_id__in=cars)
    if not any(what.whole for what in work.values()):
        earliest = min(point.at for what in work.values() for point in what.points)
        rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=earliest - LOOK_BACK))
    for row in rows.order_by("began_at"):
        held[row.threshold_id, row.vehicle_id].append(row)
    tasks = [task for (rule, pk), what in work.items() if (task := Task.of(rule, pk, what, held[rule.pk, pk]))]
    if not tasks:
        return
    readings = load(tasks)
    made, changed, gone = [], [], []
    for task in tasks:
        points = [
            p
            for told in readings[task.car, task.rule.signal]
            if told.at >= task.since
            if (p := as_point(task.rule, told))
        ]
        task.settle(points, made, changed, gone)
    Breach.objects.filter(pk__in=gone).delete()
    Breach.objects.bulk_create(made, batch_size=500)
    Breach.objects.bulk_update(changed, COLUMNS, batch_size=200)
    alarms.settle({task.car for task in tasks}, now=now)


@dataclass(slots=True)
class Task:
    """One rule on one car: from when its readings are folded, with which memory, into which rows."""

    rule: Threshold
    car: int
    since: datetime
    rows: list[Breach]
    memory: Stretch | None = None

    @classmethod
    def of(cls, rule: Threshold, car: int, what: Touched, held: list[Breach]) -> "Task | None":
        """None where nothing can come of it: the car was well, and these readings do not say otherwise."""
        if what.whole:
            since = min([rule.counts_from - LOOK_BACK, *(row.began_at for row in held)])
            return cls(rule, car, since, held)
        earliest = min(point.at for point in what.points)
        rows = [row for row in held if row.closed_at is None or row.closed_at >= earliest]
        if not rows and not any(rule.rule.is_past(point.value) for point in what.points):
            return None
        if len(rows) == 1 and rows[0].closed_at is None and earliest > rows[0].last_at:
            running = rows[0]
            memory = Stretch(**{name: getattr(running, name) for name in COLUMNS})
            return cls(rule, car, running.last_at + timedelta(microseconds=1), rows, memory)
        since = min([earliest, *(row.began_at for row in rows)])
        if earliest < rule.counts_from:
            since = min(since, rule.counts_from - LOOK_BACK)
        return cls(rule, car, since, [row for row in held if row.began_at >= since])

    def settle(self, points: list[Point], made: list, changed: list, gone: list) -> None:
        """A stretch that turns out to have begun at another time keeps its row: people heard of it already."""
        wanted = [
            s
            for s in fold(self.rule.rule, points, self.memory)
            if s.closed_at is None or s.closed_at >= self.rule.counts_from
        ]
        rows = {row.began_at: row for row in self.rows}
        pairs = [(stretch, rows.pop(stretch.began_at, None)) for stretch in wanted]
        running = next((row for row in rows.values() if row.closed_at is None), None)
        for stretch, row in pairs:
            if row is None and stretch.closed_at is None and running is not None:
                row = rows.pop(running.began_at)
            if row is None:
                row = Breach(threshold=self.rule, vehicle_id=self.car, part=self.rule.part)
                made.append(row)
            elif any(getattr(row, name) != getattr(stretch, name) for name in COLUMNS):
                changed.append(row)
            for name in COLUMNS:
                setattr(row, name, getattr(stretch, name))
        gone += [row.pk for row in rows.values()]


def load(tasks: list[Task]) -> dict[tuple[int, str], list[Reading]]:
    """The accepted readings that each task needs."""
    since: dict[tuple, datetime] = {}
    for task in tasks:
        key = (task.car, task.rule.signal)
        since[key] = min(task.since, since.get(key, task.since))
    found = defaultdict(list)
    for some in in_parts(list(since.items()), PAIRS):
        wanted = Q()
        for (car, signal), at in some:
            wanted |= Q(vehicle_id=car, signal=signal, at__gte=at)
        told = list(Reading.objects.filter(wanted, standing=Standing.ACCEPTED))
        as_true(told)
        for reading in told:
            found[reading.vehicle_id, reading.signal].append(reading)
    return found


def in_parts(rows: list, size: int) -> Iterator[list]:
    return (rows[start : start + size] for start in range(0, len(rows), size))
