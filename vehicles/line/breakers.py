"""Breakers: a host or a make that answers nobody is left alone for a while, then one car is tried for all.

Rows, so that all processes share them. Whoever takes the probe does it by one conditional update, so there is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from vehicles.domain import makes
from vehicles.domain.cadence import Why
from vehicles.models import Breaker, Generation, Vehicle
from vehicles.smartcar.errors import OurFault, SmartcarProblem, TryLater

FAILURES = 5  # in a row, none of them answered between
MANY = 5  # cars of a make that fail together; fewer are their own trouble
FIRST = timedelta(minutes=1)
LONGEST = timedelta(minutes=30)
PROBE = timedelta(minutes=8)  # longer than the slowest answer
HOSTS = {Generation.V3: "host vehicle", Generation.V2: "host api"}
TITLES = {"host vehicle": "Smartcar’s v3", "host api": "Smartcar’s v2"}
OF_THE_CAR = {"RATE_LIMIT", "VEHICLE_STATE"}  # asked too often, asleep, in motion: no make's trouble


@dataclass(frozen=True, slots=True)
class Open:
    """A breaker that is open, for pages."""

    name: str
    title: str
    failures: int
    since: datetime
    until: datetime
    probing: bool


def title(name: str) -> str:
    return TITLES.get(name) or makes.said(name.removeprefix("make "))


def of(vehicle: Vehicle) -> tuple[str, ...]:
    """The breakers in front of a car: its host's, and its make's where that is known."""
    host = HOSTS[Generation(vehicle.connection.generation)]
    return (host, f"make {vehicle.make.upper()}") if vehicle.make else (host,)


def open_ones(now: datetime | None = None) -> list[Open]:
    """Those that stand open, newest first. With `now`, only those that keep calls back at that moment."""
    rows = Breaker.objects.exclude(open_until=None).order_by("-changed_at", "name")
    return [
        Open(
            row.name,
            title(row.name),
            row.failures,
            row.changed_at,
            max(row.open_until, row.probing_until or row.open_until),
            row.probing_until is not None and row.probing_until > row.open_until,
        )
        for row in rows
        if now is None or keeps_back(row, now)
    ]


def keeps_back(row: Breaker, now: datetime) -> bool:
    return row.open_until is not None and (row.open_until > now or (row.probing_until or now) > now)


def behind(name: str) -> QuerySet:
    """The cars that a breaker stands in front of."""
    cars = Vehicle.objects.pollable()
    if name in TITLES:
        generation = next(generation for generation, host in HOSTS.items() if host == name)
        return cars.filter(connection__generation=generation)
    return cars.annotate(upper_make=Upper("make")).filter(upper_make=name.removeprefix("make "))


def stand_in_front(now: datetime) -> None:
    """Wind what waits behind an open breaker to when it may go on; behind one whose time has come, all but one car."""
    for row in Breaker.objects.exclude(open_until=None):
        waiting = behind(row.name).filter(poll_after__lte=now)
        if not keeps_back(row, now):
            first = waiting.order_by("poll_rank", "poll_after", "pk").values_list("pk", flat=True).first()
            if first is None or not take_probe(row.name, now):
                continue
            row.refresh_from_db()
            waiting = waiting.exclude(pk=first)
        until = max(row.open_until, row.probing_until or row.open_until)
        pks = waiting.values("pk")
        Vehicle.objects.filter(pk__in=pks).update(poll_after=until, poll_why=Why.BREAKER)


def take_probe(name: str, now: datetime) -> bool:
    """The right to try one car for all. One process gets it, and it lapses should that process die."""
    free = Q(probing_until=None) | Q(probing_until__lte=now)
    return Breaker.objects.filter(free, name=name, open_until__lte=now).update(probing_until=now + PROBE) == 1


def tell(outcomes: Iterable[tuple[Vehicle, SmartcarProblem | None]], *, now: datetime) -> None:
    """What came of asking cars: answers and problems. An answer of any kind shows that the host lives."""
    failing = set(Breaker.objects.exclude(failures=0, open_until=None).values_list("name", flat=True))
    for vehicle, problem in outcomes:
        host, *make = of(vehicle)
        fails_for_all = problem is not None and is_of_the_host(problem)
        words = [(host, fails_for_all)]
        if make and not fails_for_all:
            words.append((make[0], problem is not None and is_of_the_make(problem)))
        for name, failed in words:
            if failed or name in failing:
                count(name, failed, now)
                (failing.add if failed else failing.discard)(name)


def is_of_the_host(problem: SmartcarProblem) -> bool:
    """No way to Smartcar, or Smartcar refuses the application as a whole. An empty bucket is neither."""
    if problem.type == "RATE_LIMIT" or problem.status == 429:
        return False
    if isinstance(problem, OurFault):
        return problem.status == 401
    return isinstance(problem, TryLater) and problem.scope == "app"


def is_of_the_make(problem: SmartcarProblem) -> bool:
    return isinstance(problem, TryLater) and problem.scope != "app" and problem.type not in OF_THE_CAR


@transaction.atomic
def count(name: str, failed: bool, now: datetime) -> None:
    """One more failure in a row, or the end of them."""
    row = Breaker.objects.select_for_update().filter(name=name).first()
    if not failed:
        if row is not None and (row.failures or row.open_until):
            close(row, now)
        return
    if row is None:
        Breaker.objects.get_or_create(name=name, defaults={"changed_at": now})
        row = Breaker.objects.select_for_update().get(name=name)
    if row.open_until is not None and row.open_until > now:
        return  # asked before it opened: says nothing new
    row.failures += 1
    if row.failures >= FAILURES and is_widespread(name):
        fresh = row.open_until is None
        row.open_until = now + min(LONGEST, FIRST * 2 ** min(row.failures - FAILURES, 10))
        row.changed_at = now if fresh else row.changed_at
    row.probing_until = None
    row.save()


def is_widespread(name: str) -> bool:
    return name in TITLES or behind(name).filter(poll_failures__gt=0)[:MANY].count() >= MANY


def close(row: Breaker, now: datetime) -> None:
    """Somebody got an answer: go on, with those first whose turn it was."""
    was_open = row.open_until is not None
    row.failures, row.open_until, row.probing_until, row.changed_at = 0, None, None, now
    row.save()
    if was_open:
        pks = behind(row.name).filter(poll_why=Why.BREAKER).values("pk")
        Vehicle.objects.filter(pk__in=pks).update(poll_after=now)
