"""Connections and subscriptions as Smartcar lists them."""

from dataclasses import dataclass

from vehicles.domain.measurements import Identity
from vehicles.smartcar.payloads import read_identity
from vehicles.smartcar.texts import read_id


@dataclass(frozen=True, slots=True)
class ConnectionSeen:
    """`external_id` is the owner's id that we sent along; None where the list does not repeat it."""

    id: str
    user_id: str
    vehicle_id: str
    external_id: str | None
    permissions: tuple[str, ...]
    identity: Identity


@dataclass(frozen=True, slots=True)
class SubscriptionSeen:
    id: str
    webhook_id: str
    user_id: str
    vehicle_id: str


def read_connection(raw: object) -> ConnectionSeen | None:
    """None for one that names no connection or no vehicle."""
    about = _dict(_dict(raw).get("attributes"))
    seen = ConnectionSeen(
        id=read_id(_dict(raw).get("id")),
        user_id=_related(raw, "user"),
        vehicle_id=_related(raw, "vehicle"),
        external_id=_external_id(raw),
        permissions=tuple(filter(None, map(read_id, _list(about.get("permissions"))))),
        identity=read_identity(about.get("vehicle")),
    )
    return seen if seen.id and seen.vehicle_id else None


def read_subscription(raw: object) -> SubscriptionSeen | None:
    seen = SubscriptionSeen(
        id=read_id(_dict(raw).get("id")),
        webhook_id=_related(raw, "webhook"),
        user_id=_related(raw, "user"),
        vehicle_id=_related(raw, "vehicle"),
    )
    return seen if seen.id else None


def _related(raw: object, name: str) -> str:
    relation = _dict(_dict(_dict(raw).get("relationships")).get(name))
    return read_id(_dict(relation.get("data")).get("id")) or read_id(
        _dict(_dict(raw).get("attributes")).get(f"{name}Id")
    )


def _external_id(raw: object) -> str | None:
    """No page shows where the list repeats it, so every place a user is described is looked at."""
    about = _dict(_dict(raw).get("attributes"))
    user = _dict(_dict(_dict(_dict(raw).get("relationships")).get("user")).get("data"))
    for place in (_dict(about.get("user")), about, user, _dict(user.get("attributes"))):
        if external_id := read_id(place.get("externalId")):
            return external_id
    return None


def _dict(raw: object) -> dict:
    return raw if isinstance(raw, dict) else {}


def _list(raw: object) -> list:
    return raw if isinstance(raw, list) else []
