"""The tokens of v2: good whenever a call needs one, renewed by one worker at a time, never lost.

A renewal is a lease, a call and a write. The lease is committed before the call, is drawn out while the call is under
way, and winds the row's clock as well: if its holder dies, the sweep renews again within seconds, while Smartcar still
takes the old refresh token. That may be a minute, in which several holders may die one after the other.
"""

import logging
import random
import time
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from fleet.kit import sealing
from fleet.owners.models import Owner
from vehicles.line import credentials
from vehicles.models import ConnectAttempt, Connection, Generation, Grant, Parting, Vehicle
from vehicles.smartcar.errors import SmartcarProblem, TryLater
from vehicles.smartcar.v2 import tokens

log = logging.getLogger(__name__)

EARLY = timedelta(minutes=2)  # a token that ends sooner might end under way
LEASE = timedelta(seconds=8)
DRAW_OUT_SECONDS = 2
KEEP_ALIVE = timedelta(days=45)  # unused, a refresh token dies after 60
DROP_AFTER = timedelta(days=1)
PATIENCE_SECONDS = 12  # how long a caller waits for whoever renews
FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=10)
SWEEP_SECONDS = 20
MOST = 40
OVER = "GRANT_DEAD"


def keep(owner: Owner, pair: tokens.TokenPair, *, now: datetime) -> Grant:
    """A new grant: the pair that a consent was traded for."""
    return Grant.objects.create(fleet_id=owner.fleet_id, owner=owner, **columns(pair, now))


def columns(pair: tokens.TokenPair, now: datetime) -> dict:
    return {
        "access": sealing.seal(pair.access),
        "refresh": sealing.seal(pair.refresh),
        "access_until": now + timedelta(seconds=pair.expires_in),
        "renewed_at": now,
        "renew_after": now + KEEP_ALIVE,
        "leased_until": None,
        "failures": 0,
        "dead_at": None,
    }


