"""The walk through Smartcar Connect: out with a state that only this browser can bring back, and in again."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from fleet.kit import sealing
from fleet.owners.models import Owner, User
from vehicles.line import gateway, grants
from vehicles.models import ConnectAttempt, Connection, Generation, Terms
from vehicles.smartcar.error_table import WANTS_CONSENT

Purpose = ConnectAttempt.Purpose
LIFETIME = timedelta(minutes=15)
LONGEST_CODE = 2_000
NEEDS_NEW_CONSENT = WANTS_CONSENT | {grants.OVER}
UNSPOKEN = re.compile("[^a-z_]")  # whatever else stands in an error code is none of Smartcar's


class BadState(Exception):
    """The answer does not belong to a walk that this person began here, or the walk is over."""


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(owner: Owner, *, by: User, session_key: str, now: datetime) -> str:
    """Start a walk for an owner. Returns Connect's address."""
    wanted = Terms.of_id(owner.fleet_id).generation
    generation = wanted if wanted == Generation.V3 or gateway.speaks_v2() else Generation.V3
    state = keep_attempt(owner, by, session_key, now, generation=generation)
    return gateway.connect_url(generation, state=state, external_id=owner.external_id)


def mend(connection: Connection, *, by: User, session_key: str, now: datetime) -> str:
    """Start a walk that mends a known connection: re-authentication, or a new consent where that would not do."""
    owner, generation = connection.owner, connection.generation
    if not fits_reauthentication(connection):
        return begin(owner, by=by, session_key=session_key, now=now)
    state = keep_attempt(
        owner, by, session_key, now, generation=generation, purpose=Purpose.MEND, connection=connection
    )
    return gateway.mend_url(connection, state=state, external_id=owner.external_id)


def fits_reauthentication(connection: Connection) -> bool:
    """Re-authentication renews the sign-in at the maker. It widens no consent, and brings back none that is gone."""
    if not connection.car_id or connection.state == Connection.State.DISCONNECTED:
        return False
    if connection.reason in NEEDS_NEW_CONSENT:
        return False
    grant = connection.grant
    return connection.generation == Generation.V3 or (grant is not None and grant.dead_at is None)


def keep_attempt(owner: Owner, by: User, session_key: str, now: datetime, **about) -> str:
    """The walk as a row. Only the hash of its state stays here; the state itself goes out with the browser."""
    state = secrets.token_urlsafe(32)
    ConnectAttempt.objects.create(
        fleet_id=owner.fleet_id,
        owner=owner,
        by=by,
        state_hash=digest(state),
        session_hash=digest(session_key),
        began_at=now,
        ends_at=now + LIFETIME,
        **about,
    )
    return state


@transaction.atomic
def come_back(params, *, by: User, session_key: str, now: datetime) -> ConnectAttempt:
    """Take the browser's answer. The state is used up before anything else happens.

    What the answer says of users and vehicles is a hint at most: Smartcar's own list of connections decides.
    """
    state = params.get("state") or ""
    away = ConnectAttempt.objects.select_for_update(of=("self",)).filter(stage=ConnectAttempt.Stage.AWAY, by=by)
    attempt = away.filter(state_hash=digest(state), purpose__in=Purpose).select_related("connection").first()
    if attempt is None or not hmac.compare_digest(attempt.session_hash, digest(session_key)):
        raise BadState
    said = params.get("error") or ""
    error = said and (UNSPOKEN.sub("", said.lower())[:60] or "unknown")
    if now > attempt.ends_at:
        attempt.stage, attempt.error = ConnectAttempt.Stage.FAILED, "expired"
    elif error:
        attempt.stage, attempt.error = ConnectAttempt.Stage.FAILED, error
    elif amiss := unusable(attempt, params):
        attempt.stage, attempt.error = ConnectAttempt.Stage.FAILED, amiss
    else:
        attempt.stage, attempt.look_after = ConnectAttempt.Stage.LOOKING, now
        attempt.code = sealing.seal(params["code"]) if trades_a_code(attempt) else ""
    attempt.save(update_fields=["stage", "error", "look_after", "code"])
    return attempt


def trades_a_code(attempt: ConnectAttempt) -> bool:
    return attempt.generation == Generation.V2 and attempt.purpose == Purpose.CONNECT


def unusable(attempt: ConnectAttempt, params) -> str:
    """Why a yes is none: it brings no code to trade in, or it is about another car than the one to mend."""
    code, about = params.get("code") or "", params.get("vehicle_id") or ""
    if trades_a_code(attempt) and not 0 < len(code) <= LONGEST_CODE:
        return "no_code"
    if attempt.purpose == Purpose.MEND and about not in ("", attempt.connection.car_id):
        return "another_car"
    return ""
