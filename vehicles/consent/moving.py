"""From v2 to v3, one connection after the other: nothing is let go before its successor has proved itself.

`Connection.move_after` is the clock. A v2 connection with a clock waits to be moved; a v3 one with a clock has moved,
and still keeps its v2 grant until v3 has told something of the car.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from fleet.kit import clocks
from fleet.owners import pulse
from fleet.owners.models import Fleet, User
from vehicles.consent import mending, trading
from vehicles.line import gateway
from vehicles.models import Connection, Generation, Terms
from vehicles.smartcar.error_table import row_of
from vehicles.smartcar.errors import SmartcarProblem, TryLater
from vehicles.smartcar.resources import ConnectionSeen

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=20)  # a list and two reads, each as slow as Smartcar allows
FIRST_LOOK = timedelta(minutes=5)  # by then v3 has mostly delivered
SOON = timedelta(minutes=15)
LATER = timedelta(hours=6)
TOMORROW = timedelta(days=1)
MOST = 20

NOT_LISTED = "v3 does not list this car yet"
NOTHING_YET = "v3 knows the car and has told nothing of it yet"
HELD = "v3 lists it under another connection"


def begin(fleet: Fleet, *, now: datetime) -> int:
    """From now on the fleet consents by v3, and what it has on v2 is moved. How many connections that are."""
    anew = {"generation": Generation.V3, "move_stopped_at": None, "move_stopped_by": None}
    Terms.objects.update_or_create(fleet=fleet, defaults=anew)
    old = Connection.objects.for_fleet(fleet).filter(generation=Generation.V2)
    old = old.exclude(state=Connection.State.DISCONNECTED)
    return old.update(move_after=now, moves=0, move_note="")


@transaction.atomic
def stop(fleet: Fleet, *, by: User, now: datetime) -> int:
    """What waits for its move stays on v2 until somebody begins anew. How many stay.

    What has moved goes on to prove itself, and stays on v2 where v3 fails it. The one that is being moved at this
    moment is moved to the end: between two generations it would have no line.
    """
    Terms.objects.update_or_create(fleet=fleet, defaults={"move_stopped_at": now, "move_stopped_by": by})
    waiting = Connection.objects.for_fleet(fleet).filter(generation=Generation.V2, move_after__isnull=False)
    return waiting.update(move_after=None, moves=0, move_note="")


def sweep(*, now: datetime, most: int = MOST) -> int:
    """Move whose time has come, one claim after the other."""
    waiting = Connection.objects.select_related("grant").filter(move_after__isnull=False)
    done = 0
    while done < most and (rows := clocks.claim(waiting, "move_after", lease=LEASE, limit=1, now=now)):
        done += 1
        try:
            step = forward if rows[0].generation == Generation.V2 else settle
            step(rows[0], now)
        except TryLater as wait:
            later(rows[0], rows[0].move_note, now + (wait.after or SOON))
            if wait.scope == "app":
                break  # the others would hear the same
        except SmartcarProblem as problem:
            log.warning("connection %d stays on v2 for now: %s", rows[0].pk, problem)
            later(rows[0], said(problem), now + TOMORROW)
        except Exception:  # one oddity must not hold up the others; the lease tries it again
            log.exception("connection %d could not be moved", rows[0].pk)
        pulse.beat([rows[0].fleet_id])
    return done


def forward(connection: Connection, now: datetime) -> None:
    """If v3 lists the car for the same user and can read it, the connection speaks v3 from now on."""
    listed = gateway.smartcar().connections(user_id=connection.user_id, mode=settings.SMARTCAR_MODE)
    car_id = connection.car_id
    found = next((one for one in listed if (one.user_id, one.vehicle_id) == (connection.user_id, car_id)), None)
    if found is None:
        later(connection, NOT_LISTED, now + LATER)
        return
    gateway.by_v3(connection).read(car_id, now)
    if Connection.objects.filter(connection_id=found.id).exists():
        later(connection, HELD, now + TOMORROW)
        return
    flip(connection, found, now)


@transaction.atomic
def flip(connection: Connection, found: ConnectionSeen, now: datetime) -> None:
    """The vehicle, its history and its plans hang on the same row as before."""
    same = Connection.objects.filter(pk=connection.pk, generation=Generation.V2)
    moved = same.update(
        generation=Generation.V3,
        connection_id=found.id,
        smartcar_id=found.vehicle_id,
        permissions=list(found.permissions) or connection.permissions,
        moves=0,
        move_note="",
        move_after=now + FIRST_LOOK if connection.grant_id else None,
    )
    if moved:
        mending.take_up(connection, now)


def settle(connection: Connection, now: datetime) -> None:
    """The first good v3 read lets the v2 grant go. If v3 fails where v2 still works, it is v2 again."""
    car_id = connection.car_id
    try:
        snapshot = gateway.by_v3(connection).read(car_id, now)
    except TryLater:
        raise
    except SmartcarProblem as problem:
        gateway.by_v2(connection).read(car_id, now)
        back(connection, said(problem), now)
        return
    if not snapshot.measurements:
        later(connection, NOTHING_YET, now + LATER)
        return
    Connection.objects.filter(pk=connection.pk).update(grant=None, move_note="")
    clocks.wind(connection, "move_after", None)


@transaction.atomic
def back(connection: Connection, note: str, now: datetime) -> None:
    """It speaks v2 again, and tries the move tomorrow, unless somebody stopped it: whoever commits first is heard."""
    terms = Terms.objects.select_for_update().filter(fleet=connection.fleet_id).first()
    is_stopped = terms is not None and terms.move_stopped_at is not None
    Connection.objects.filter(pk=connection.pk).update(
        generation=Generation.V2, connection_id=trading.connection_id(connection.user_id, connection.car_id)
    )
    mending.take_up(connection, now)
    later(connection, note, None if is_stopped else now + TOMORROW)


def later(connection: Connection, note: str, moment: datetime | None) -> None:
    Connection.objects.filter(pk=connection.pk).update(moves=connection.moves + 1, move_note=note[:80])
    clocks.wind(connection, "move_after", moment)


def said(problem: SmartcarProblem) -> str:
    """Smartcar's name for it, or our words; neither is a secret or a value of the car."""
    return problem.name or problem.detail