def bearer(grant: Grant | None) -> str:
    """An access token that is good now. GrantDead when it is over, TryLater while it cannot be renewed."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while True:
        now = timezone.now()  # the client's doorstep: there is nobody above to hand the time in
        row = Grant.objects.filter(pk=grant.pk).first() if grant else None
        if row is None or row.dead_at:
            raise tokens.GrantDead(OVER, detail="the grant is over")
        if row.access_until > now + EARLY:
            return sealing.unseal(row.access)
        if rests(row, now):
            raise TryLater(row.renew_after - now, scope="connection", detail="the grant could not be renewed just now")
        if take(row, now):
            return renew(row, now)
        if time.monotonic() > patience:
            raise TryLater(LEASE, scope="connection", detail="the grant is being renewed elsewhere")
        time.sleep(random.uniform(0.05, 0.25))  # noqa: S311  (so that waiters do not ask in step)


def rests(grant: Grant, now: datetime) -> bool:
    return grant.failures > 0 and grant.leased_until is None and grant.renew_after > now


def take(grant: Grant, now: datetime) -> bool:
    """The lease, committed: durable, so that it cannot hide in a transaction that is still open during the call."""
    until = now + LEASE
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    with transaction.atomic(durable=True):
        same = Grant.objects.filter(free, pk=grant.pk, version=grant.version, dead_at=None)
        taken = same.update(leased_until=until, renew_after=until) == 1
    grant.leased_until = grant.renew_after = until
    return taken


def renew(grant: Grant, now: datetime) -> str:
    """Trade the refresh token in, with the lease in hand. Returns the new access token."""
    try:
        pair = call(grant)
    except tokens.GrantDead:
        newer = Grant.objects.get(pk=grant.pk)
        if newer.version == grant.version:
            bury(grant, now)
            raise
        return sealing.unseal(newer.access)  # another was faster; ours was the token of yesterday
    except (SmartcarProblem, sealing.Sealed) as problem:
        rest(grant, problem)
        raise
    held = Grant.objects.filter(pk=grant.pk, version=grant.version)
    if not held.update(**columns(pair, now), version=F("version") + 1):
        # Two pairs are out, and which of them Smartcar will go on taking nobody says. A third, bought with the one
        # that is kept while its grace lasts, is newer than both.
        log.warning("grant %d was renewed twice at once", grant.pk)
        Grant.objects.filter(pk=grant.pk, dead_at=None).update(renew_after=now)
    return pair.access


def call(grant: Grant) -> tokens.TokenPair:
    """The call in a thread of its own, so that this one can hold on to the lease. Slow calls are no dead ones."""
    with ThreadPoolExecutor(1, thread_name_prefix="renew") as pool:
        answer = pool.submit(tokens.refresh, credentials.application(), sealing.unseal(grant.refresh))
        while not wait([answer], DRAW_OUT_SECONDS).done:
            draw_out(grant)
        return answer.result()


def draw_out(grant: Grant) -> None:
    """Nothing happens if the lease was lost meanwhile: the write is guarded by the version."""
    until = timezone.now() + LEASE
    mine = Grant.objects.filter(pk=grant.pk, version=grant.version, leased_until=grant.leased_until)
    if mine.update(leased_until=until, renew_after=until):
        grant.leased_until = grant.renew_after = until


def rest(grant: Grant, problem: Exception) -> None:
    """Give the lease back and try again soon: an answer that was lost on the way may have used the token up."""
    log.warning("grant %d could not be renewed: %s", grant.pk, problem)
    pause = min(FIRST_REST * 2 ** min(grant.failures, 10), LONGEST_REST)
    if isinstance(problem, TryLater) and problem.after:
        pause = max(pause, problem.after)
    mine = Grant.objects.filter(pk=grant.pk, version=grant.version, leased_until=grant.leased_until)
    mine.update(leased_until=None, failures=F("failures") + 1, renew_after=timezone.now() + pause)


@transaction.atomic
def bury(grant: Grant, now: datetime) -> None:
    """Smartcar takes the token no more, and it is the newest there is: only the owner can give another."""
    mine = Grant.objects.filter(pk=grant.pk, version=grant.version, leased_until=grant.leased_until)
    if not mine.update(dead_at=now, leased_until=None, renew_after=None):
        return  # the lease ran out and somebody else is at it: theirs is the last word
    bereft = Connection.objects.filter(grant=grant, generation=Generation.V2)
    bereft = bereft.exclude(state=Connection.State.DISCONNECTED)
    for connection in bereft:
        connection.turn(Connection.State.NEEDS_OWNER, OVER, now)
    Vehicle.objects.filter(connection__in=bereft).update(poll_after=None, subscribe_after=None, review_after=now)


def distrust(grant: Grant, access: str) -> None:
    """Smartcar did not take this access token although its time is not up: have the next caller renew it."""
    row = Grant.objects.filter(pk=grant.pk).first()
    if row is not None and sealing.unseal(row.access) == access:
        Grant.objects.filter(pk=row.pk, version=row.version).update(access_until=timezone.now())


def drop_unused(*, now: datetime) -> int:
    """Tokens that no connection, no walk and no parting needs are forgotten here, a day after."""
    needed = (
        Connection.objects.filter(grant=OuterRef("pk")),
        ConnectAttempt.objects.filter(grant=OuterRef("pk"), stage=ConnectAttempt.Stage.LOOKING),
        Parting.objects.filter(grant=OuterRef("pk"), done_at=None),
    )
    idle = Grant.objects.filter(renewed_at__lt=now - DROP_AFTER)
    return idle.exclude(reduce(or_, map(Exists, needed))).delete()[0]


def sweep(*, now: datetime) -> int:
    """Renew what nobody has used for long, and what a dead worker left half renewed."""
    drop_unused(now=now)
    due = Grant.objects.filter(dead_at=None, renew_after__lte=now).order_by("renew_after")
    end = time.monotonic() + SWEEP_SECONDS
    done = 0
    for grant in due[:MOST]:
        moment = timezone.now()  # the lease counts from the call, and each call takes its time
        if time.monotonic() > end:
            break
        if not take(grant, moment):
            continue
        try:
            renew(grant, moment)
        except TryLater:
            break  # the others would wait for the same host
        except (SmartcarProblem, sealing.Sealed):
            continue  # told and put off already, and the next is another owner's
        done += 1
    return done
