"""An owner came back from Connect: ask Smartcar which cars that means, and take them into the fleet."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from fleet.kit import clocks
from fleet.owners.models import Owner, new_external_id
from vehicles.consent import homecoming, mending, trading
from vehicles.domain import cadence, makes
from vehicles.line import gateway
from vehicles.models import ConnectAttempt, Connection, Generation, Grant, Vehicle
from vehicles.post import inbox
from vehicles.smartcar.errors import NeedsOwner, SmartcarProblem, TryLater
from vehicles.smartcar.resources import ConnectionSeen
from vehicles.waist import capabilities

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=7)
PAUSES = tuple(timedelta(seconds=s) for s in (2, 3, 5, 10, 20, 40, 80))


def sweep(*, now: datetime) -> int:
    """Look for the cars of every walk that has come back."""
    waiting = ConnectAttempt.objects.select_related("owner", "grant", "connection").filter(look_after__isnull=False)
    attempts = clocks.claim(waiting, "look_after", lease=LEASE, limit=10, now=now)
    for attempt in attempts:
        try:
            look(attempt, now)
        except Exception:  # one owner's oddity must not hold up the others
            log.exception("the cars of attempt %d could not be taken in", attempt.pk)
    return len(attempts)


def look(attempt: ConnectAttempt, now: datetime) -> None:
    is_mending = attempt.purpose == ConnectAttempt.Purpose.MEND
    try:
        is_there = mended(attempt, now) if is_mending else brought_in(attempt, now)
    except TryLater as wait:
        again(attempt, wait.after or PAUSES[-1], now)
        return
    except SmartcarProblem as problem:
        log.warning("what came of a walk could not be learnt: %s", problem)
        error = "code_refused" if isinstance(problem, NeedsOwner) else "smartcar_problem"
        end(attempt, ConnectAttempt.Stage.FAILED, error=error)
        return
    if is_there:
        return
    if attempt.looks < len(PAUSES):
        again(attempt, PAUSES[attempt.looks], now)
        return
    end(attempt, ConnectAttempt.Stage.FAILED, error="not_mended" if is_mending else "not_confirmed")


def brought_in(attempt: ConnectAttempt, now: datetime) -> bool:
    """Take in what Smartcar shows of this owner; False while it shows nothing."""
    ours = trading.seen(attempt, now) if attempt.generation == Generation.V2 else listed(attempt.owner)
    if not ours:
        return False
    vehicles, refused = take_in(attempt.owner, ours, now=now, grant=attempt.grant)
    attempt.vehicles.set(vehicles)
    attempt.refused = refused
    stage = ConnectAttempt.Stage.DONE if vehicles else ConnectAttempt.Stage.FAILED
    end(attempt, stage, error="" if vehicles else "held")
    return True


def mended(attempt: ConnectAttempt, now: datetime) -> bool:
    """A known car is to report again; False while Smartcar still wants the owner."""
    if not mending.is_mended(attempt.connection, now=now):
        return False
    attempt.vehicles.set(attempt.connection.vehicles.all())
    end(attempt, ConnectAttempt.Stage.DONE, error="")
    return True


def listed(owner: Owner) -> list[ConnectionSeen]:
    """The v3 connections of an owner."""
    seen = gateway.smartcar().connections(external_id=owner.external_id, mode=settings.SMARTCAR_MODE)
    ours = bearing(owner.external_id, seen)
    if len(ours) < len(seen):
        log.warning("%d connections do not bear the owner's id and are left alone", len(seen) - len(ours))
    return ours


def bearing(external_id: str, seen: list[ConnectionSeen]) -> list[ConnectionSeen]:
    """The connections that bear the owner's id.

    Where the list does not repeat the id, the filter has to be believed, and only if it filters: asked for an id
    that nobody has, it must show nothing.
    """
    ours = [one for one in seen if one.external_id == external_id]
    silent = [one for one in seen if one.external_id is None]
    if silent and not gateway.smartcar().connections(external_id=new_external_id(), mode=settings.SMARTCAR_MODE):
        ours += silent
    return ours


def again(attempt: ConnectAttempt, pause: timedelta, now: datetime) -> None:
    ConnectAttempt.objects.filter(pk=attempt.pk).update(looks=attempt.looks + 1)
    clocks.wind(attempt, "look_after", now + pause)


def end(attempt: ConnectAttempt, stage: str, *, error: str) -> None:
    attempt.stage, attempt.error, attempt.look_after, attempt.code = stage, error, None, ""
    attempt.save(update_fields=["stage", "error", "look_after", "refused", "code"])


@transaction.atomic
def take_in(
    owner: Owner, seen: list[ConnectionSeen], *, now: datetime, grant: Grant | None = None
) -> tuple[list[Vehicle], int]:
    """Connections become rows of this fleet. A car that another fleet holds is refused, without saying whose."""
    held = set(
        Vehicle.objects.filter(smartcar_id__in=[one.vehicle_id for one in seen])
        .exclude(fleet_id=owner.fleet_id)
        .values_list("smartcar_id", flat=True)
    )
    homecoming.make_way(owner, [one for one in seen if one.vehicle_id not in held], now=now)
    vehicles = []
    for one in seen:
        if one.vehicle_id in held:
            continue
        connection = take_connection(owner, one, grant, now)
        vehicles.append(take_vehicle(owner, connection, one, now))
    inbox.unpark([vehicle.smartcar_id for vehicle in vehicles], now=now)
    return vehicles, len(held)


def take_connection(owner: Owner, one: ConnectionSeen, grant: Grant | None, now: datetime) -> Connection:
    """One row a user and car, whichever generation brings it."""
    of_the_car = Q(smartcar_id=one.vehicle_id) | Q(vehicles__smartcar_id=one.vehicle_id)
    connection = (
        Connection.objects.filter(connection_id=one.id).first()
        or Connection.objects.filter(of_the_car, fleet_id=owner.fleet_id, user_id=one.user_id).first()
        or Connection()
    )
    speak(connection, one, grant, now)
    connection.fleet_id, connection.owner = owner.fleet_id, owner
    connection.user_id, connection.smartcar_id = one.user_id, one.vehicle_id
    connection.permissions = list(one.permissions)
    connection.state, connection.reason, connection.mend_url = Connection.State.CONNECTED, "", ""
    connection.misses, connection.state_since, connection.consented_at = 0, now, now
    connection.save()
    return connection


def speak(connection: Connection, one: ConnectionSeen, grant: Grant | None, now: datetime) -> None:
    """Which generation the row speaks from now on. What works by v3 is not taken back to v2 by a v2 consent."""
    is_known = connection.pk is not None
    was_v2 = is_known and connection.generation == Generation.V2
    if grant and is_known and not was_v2 and connection.state == Connection.State.CONNECTED:
        return
    connection.connection_id = one.id
    connection.generation = Generation.V2 if grant else Generation.V3
    if was_v2 and not grant:
        connection.move_after = now  # the old tokens are kept until v3 has told something of the car
    else:
        connection.grant, connection.move_after = grant, None


def take_vehicle(owner: Owner, connection: Connection, one: ConnectionSeen, now: datetime) -> Vehicle:
    identity = one.identity
    vehicle, made = Vehicle.objects.get_or_create(
        smartcar_id=one.vehicle_id,
        defaults={
            "fleet_id": owner.fleet_id,
            "name": " ".join(part for part in (makes.said(identity.make), identity.model) if part)[:70]
            or "New vehicle",
            "make": identity.make,
            "model": identity.model,
            "year": identity.year,
            "powertrain": identity.powertrain,
            "enrolled_at": now,
        },
    )
    if made:
        same = Vehicle.objects.filter(fleet_id=owner.fleet_id, name__startswith=vehicle.name).count()
        vehicle.name = f"{vehicle.name} {same:02d}"[:80] if same > 1 else vehicle.name
    vehicle.connection, vehicle.retired_at = connection, None
    vehicle.subscribe_after = vehicle.review_after = now
    vehicle.poll_after = now + cadence.FIRST  # the net hangs there whether or not the subscription comes about
    vehicle.hold, vehicle.hold_reason, vehicle.hold_until, vehicle.poll_failures = Vehicle.Hold.NONE, "", None, 0
    clocks = ["subscribe_after", "poll_after", "review_after"]
    holds = ["hold", "hold_reason", "hold_until", "poll_failures"]
    vehicle.save(update_fields=["name", "connection", "retired_at", *clocks, *holds])
    capabilities.consent_anew(connection, now=now)
    return vehicle
