"""The walk through Smartcar Connect: out with a state that only this browser can bring back, and in again."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from fleet.owners.models import Owner, User
from vehicles import gateway
from vehicles.models import ConnectAttempt

LIFETIME = timedelta(minutes=15)


UNSPOKEN = re.compile("[^a-z_]")  # whatever else stands in an error code is none of Smartcar's


class BadState(Exception):
    """The answer does not belong to a walk that this person began here, or the walk is over."""


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(owner: Owner, *, by: User, session_key: str, now: datetime) -> str:
    """Start a walk for an owner. Returns Connect's address; only the hash of its state stays here."""
    state = secrets.token_urlsafe(32)
    ConnectAttempt.objects.create(
        fleet_id=owner.fleet_id,
        owner=owner,
        by=by,
        state_hash=digest(state),
        session_hash=digest(session_key),
        began_at=now,
        ends_at=now + LIFETIME,
    )
    return gateway.connect_url(state=state, external_id=owner.external_id)


@transaction.atomic
def come_back(params, *, by: User, session_key: str, now: datetime) -> ConnectAttempt:
    """Take the browser's answer. The state is used up before anything else happens.

    What the answer says of users and vehicles is a hint at most: Smartcar's own list of connections decides.
    """
    state = params.get("state") or ""
    away = ConnectAttempt.objects.select_for_update().filter(stage=ConnectAttempt.Stage.AWAY, by=by, purpose="connect")
    attempt = away.filter(state_hash=digest(state)).first()
    if attempt is None or not hmac.compare_digest(attempt.session_hash, digest(session_key)):
        raise BadState
    said = params.get("error") or ""
    error = said and (UNSPOKEN.sub("", said.lower())[:60] or "unknown")
    if now > attempt.ends_at:
        attempt.stage, attempt.error = ConnectAttempt.Stage.FAILED, "expired"
    elif error:
        attempt.stage, attempt.error = ConnectAttempt.Stage.FAILED, error
    else:
        attempt.stage, attempt.look_after = ConnectAttempt.Stage.LOOKING, now
    attempt.save(update_fields=["stage", "error", "look_after"])
    return attempt
