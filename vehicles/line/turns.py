"""Whose turn it is: which cars are asked next, as many as the calls allow, and fairly between fleets.

Each fleet has a mark that moves on with every call made for it; the fleet furthest back is next, and one that had
nothing to ask does not save up. Inside a fleet the more urgent car goes first, and lends its fleet a bounded head
start. So ten thousand cars never starve twenty, and whoever asked waits for nobody's housekeeping.
"""

import heapq
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fleet.kit import rows
from fleet.owners.models import Fleet
from vehicles.domain.cadence import WANTED_GAP, Next, Rank, Why, spread
from vehicles.line import breakers, budget
from vehicles.models import CallBucket, FleetTurn, Terms, Vehicle

LEASE = timedelta(minutes=30)  # a car may wait in line behind three slow answers and then be slow itself, 310 s each
KEPT = {Why.MONTH, Why.PACE, Why.LATER, Why.FAILED, Why.BREAKER}  # a wish does not outrun these
HEAD_STARTS = {Rank.ASKED: 1_000.0, Rank.NEW: 20.0, Rank.OUTAGE: 10.0, Rank.WANTED: 3.0, Rank.ROUTINE: 0.0}


def claim(most: int, *, now: datetime) -> list[Vehicle]:
    """Up to `most` cars that are asked now. Their calls are taken with them: out of the bucket, and in their month."""
    if most <= 0 or not Vehicle.objects.filter(poll_after__lte=now).exists():
        return []
    if budget.spare(now, Rank.ASKED) < 1:
        return []
    step_aside(now)
    breakers.stand_in_front(now)
    with transaction.atomic():
        bucket = budget.locked(now)
        chosen = choose(most, bucket, now)
        if chosen:
            until = now + LEASE
            Vehicle.objects.filter(pk__in=[car.pk for car in chosen]).update(poll_after=until)
            for car in chosen:
                car.poll_after = until
            budget.count(chosen, 1, now=now)
            bucket.save(update_fields=["left", "at", "mark"])
    return chosen


def step_aside(now: datetime) -> None:
    """A car on hold is looked at again when the hold ends."""
    held = Vehicle.objects.filter(poll_after__lte=now, hold_until__gt=now)
    held.update(poll_after=F("hold_until"))


def due(rank: Rank, now: datetime) -> QuerySet:
    return Vehicle.objects.pollable().filter(poll_rank=rank, poll_after__lte=now)


def choose(most: int, bucket: CallBucket, now: datetime) -> list[Vehicle]:
    """Take turns until the calls are spent or nobody waits. Moves the bucket's level and every mark in memory."""
    about = budget.bucket()
    if about is not None:
        bucket.left, bucket.at = about.refilled(bucket.left, now - bucket.at), max(now, bucket.at)
    line = Line(bucket.mark, most, now)
    chosen: list[Vehicle] = []
    while len(chosen) < most and (found := line.first()):
        fleet_id, rank = found
        if about is not None and about.spare(bucket.left, rank) < 1:
            line.drop(fleet_id, rank)
            continue
        chosen.append(line.take(fleet_id))
        bucket.left -= 1 if about is not None else 0
    bucket.mark = line.keep_marks()
    return chosen


