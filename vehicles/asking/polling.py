"""The net under the webhooks: ask cars whose time has come, as many as the calls allow.

One thread claims and writes, many only wait for Smartcar. A slow car keeps one of those waiting and nobody else.
"""

import logging
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Count
from django.utils import timezone

from fleet.kit import garbage
from vehicles.domain import allowance, cadence
from vehicles.domain.cadence import Next, Rank
from vehicles.domain.measurements import Snapshot
from vehicles.line import breakers, budget, gateway, turns
from vehicles.models import Connection, Source, Vehicle
from vehicles.smartcar.errors import SmartcarProblem
from vehicles.waist import ingest, troubles

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.05  # so that answers are taken in by the dozen
LOOK_AGAIN_SECONDS = 1.0  # somebody may have rung a car while all that are asked are slow

# What others may have changed while a car was being asked, and what decides when it is asked next.
TOLD = ("pk", "asked_at", "seen_by_webhook_at", "wanted_at", "rhythm_minutes")

Answer = Snapshot | SmartcarProblem


@dataclass(frozen=True, slots=True)
class Asked:
    """A car, what came of asking it, and how many calls that took."""

    vehicle: Vehicle
    answer: Answer
    calls: int = 1


def sweep(*, now: datetime, clock: Callable[[], datetime] = timezone.now) -> int:
    """Poll until nothing is due or affordable. How many were asked.

    It lasts as long as the slowest car, so `clock` tells the time later on.
    """
    if not gateway.is_set_up():
        return 0
    count, waiting, shares = 0, set(), Shares()
    threads = settings.POLL_THREADS
    with garbage.seldom(), ThreadPoolExecutor(threads, thread_name_prefix="poll") as pool:
        while True:
            # More than are asked stand ready, so that no thread waits while answers are taken in.
            cars = turns.claim(4 * threads - len(waiting), now=now) if len(waiting) <= 3 * threads else []
            count += len(cars)
            waiting |= {pool.submit(ask, car, clock) for car in cars}
            if not waiting:
                return count
            done, waiting = wait(waiting, timeout=LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
            if done and waiting:
                more, waiting = wait(waiting, timeout=GATHER_SECONDS)
                done |= more
            now = clock()
            settle_all([future.result() for future in done], shares, now=now)


def ask(vehicle: Vehicle, clock: Callable[[], datetime] = timezone.now) -> Asked:
    """One car's signals, or what went wrong as a value, so that one car's trouble is its own."""
    with budget.prepaid(1) as purse:
        try:
            answer = gateway.line(vehicle.connection).read(vehicle.smartcar_id, clock())
        except SmartcarProblem as problem:
            answer = problem
        except Exception as error:  # the answers of the others are paid for
            log.exception("asking vehicle %d failed", vehicle.pk)
            answer = SmartcarProblem(type(error).__name__)
        finally:
            connections.close_all()  # a v2 token or a second page may have opened one
    return Asked(vehicle, answer, purse.made)


class Shares:
    """The gap that each fleet's fair share of the calls allows its cars, counted once a sweep."""

    def __init__(self):
        self.gaps: dict[int, timedelta] | None = None

    def __getitem__(self, fleet_id: int) -> timedelta:
        about = budget.bucket()
        if about is None:
            return timedelta()
        if self.gaps is None:
            asked = Vehicle.objects.pollable().filter(poll_after__isnull=False).order_by()
            cars = dict(asked.values_list("fleet_id").annotate(cars=Count("pk")))
            self.gaps = allowance.gaps(cars, about.a_day * cadence.SHARE)
        return self.gaps.get(fleet_id, cadence.USUAL)


def settle_all(asked: list[Asked], shares: Shares, *, now: datetime) -> None:
    """Record what came in one go, and wind each vehicle's clock."""
    good = [one for one in asked if isinstance(one.answer, Snapshot)]
    if good:
        try:
            take_in(good, shares, now=now)
        except Exception as error:  # one of them is odd: each by itself, and the odd one is put back
            log.warning("%d answers are taken in one by one: %s", len(good), type(error).__name__)
            for one in good:
                or_put_back(one, lambda one=one: take_in([one], shares, now=now), now)
    for one in asked:
        if isinstance(one.answer, SmartcarProblem):
            or_put_back(one, lambda one=one: settle_problem(one.vehicle, one.answer, now=now), now)
    for one in asked:
        if one.calls > 1:
            budget.count([one.vehicle], one.calls - 1, now=now)
    told = [(one.vehicle, one.answer if isinstance(one.answer, SmartcarProblem) else None) for one in asked]
    breakers.tell(told, now=now)


def or_put_back(one: Asked, settle: Callable[[], None], now: datetime) -> None:
    try:
        settle()
    except Exception:
        log.exception("the answer of vehicle %d could not be taken in", one.vehicle.pk)
        put_back(one.vehicle, now)


def take_in(good: list[Asked], shares: Shares, *, now: datetime) -> None:
    """These cars answered: what they said, and when they are asked again."""
    cars = [one.vehicle for one in good]
    asked_before = {car.pk: car.asked_at for car in cars}
    ingest.record_all([ingest.Arrival(one.vehicle.pk, one.answer, Source.POLL, now) for one in good], now=now)
    told = Vehicle.objects.filter(pk__in=asked_before).values(*TOLD)
    fresh = {row.pop("pk"): row for row in told}
    limits = budget.limits({car.fleet_id for car in cars})
    winds, answered = [], []
    for car in cars:
        if car.pk not in fresh:
            continue
        for name, value in fresh[car.pk].items():
            setattr(car, name, value)
        winds.append((car, next_poll(car, shares[car.fleet_id], limits[car.fleet_id], now)))
        if car.asked_at is not None and car.asked_at == asked_before[car.pk]:
            answered.append(car.pk)
    with transaction.atomic():
        Vehicle.objects.filter(pk__in=fresh).update(
            polled_at=now, poll_failures=0, hold=Vehicle.Hold.NONE, hold_reason="", hold_until=None
        )
        if answered:
            Vehicle.objects.filter(pk__in=answered).update(asked_at=None)
        turns.wind_all(winds)


def next_poll(vehicle: Vehicle, affordable: timedelta, limit: int, now: datetime) -> Next:
    return cadence.next_poll(
        now=now,
        last_webhook=vehicle.seen_by_webhook_at,
        wanted_at=vehicle.wanted_at,
        rhythm=None if vehicle.rhythm_minutes is None else timedelta(minutes=vehicle.rhythm_minutes),
        affordable=affordable,
        month=budget.month_left(vehicle, Rank.ROUTINE, limit=limit, now=now),
        key=vehicle.pk,
    )


def settle_problem(vehicle: Vehicle, problem: SmartcarProblem, *, now: datetime) -> None:
    """Write down what it means, and try again when there is a point in it."""
    if isinstance(problem, budget.OutOfCalls):  # nobody was asked
        turns.wind(vehicle, Next(now + problem.after, vehicle.poll_why or cadence.Why.USUAL))
        return
    after = getattr(problem, "after", None)
    if problem.type == "RATE_LIMIT" and problem.scope == "app":
        budget.drain(now, after)
        put_back(vehicle, now, cadence.after_failure(now=now, failures=1, asked_for=after), failed=0)
        return
    troubles.take(vehicle, problem, now=now)
    vehicle.refresh_from_db(fields=["hold", "hold_until"])
    state = Connection.objects.values_list("state", flat=True).get(pk=vehicle.connection_id)
    if state not in Vehicle.ASKABLE:
        Vehicle.objects.filter(connection_id=vehicle.connection_id).update(
            poll_after=None, asked_at=None, review_after=now
        )
    elif vehicle.hold and vehicle.hold_until is not None and vehicle.hold_until > now:
        put_back(vehicle, now, Next(vehicle.hold_until, cadence.Why.LATER))
    else:
        put_back(vehicle, now, cadence.after_failure(now=now, failures=vehicle.poll_failures + 1, asked_for=after))


def put_back(vehicle: Vehicle, now: datetime, found: Next | None = None, *, failed: int = 1) -> None:
    """Try again later, the later the more often it has failed. Whoever asked is told, and may ask again."""
    failures = vehicle.poll_failures + failed
    Vehicle.objects.filter(pk=vehicle.pk).update(poll_failures=failures, asked_at=None)
    turns.wind(vehicle, found or cadence.after_failure(now=now, failures=failures))
