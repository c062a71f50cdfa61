"""Scenes that many tests play in: a fleet with people, a car, and what its maker would send."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid5

from django.conf import settings

from fleet.owners.models import Fleet, Membership, Owner, Role, User
from tests import plan
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import Connection, Vehicle
from vehicles.smartcar import webhooks

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
PASSWORD = "a-long-pass-phrase"
NAMESPACE = UUID("6f6f2b1e-5c1c-4a53-9d29-0f5f2a7f6a11")
numbers = count(1)


def unique(word: str) -> str:
    return str(uuid5(NAMESPACE, f"{word}-{next(numbers)}"))


def a_fleet(name: str = "Northgate", **fields) -> Fleet:
    fleet = Fleet.objects.create(name=name, **{"settled_at": NOON} | fields)
    plan.lay(fleet)
    return fleet


def a_member(fleet: Fleet, role: Role = Role.MANAGER, email: str = "", *, password: str | None = None) -> Membership:
    """Without a password, which takes a third of a second to hash: most tests sign in by force."""
    email = email or f"{role}-{next(numbers)}@fleet.example"
    user = User.objects.create_user(email, password, name=f"{role.title()} Person")
    return Membership.objects.create(user=user, fleet=fleet, role=role)


def a_car(fleet: Fleet, *, connected: bool = True, **fields) -> Vehicle:
    fields = {"name": f"Van {next(numbers):02d}", "make": "Ford", "model": "Transit", "year": 2021} | fields
    fields = {"powertrain": "ICE", "smartcar_id": unique("car")} | fields
    vehicle = Vehicle.objects.create(fleet=fleet, **fields)
    if connected:
        owner, _ = Owner.objects.get_or_create(fleet=fleet, name="Halifax Leasing")
        vehicle.connection = Connection.objects.create(
            fleet=fleet,
            owner=owner,
            connection_id=unique("connection"),
            user_id=unique("user"),
            consented_at=NOON - timedelta(days=400),
            state_since=NOON - timedelta(days=400),
        )
        vehicle.save()
    return vehicle


def odometer(km: float, *, at: datetime, sequence: int | None = None) -> Measurement:
    return Measurement(Signal.ODOMETER, km, measured_at=at, fetched_at=at, sequence=sequence)


def oil(percent: float, *, at: datetime) -> Measurement:
    return Measurement(Signal.OIL_LIFE, percent, measured_at=at, fetched_at=at)


def codes(*found: str, at: datetime) -> Measurement:
    value = [{"code": code, "since": None} for code in sorted(found)]
    return Measurement(Signal.TROUBLE_CODES, value, measured_at=at, fetched_at=at)


def a_signal(code: str, body: dict, *, at: datetime) -> dict:
    group, _, name = code.partition("-")
    stamp = int(at.timestamp() * 1000)
    return {
        "code": code,
        "name": name.title(),
        "group": group.title(),
        "body": body,
        "status": {"value": "SUCCESS"},
        "meta": {"oemUpdatedAt": stamp, "retrievedAt": stamp + 4_000},
    }


def a_delivery(vehicle_id: str, signals: list[dict], *, at: datetime, event_id: str = "", **meta) -> bytes:
    """A body in the current dialect, as raw bytes."""
    content = {
        "eventId": event_id or unique("event"),
        "eventType": "VEHICLE_STATE",
        "vehicleId": vehicle_id,
        "data": {
            "user": {"id": "user-of-tests", "externalId": "owner-of-tests"},
            "vehicle": {"id": vehicle_id, "make": "FORD", "model": "Transit", "year": 2021, "mode": "live"},
            "triggers": [{"code": signal["code"]} for signal in signals[:1]],
            "signals": signals,
        },
        "meta": {
            "version": "4.0",
            "webhookId": settings.SMARTCAR_WEBHOOK_ID,
            "deliveryId": unique("delivery"),
            "deliveredAt": int(at.timestamp() * 1000),
            "sequence": int(at.timestamp() * 1000),
            "mode": "LIVE",
        }
        | meta,
    }
    return json.dumps(content).encode()


def state_of(vehicle_id: str, *, km: float, oil: float | None = None, at: datetime, **meta) -> bytes:
    signals = [a_signal("odometer-traveleddistance", {"value": km, "unit": "km"}, at=at)]
    if oil is not None:
        signals.append(a_signal("internalcombustionengine-oillife", {"value": oil, "unit": "percent"}, at=at))
    return a_delivery(vehicle_id, signals, at=at, **meta)


def signature(body: bytes) -> str:
    return webhooks.sign(settings.SMARTCAR_MANAGEMENT_TOKENS[0], body)


def post(client, body: bytes, *, signed: bool = True, **headers):
    """Deliver a body at the door, as Smartcar does."""
    if signed:
        headers.setdefault("SC-Signature", signature(body))
    return client.post("/webhooks/smartcar/", data=body, content_type="application/json", headers=headers)