class Line:
    """The fleets that have cars waiting, each with its mark and its cars in order."""

    def __init__(self, level: float, most: int, now: datetime):
        self.level, self.most, self.now = level, most, now
        self.ranks: dict[int, deque[Rank]] = {}
        for rank in Rank:
            waiting = Exists(due(rank, now).filter(fleet_id=OuterRef("pk")))
            for fleet_id in Fleet.objects.filter(waiting).values_list("pk", flat=True):
                self.ranks.setdefault(fleet_id, deque()).append(rank)
        held = dict(FleetTurn.objects.filter(fleet_id__in=list(self.ranks)).values_list("fleet_id", "mark"))
        self.marks = {fleet_id: max(level, held.get(fleet_id, level)) for fleet_id in self.ranks}
        self.limits = dict(Terms.objects.exclude(calls_a_month=None).values_list("fleet_id", "calls_a_month"))
        self.cars: dict[int, deque[Vehicle]] = {fleet_id: deque() for fleet_id in self.ranks}
        self.served: set[int] = set()
        self.heap = [(self.key(fleet_id), fleet_id) for fleet_id in self.ranks]
        heapq.heapify(self.heap)

    def key(self, fleet_id: int) -> float:
        return self.marks[fleet_id] - HEAD_STARTS[self.ranks[fleet_id][0]]

    def first(self) -> tuple[int, Rank] | None:
        """The fleet whose turn it is, with the rank of its first car that may be asked."""
        while self.heap:
            _, fleet_id = self.heap[0]
            rank = self.ranks[fleet_id][0]
            if not self.cars[fleet_id]:
                self.cars[fleet_id].extend(self.fetch(fleet_id, rank))
            if self.cars[fleet_id]:
                return fleet_id, rank
            self.drop(fleet_id, rank)
        return None

    def drop(self, fleet_id: int, rank: Rank) -> None:
        """Nothing more of this fleet in this rank."""
        self.ranks[fleet_id].popleft()
        self.cars[fleet_id].clear()
        if self.ranks[fleet_id]:
            heapq.heapreplace(self.heap, (self.key(fleet_id), fleet_id))
        else:
            heapq.heappop(self.heap)

    def take(self, fleet_id: int) -> Vehicle:
        car = self.cars[fleet_id].popleft()
        self.served.add(car.pk)
        self.marks[fleet_id] += 1
        heapq.heapreplace(self.heap, (self.key(fleet_id), fleet_id))
        return car

    def fetch(self, fleet_id: int, rank: Rank) -> list[Vehicle]:
        """The next cars of a fleet in a rank, without those whose month is used up: they are wound to the next."""
        share = min(self.most, self.most // len(self.heap) + 2)
        limit = self.limits.get(fleet_id, settings.SMARTCAR_CALLS_A_MONTH)
        waiting = due(rank, self.now).filter(fleet_id=fleet_id).order_by("poll_after", "pk")
        waiting = waiting.select_related("connection__grant", "fleet")
        while True:
            unserved = waiting.exclude(pk__in=self.served).select_for_update(skip_locked=True, of=("self",))
            cars = list(unserved[:share])
            months = [(car, budget.month_left(car, rank, limit=limit, now=self.now)) for car in cars]
            for car, month in months:
                if not month.left:
                    rest_until_next_month(car, month.ends)
            if found := [car for car, month in months if month.left]:
                return found
            if not cars:
                return []

    def keep_marks(self) -> float:
        """Write the marks that moved. Returns where all stand now: who joins later begins there."""
        rows = [FleetTurn(fleet_id=pk, mark=mark) for pk, mark in self.marks.items() if mark > self.level]
        FleetTurn.objects.bulk_create(rows, update_conflicts=True, unique_fields=["fleet"], update_fields=["mark"])
        return min(self.marks.values(), default=self.level)


def rest_until_next_month(car: Vehicle, ends: datetime) -> None:
    at = ends + timedelta(hours=6) * spread(car.pk)
    Vehicle.objects.filter(pk=car.pk).update(
        poll_after=at, poll_why=Why.MONTH, hold=Vehicle.Hold.BUDGET, hold_until=ends, asked_at=None
    )


TABLE = Vehicle._meta.db_table
WIND = f"UPDATE {TABLE} SET poll_after = %s, poll_why = %s, poll_rank = %s WHERE id = %s AND poll_after = %s"
WIND_AT_ONCE = f"""UPDATE {TABLE} SET poll_after = told.at, poll_why = told.why, poll_rank = told.rank
    FROM UNNEST(%s::timestamptz[], %s::text[], %s::smallint[], %s::bigint[], %s::timestamptz[])
    AS told (at, why, rank, id, held) WHERE {TABLE}.id = told.id AND {TABLE}.poll_after = told.held"""


def wind(car: Vehicle, found: Next) -> None:
    """Set when a car is asked next, and why then, unless somebody rang it while it was being asked."""
    wind_all([(car, found)])


def wind_all(winds: Iterable[tuple[Vehicle, Next]]) -> None:
    """The same for many. Written by hand: each has a moment of its own, and there may be thousands a minute."""
    adapt = connection.ops.adapt_datetimefield_value
    rows = [
        (adapt(found.at), str(found.why), int(Why(found.why).rank), car.pk, adapt(car.poll_after))
        for car, found in winds
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(WIND_AT_ONCE, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(WIND, rows)


def ring(cars: QuerySet, why: Why, *, now: datetime, ahead: timedelta = timedelta()) -> int:
    """Ask these cars as soon as it can be, unless they stand further ahead in the line already.

    Among cars of one rank those with the earlier clock go first; `ahead` puts them in front of the rest.
    """
    behind = Q(poll_rank__gt=why.rank) | Q(poll_after__gt=now) | Q(poll_after=None)
    pks = cars.filter(behind).values("pk")
    return Vehicle.objects.filter(pk__in=pks).update(poll_after=now - ahead, poll_why=why, poll_rank=why.rank)


def want(wishes: Iterable[tuple[Vehicle, datetime | None]], *, now: datetime) -> None:
    """Note when a verdict would gain from a fresh reading, and have the car asked then, if that is sooner.

    The cars are locked by whoever wishes.
    """
    changed = []
    for car, at in wishes:
        before = car.wanted_at, car.poll_after
        car.wanted_at = at
        if at is not None and car.poll_rank == Rank.ROUTINE and not car.hold and car.poll_after is not None:
            sooner = max(at, car.polled_at + WANTED_GAP if car.polled_at else now)
            if sooner < car.poll_after and car.poll_after > now and car.poll_why not in KEPT:
                car.poll_after, car.poll_why, car.poll_rank = sooner, Why.WANTED.value, Rank.WANTED.value
        if before != (car.wanted_at, car.poll_after):
            changed.append(car)
    rows.update(changed, ["wanted_at", "poll_after", "poll_why", "poll_rank"])
