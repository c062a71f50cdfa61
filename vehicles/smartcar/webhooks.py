"""The webhook protocol without the web: signatures, challenges, the keys of a delivery and what it tells."""

import hashlib
import hmac
import marshal
import re
from collections.abc import Iterable
from datetime import datetime

from vehicles.smartcar import legacy
from vehicles.smartcar.errors import Unreadable
from vehicles.smartcar.events import Event, EventKind, Keys
from vehicles.smartcar.payloads import read_identity, read_signals
from vehicles.smartcar.texts import parsed, read_id, read_text
from vehicles.smartcar.timestamps import read_past
from vehicles.smartcar.vehicle_errors import read_errors

# The answer to a challenge is made by the function that signs bodies. No body consists of these characters alone,
# so nobody can have one signed by calling it a challenge.
CHALLENGE = re.compile(r"[A-Za-z0-9._~+/=-]{8,256}")
FIRST_DELIVERY = "FIRST_DELIVERY"
LARGEST_SEQUENCE = 2**63 - 1


KINDS = {"VEHICLE_STATE": EventKind.STATE, "VEHICLE_ERROR": EventKind.ERROR, "VERIFY": EventKind.VERIFY}


def sign(token: str, raw: bytes) -> str:
    return hmac.digest(token.encode(), raw, "sha256").hex()


def is_signed(raw: bytes, signature: object, tokens: Iterable[str]) -> bool:
    """Whether one of the tokens signed these bytes."""
    return bool(signed_with(raw, signature, tokens))


def signed_with(raw: bytes, signature: object, tokens: Iterable[str]) -> str:
    """The token that signed these bytes, "" if none did. Every token is tried, so that time tells nothing."""
    given = signature.strip().lower() if isinstance(signature, str) else ""
    given = given.encode("ascii", "replace")
    found = ""
    for token in tokens:
        # An empty key is everybody's key.
        if token and hmac.compare_digest(sign(token, raw).encode(), given):
            found = found or token
    return found


def challenge_answer(token: str, challenge: str) -> str:
    return sign(token, challenge.encode())


def read_challenge(raw: bytes) -> str | None:
    """The challenge of a VERIFY, if it is one and is harmless to sign."""
    # Asked of every delivery, and nearly all are something else: those are not parsed for it.
    body = _parse(raw) if b'"challenge"' in raw else None
    if body is None:
        return None
    if _kind(body) is EventKind.VERIFY:
        holder = body.get("data")
    elif read_text(body.get("eventName"), 20).lower() == "verify":
        holder = body.get("payload")
    else:
        return None
    challenge = _dict(holder).get("challenge")
    return challenge if isinstance(challenge, str) and CHALLENGE.fullmatch(challenge) else None


def read_keys(raw: bytes) -> Keys | None:
    """The keys under which to keep a delivery; None if it has none of its own."""
    body = _parse(raw)
    if body is None:
        return None
    if legacy.is_legacy(body):
        return _legacy_keys(body)
    event_id = read_id(body.get("eventId"))
    if not event_id:
        return None
    # Everything else may change from one try to the next.
    digest = _digest([body.get("data"), body.get("triggers")])
    if digest is None:
        return None
    return Keys(
        event_id=event_id,
        webhook_id=read_id(_dict(body.get("meta")).get("webhookId")),
        kind=_kind(body),
        vehicle_id=_vehicle_id(body),
        data_digest=digest,
    )


def _legacy_keys(body: dict) -> Keys | None:
    """Only event-based ones have an id; the others are known by their content."""
    digest = _digest([legacy.name_of(body), body.get("payload")])
    if digest is None:
        return None
    return Keys(
        event_id=read_id(_dict(body.get("payload")).get("eventId")) or digest,
        webhook_id=read_id(body.get("webhookId")),
        kind=legacy.kind_of(body),
        vehicle_id=legacy.vehicle_id_of(body),
        data_digest=digest,
    )


def _digest(told: list) -> str | None:
    try:
        # Format 2 is fixed and has no back references: equal content, equal bytes. A seventh of the time of JSON,
        # where the door spends most of its own.
        content = marshal.dumps(told, 2)
    except ValueError:  # nested too deeply
        return None
    return hashlib.sha256(content).hexdigest()


def read_events(raw: bytes, *, now: datetime) -> tuple[Event, ...]:
    """Everything a delivery tells, in any dialect. One event, but for a legacy body: there one for each vehicle.

    Raises Unreadable if it is no event at all.
    """
    body = _parse(raw)
    if body is None:
        raise Unreadable("not a JSON object")
    if legacy.is_legacy(body):
        return legacy.read_legacy(body, now)
    return (_read_event(body, now),)


def _read_event(body: dict, now: datetime) -> Event:
    """A delivery in any dialect of 3.0 and 4.0."""
    kind = _kind(body)
    if kind is EventKind.UNKNOWN and not isinstance(body.get("eventType"), str):
        raise Unreadable("no event type")

    data, meta = _dict(body.get("data")), _dict(body.get("meta"))
    user = _dict(data.get("user"))
    delivered_at = read_past(meta.get("deliveredAt") or meta.get("deliveryTime"), now)
    sequence = _sequence(meta.get("sequence"))
    snapshot = None
    if kind is EventKind.STATE:
        snapshot = read_signals(
            data.get("signals"),
            now=now,
            identity=read_identity(data.get("vehicle")),
            sequence=sequence,
            delivered_at=delivered_at,
        )
    return Event(
        kind=kind,
        vehicle_id=_vehicle_id(body),
        user_id=read_id(user.get("id")),
        external_id=read_id(user.get("externalId")),
        test=read_text(meta.get("mode"), 10).upper() == "TEST",
        delivered_at=delivered_at,
        sequence=sequence,
        first=any(_is_first(trigger) for trigger in _list(data.get("triggers")) + _list(body.get("triggers"))),
        snapshot=snapshot,
        errors=read_errors(data.get("errors")) if kind is EventKind.ERROR else (),
    )


def _parse(raw: bytes) -> dict | None:
    try:
        body = parsed(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _kind(body: dict) -> EventKind:
    event_type = body.get("eventType")
    if isinstance(event_type, str):
        return KINDS.get(event_type.strip().upper(), EventKind.UNKNOWN)
    return EventKind.UNKNOWN


def _vehicle_id(body: dict) -> str:
    """At the top since 2026, before that only inside of the vehicle."""
    return read_id(body.get("vehicleId")) or read_id(_dict(_dict(body.get("data")).get("vehicle")).get("id"))


def _sequence(raw: object) -> int | None:
    return raw if type(raw) is int and 0 <= raw <= LARGEST_SEQUENCE else None


def _is_first(trigger: object) -> bool:
    if isinstance(trigger, dict):
        return FIRST_DELIVERY in (trigger.get("code"), trigger.get("type"))
    return trigger == FIRST_DELIVERY


def _dict(raw: object) -> dict:
    return raw if isinstance(raw, dict) else {}


def _list(raw: object) -> list:
    return raw if isinstance(raw, list) else []
