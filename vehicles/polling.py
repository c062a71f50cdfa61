"""The net under the webhooks: ask cars whose time has come, as many as the calls allow."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http import HTTPStatus

from django.db import connections
from django.utils import timezone

from fleet.kit import clocks
from vehicles import budget, gateway, ingest
from vehicles.domain import cadence
from vehicles.domain.measurements import Snapshot
from vehicles.models import Source, Vehicle
from vehicles.smartcar.errors import NeedsOwner, NotPermitted, SmartcarProblem, TryLater

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=6)  # longer than the slowest answer of Smartcar, 310 s
SIDE_BY_SIDE = 8


def sweep(*, now: datetime) -> int:
    """Poll what is due, side by side, within the budget. How many were asked."""
    if not gateway.is_set_up():
        return 0
    limit = min(SIDE_BY_SIDE * 4, int(budget.left(now)) - budget.RESERVE)
    if limit <= 0:
        return 0
    waiting = Vehicle.objects.pollable().select_related("connection").filter(poll_after__isnull=False)
    vehicles = clocks.claim(waiting, "poll_after", lease=LEASE, limit=limit, now=now)
    if vehicles:
        polled = Vehicle.objects.pollable().count()
        with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="poll") as pool:
            for vehicle, answer in zip(vehicles, pool.map(ask, vehicles), strict=True):
                settle_or_put_back(vehicle, answer, polled=polled)
    return len(vehicles)


def ask(vehicle: Vehicle) -> Snapshot | SmartcarProblem:
    """One car's signals, or what went wrong as a value, so that one car's trouble is its own."""
    try:
        return gateway.smartcar().signals(vehicle.smartcar_id, vehicle.connection.user_id, now=timezone.now())
    except SmartcarProblem as problem:
        return problem
    except Exception as error:  # the answers of the others are paid for
        log.exception("asking vehicle %d failed", vehicle.pk)
        return SmartcarProblem(type(error).__name__)
    finally:
        connections.close_all()  # this thread counted its calls in the database and ends here


def settle_or_put_back(vehicle: Vehicle, answer: Snapshot | SmartcarProblem, *, polled: int) -> None:
    try:
        settle(vehicle, answer, polled=polled)
    except Exception:
        log.exception("the answer of vehicle %d could not be taken in", vehicle.pk)
        put_back(vehicle, timezone.now())


def put_back(vehicle: Vehicle, now: datetime, asked_for: timedelta | None = None) -> None:
    """Try again later, the later the more often it has failed."""
    failures = vehicle.poll_failures + 1
    Vehicle.objects.filter(pk=vehicle.pk).update(poll_failures=failures)
    clocks.wind(vehicle, "poll_after", cadence.after_failure(now=now, failures=failures, asked_for=asked_for))


def settle(vehicle: Vehicle, answer: Snapshot | SmartcarProblem, *, polled: int) -> None:
    """Record what came, and wind the vehicle's clock."""
    now = timezone.now()
    if isinstance(answer, Snapshot):
        ingest.record_all([ingest.Arrival(vehicle.pk, answer, Source.POLL, now)], now=now)
        Vehicle.objects.filter(pk=vehicle.pk).update(polled_at=now, poll_failures=0)
        later = cadence.next_poll(
            now=now, last_webhook=vehicle.seen_by_webhook_at, polled_vehicles=polled, key=vehicle.pk
        )
        clocks.wind(vehicle, "poll_after", later)
        return
    asked_for = None
    match answer:
        case NeedsOwner():
            vehicle.connection.turn("needs_owner", answer.reason[:80], now)
            Vehicle.objects.filter(connection=vehicle.connection).update(poll_after=None, review_after=now)
            return
        case TryLater():
            asked_for = answer.after
            if answer.scope == "app" and answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                budget.drain(now)
        case NotPermitted():
            asked_for = cadence.USUAL
        case _:
            log.warning("vehicle %d could not be polled: %s", vehicle.pk, answer)
    put_back(vehicle, now, asked_for)