def progress(fleet: Fleet) -> dict | None:
    """How far the fleet is; None where there is nothing of v2 any more, or never was."""
    rows = Connection.objects.for_fleet(fleet).exclude(state=Connection.State.DISCONNECTED)
    on_v2, on_v3 = Q(generation=Generation.V2), Q(generation=Generation.V3)
    if not rows.filter(on_v2 | Q(grant__isnull=False)).exists():
        return None
    told = rows.aggregate(
        on_v2=Count("pk", filter=on_v2 & Q(move_after=None)),
        waiting=Count("pk", filter=on_v2 & Q(move_after__isnull=False)),
        proving=Count("pk", filter=on_v3 & Q(grant__isnull=False)),
        moved=Count("pk", filter=on_v3 & Q(grant=None)),
        all=Count("pk"),
        # The same of each, so that the stop costs no question of its own.
        stopped_at=Max("fleet__terms__move_stopped_at"),
        stopped_by=Max("fleet__terms__move_stopped_by__name"),
        stopped_from=Max("fleet__terms__move_stopped_by__email"),
    )
    if told["moved"] == told["all"]:
        return None
    is_under_way = told["waiting"] > 0 or told["proving"] > 0
    held_up, stayed = noted(rows.filter(on_v2)) if told["on_v2"] or told["waiting"] else ([], [])
    return told | {
        "is_under_way": is_under_way,
        "may_stop": told["waiting"] > 0 or (is_under_way and told["stopped_at"] is None),
        "held_up": held_up,
        "stayed": stayed,
        "stopped_by": told["stopped_by"] or told["stopped_from"],
    }


def noted(connections: QuerySet[Connection]) -> tuple[list[dict], list[dict]]:
    """Those that could not go over, each with its car and the reason: who will be tried again, and who will not."""
    again, stays = [], []
    notes = connections.exclude(move_note="").order_by("pk").values_list("move_note", "move_after", "vehicles__name")
    for note, after, car in notes[:MOST]:
        (again if after else stays).append({"why": cause_of(note), "car": car or "a car that is gone"})
    return again, stays


def cause_of(note: str) -> str:
    """Smartcar's codes as people read them; our own notes are words already."""
    row = row_of(note)
    return row.cause if row else note.replace("_", " ")
