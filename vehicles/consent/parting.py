"""Letting go: done here at once, taken back at Smartcar by rows that try until it is done. History and plans stay."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from fleet.kit import clocks
from vehicles.line import budget, gateway
from vehicles.line.credentials import application
from vehicles.models import Connection, Generation, Parting, Vehicle
from vehicles.models.connection import PARTED
from vehicles.smartcar.errors import NeedsOwner, NotThere, SmartcarProblem, TryLater
from vehicles.smartcar.v2 import management

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=12)  # unsubscribing by v3 is a list and a call, each as slow as Smartcar allows
MOST = 40
LADDER = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1_440))
KEPT = timedelta(days=90)
TRIES = 40  # more than a month of days, then a person has to look
STILL = ("poll_after", "subscribe_after", "subscribed_at", "subscription_listed_at", "hold_until", "lost_since")


@transaction.atomic
def part(connection: Connection, *, now: datetime) -> None:
    """Disconnected from this moment on, whatever Smartcar answers later. The cars keep what they have told."""
    car_id = connection.car_id
    lose(connection, PARTED, now=now)
    for what in (Parting.What.UNSUBSCRIBE, Parting.What.DISCONNECT):
        take_back(connection, what, car_id, now)


@transaction.atomic
def lose(connection: Connection, reason: str, *, now: datetime) -> None:
    """The consent is no more, and nobody is asked to mend it: clocks stand still, history and plans stay."""
    cars = list(Vehicle.objects.select_for_update(of=("self",)).filter(connection=connection))
    car_id = connection.car_id
    connection.turn(Connection.State.DISCONNECTED, reason, now)
    Connection.objects.filter(pk=connection.pk).update(mend_url="", move_after=None, misses=0, smartcar_id=car_id)
    if not go_on_with_another(connection, car_id, cars, now):
        be_still(cars, now)


def go_on_with_another(connection: Connection, car_id: str, cars: list[Vehicle], now: datetime) -> bool:
    """A car that two owners connected stays connected through the other one."""
    others = Connection.objects.filter(fleet_id=connection.fleet_id, state=Connection.State.CONNECTED)
    other = others.exclude(pk=connection.pk).filter(smartcar_id=car_id).first() if car_id else None
    if other is None or not cars:
        return False
    pks = [car.pk for car in cars]
    Vehicle.objects.filter(pk__in=pks).update(connection=other, subscribe_after=now, poll_after=now, review_after=now)
    return True


def be_still(cars: list[Vehicle], now: datetime) -> None:
    """Nobody asks these cars any more. What was known of them is judged once more."""
    pks = [car.pk for car in cars]
    Vehicle.objects.filter(pk__in=pks).update(
        **dict.fromkeys(STILL), hold=Vehicle.Hold.NONE, poll_failures=0, review_after=now
    )


@transaction.atomic
def retire(vehicle: Vehicle, *, now: datetime) -> bool:
    """Take a vehicle out of service. Its name at Smartcar is free for whoever connects it next; its history stays.

    False if it was retired already.
    """
    if not Vehicle.objects.active().filter(pk=vehicle.pk).update(retired_at=now):
        return False
    vehicle.refresh_from_db()
    # The connection goes on to know the name, so that the car is known again when it comes back to this fleet.
    Connection.objects.filter(pk=vehicle.connection_id, smartcar_id="").update(smartcar_id=vehicle.smartcar_id or "")
    of_the_car = Q(pk=vehicle.connection_id)
    if vehicle.smartcar_id:
        of_the_car |= Q(fleet_id=vehicle.fleet_id, smartcar_id=vehicle.smartcar_id)
    standing = Connection.objects.filter(of_the_car).exclude(state=Connection.State.DISCONNECTED)
    for connection in standing:
        part(connection, now=now)
    be_still([vehicle], now)
    Vehicle.objects.filter(pk=vehicle.pk).update(smartcar_id=None, connection_id=vehicle.connection_id)
    return True


def take_back(connection: Connection, what: str, car_id: str, now: datetime) -> None:
    open_already = Parting.objects.filter(
        what=what, user_id=connection.user_id, smartcar_id=car_id, done_at=None, after__isnull=False
    )
    if open_already.exists():
        return
    Parting.objects.create(
        fleet_id=connection.fleet_id,
        what=what,
        generation=connection.generation,
        grant_id=connection.grant_id,
        connection_id=connection.connection_id,
        user_id=connection.user_id,
        smartcar_id=car_id,
        began_at=now,
        after=now,
    )


def call_off(user_id: str, car_id: str, *, now: datetime) -> None:
    """Smartcar still delivers for a car that nobody here looks after. Once a day is enough to say so."""
    lately = Q(after__isnull=False) | Q(done_at__gte=now - timedelta(hours=20))
    what = Parting.What.UNSUBSCRIBE
    if not Parting.objects.filter(lately, what=what, user_id=user_id, smartcar_id=car_id).exists():
        Parting.objects.create(what=what, user_id=user_id, smartcar_id=car_id, began_at=now, after=now)


def sweep(*, now: datetime) -> int:
    """Take back at Smartcar what was let go here, one claim after the other: a call may take minutes."""
    if not gateway.is_set_up():
        return 0
    waiting = Parting.objects.select_related("grant").filter(after__isnull=False, done_at=None)
    done = 0
    while done < MOST and (rows := clocks.claim(waiting, "after", lease=LEASE, limit=1, now=now, attempts="attempts")):
        try:
            settle(rows[0], now)
        except Exception as error:  # one oddity must not hold up the others
            log.exception("parting %d put back", rows[0].pk)
            put_back(rows[0], type(error).__name__, now)
        done += 1
    return done


def settle(parting: Parting, now: datetime) -> None:
    """One step. Gone already is as good as done."""
    try:
        with suppress(NotThere):
            call(parting)
    except SmartcarProblem as problem:
        put_back(parting, str(problem), now, asked_for=problem.after if isinstance(problem, TryLater) else None)
        return
    if not Parting.objects.filter(pk=parting.pk, done_at=None).update(done_at=now, after=None, error=""):
        log.warning("parting %d was called off while it was under way", parting.pk)


def call(parting: Parting) -> None:
    line = gateway.line(as_it_was(parting))
    if parting.what == Parting.What.UNSUBSCRIBE:
        line.unsubscribe(settings.SMARTCAR_WEBHOOK_ID, parting.smartcar_id)
        return
    try:
        line.disconnect(parting.connection_id, parting.smartcar_id)
    except NeedsOwner:
        if parting.generation != Generation.V2:
            raise
        # The grant is dead. The application may still give the consent back in its own name.
        token = next(iter(settings.SMARTCAR_MANAGEMENT_TOKENS), "")
        budget.spend()
        management.disconnect(application(), token, user_id=parting.user_id, vehicle_id=parting.smartcar_id)


def as_it_was(parting: Parting) -> Connection:
    """The connection that is being given back; its own row may speak for another consent by now."""
    names = ("fleet_id", "connection_id", "user_id", "smartcar_id", "generation", "grant")
    return Connection(**{name: getattr(parting, name) for name in names})


def put_back(parting: Parting, why: str, now: datetime, asked_for: timedelta | None = None) -> None:
    Parting.objects.filter(pk=parting.pk, done_at=None).update(error=why[:200])
    if parting.attempts >= TRIES:
        log.error("parting %d is given up after %d tries", parting.pk, parting.attempts)
        clocks.wind(parting, "after", None)
        return
    rest = LADDER[min(parting.attempts, len(LADDER)) - 1]
    clocks.wind(parting, "after", now + max(rest, asked_for or rest))


def try_again(parting: Parting, *, now: datetime) -> None:
    """A person has looked: begin with the ladder anew."""
    Parting.objects.filter(pk=parting.pk, done_at=None).update(after=now, attempts=0)


def forget(*, now: datetime) -> int:
    """What was taken back long ago names users and cars that are no longer anybody's business here."""
    return Parting.objects.filter(done_at__lt=now - KEPT).delete()[0]
