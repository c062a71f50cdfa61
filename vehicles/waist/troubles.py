"""What a problem means for what we know: the connection's state, the vehicle's hold, what the car can tell.

Nothing here winds a clock of polling: whoever asked knows when to ask again.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from vehicles.domain import accusations
from vehicles.models import Connection, Gauge, Source, Vehicle
from vehicles.smartcar.error_table import GRAVEST_FIRST, Scope, Step, row_of
from vehicles.smartcar.errors import SmartcarProblem
from vehicles.waist import capabilities, oddities

log = logging.getLogger(__name__)

Hold = Vehicle.Hold
State = Connection.State
TROUBLED = (State.NEEDS_OWNER, State.NOT_ON_PLAN)
ACCUSING = (Step.RECONNECT, Step.ASK_OWNER, Step.CONSENT)
ENDED = ("GRANT_DEAD", "INVALID_GRANT")  # a new consent alone mends these
OFF_PLAN = timedelta(days=1)  # whether the plan has grown is asked once a day


@transaction.atomic
def take(vehicle: Vehicle, problem: SmartcarProblem, *, now: datetime) -> None:
    """Write down what a problem with this vehicle means, and wake its review."""
    note_odd(problem, now=now)
    reason = (problem.name or getattr(problem, "reason", ""))[:80]
    if problem.step in ACCUSING:
        accuse(vehicle, reason or "PERMISSION", at=now, now=now, url=problem.url)
    elif problem.step is Step.PLAN:
        if problem.scope == Scope.VEHICLE:
            hold(vehicle, Hold.BUDGET, reason, until=next_month(now))
        else:
            accuse(vehicle, reason or "BILLING", at=now, now=now)
            hold(vehicle, Hold.PLAN, reason, until=now + OFF_PLAN)
    elif problem.step is Step.WAIT and problem.scope == Scope.VEHICLE and getattr(problem, "after", None):
        kind = Hold.THROTTLED if "RATE_LIMIT" in reason or problem.status == 429 else Hold.RESTING
        hold(vehicle, kind, reason, until=now + problem.after)
    elif problem.step is Step.UNSUPPORTED and problem.type == "COMPATIBILITY":
        capabilities.learn_none(vehicle, at=now)
        hold(vehicle, Hold.RESTING, reason, until=now + capabilities.RECHECK)
    elif problem.step is Step.LOST and problem.scope == Scope.VEHICLE:
        Vehicle.objects.filter(pk=vehicle.pk, lost_since=None).update(lost_since=now)
    elif problem.step is Step.OPERATOR:
        log.error("the operator has to look: %s", problem)
        oddities.note("fault", [reason or "UNNAMED"], now=now, status=problem.status or oddities.NO_STATUS)
    Vehicle.objects.filter(pk=vehicle.pk).update(review_after=now)


def note_odd(problem: SmartcarProblem, *, now: datetime) -> None:
    """Whatever no row of the table has is counted for the operator."""
    if not problem.known:
        oddities.note("error", [problem.name], now=now, status=problem.status or oddities.NO_STATUS)


def hold(vehicle: Vehicle, kind: str, reason: str, *, until: datetime) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(hold=kind, hold_reason=reason, hold_until=until)
    vehicle.hold, vehicle.hold_reason, vehicle.hold_until = kind, reason, until


def next_month(now: datetime) -> datetime:
    return (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


@transaction.atomic
def accuse(vehicle: Vehicle, reason: str, *, at: datetime, now: datetime, over: bool = False, url: str = "") -> None:
    """Something was said against the vehicle's connection, or said to be over."""
    # The car first, as everybody who writes does.
    Vehicle.objects.select_for_update(no_key=True).filter(pk=vehicle.pk).first()
    connection = Connection.objects.select_for_update().filter(pk=vehicle.connection_id).first()
    if connection is None:
        return
    connection.words = accusations.say(words_of(connection), reason, min(at, now), over=over)
    if not over and leads_to_connect(url):
        connection.mend_url = url
    connection.save(update_fields=["words", "mend_url"])
    turn(connection, now)
    vehicle.connection = connection


def words_of(connection: Connection) -> accusations.Words:
    """What was said before words were kept, or by others of us, counts as said."""
    if connection.state in TROUBLED and connection.reason and connection.reason not in connection.words:
        return accusations.say(connection.words, connection.reason, connection.state_since)
    return connection.words


def turn(connection: Connection, now: datetime) -> bool:
    """Bring the state in line with what stands against it. True if it changed. What was given back stays so."""
    if connection.state == State.DISCONNECTED:
        return False
    fetched_at = last_fetched(connection)

    def since(reason: str) -> datetime:
        """A new consent ends what was said before it, and so does data that was fetched after it."""
        passes = fetched_at is not None and passes_with_data(reason)
        return max(connection.consented_at, fetched_at) if passes else connection.consented_at

    said = accusations.standing(words_of(connection), since)
    if said:
        reason = min(said, key=lambda one: (gravity(one), said[one], one))
        state = State.NOT_ON_PLAN if is_of_the_plan(reason) else State.NEEDS_OWNER
        changed = connection.turn(state, reason, said[reason])
    elif changed := connection.turn(State.CONNECTED, "", now):
        connection.mend_url = ""
        connection.save(update_fields=["mend_url"])
        Vehicle.objects.active().filter(connection=connection, poll_after=None).update(poll_after=now)
    if changed:
        Vehicle.objects.filter(connection=connection).update(review_after=now)
    return changed


def heard(vehicle_ids: Iterable[int], *, polled: Iterable[int], now: datetime) -> None:
    """Data came, and is stored: what Smartcar fetched after a trouble shows that it is over.

    An answer to a question of ours shows that the plan covers the car, however old what it tells.
    """
    pks, polled = set(vehicle_ids), set(polled)
    Vehicle.objects.filter(pk__in=pks, lost_since__isnull=False).update(lost_since=None)
    troubled = Connection.objects.filter(vehicles__in=pks, state__in=TROUBLED).order_by("pk")
    for pk in list(troubled.values_list("pk", flat=True).distinct()):
        connection = Connection.objects.select_for_update().get(pk=pk)
        if connection.vehicles.filter(pk__in=polled).exists():
            words = words_of(connection)
            for reason in filter(is_of_the_plan, list(words)):
                words = accusations.say(words, reason, now, over=True)
            connection.words = words
            connection.save(update_fields=["words"])
        turn(connection, now)


def last_fetched(connection: Connection) -> datetime | None:
    """When Smartcar last got anything from the car through this connection, as far as its gauges know."""
    told = Gauge.objects.filter(vehicle__connection=connection).exclude(source=Source.BENCH)
    newest = told.aggregate(fetched=Max("fetched_at"), measured=Max("measured_at"))
    return max((at for at in newest.values() if at is not None), default=None)


def passes_with_data(reason: str) -> bool:
    """Data that still comes by webhook proves nothing of a plan, or of a grant that buys no more answers."""
    return not is_of_the_plan(reason) and reason not in ENDED


def is_of_the_plan(reason: str) -> bool:
    row = row_of(reason)
    return row is not None and row.step is Step.PLAN


def gravity(reason: str) -> int:
    row = row_of(reason)
    return GRAVEST_FIRST.index(row.step) if row else len(GRAVEST_FIRST)


def leads_to_connect(url: str) -> bool:
    """Whether an address leads to Smartcar's Connect, and nowhere else."""
    try:
        there, home = urlsplit(url), urlsplit(settings.SMARTCAR_ORIGINS["connect"])
    except ValueError:
        return False
    return bool(url) and (there.scheme, there.netloc) == (home.scheme, home.netloc)
