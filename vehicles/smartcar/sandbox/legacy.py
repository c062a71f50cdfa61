"""The payloads of legacy webhooks: what the v2 calls would answer, path by path, as in a batch."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from vehicles.smartcar.sandbox import v2_paths
from vehicles.smartcar.sandbox.catalogue import FIRST_DELIVERY
from vehicles.smartcar.sandbox.stamps import iso

if TYPE_CHECKING:
    from vehicles.smartcar.sandbox.generations import Told


def batch(told: Told) -> dict:
    """`schedule` for what comes by the clock, `dynamic` for what comes because something changed."""
    signals = {signal.code: said["body"] for signal, said in told.look if "body" in said}
    headers = {"sc-unit-system": "metric", "sc-data-age": iso(told.at), "sc-request-id": _request_id(told)}
    bodies = v2_paths.Bodies(signals, v2_paths.METRIC)
    answers = [
        {"path": name, "code": 200, "body": path.draw(bodies), "headers": headers}
        for name, path in v2_paths.PATHS.items()
        if all(signal in bodies for signal in path.needs) and any(signal in bodies for signal in path.signals)
    ]
    vehicle = {
        "vehicleId": told.vehicle["id"],
        "requestId": _request_id(told),
        "data": answers,
        "timestamp": iso(told.at),
    }
    is_clockwork = not told.triggers or FIRST_DELIVERY in told.triggers
    return _event(told, "schedule" if is_clockwork else "dynamic", {"vehicles": [vehicle]})


def event(told: Told, event_id: str, what: str) -> dict:
    payload = {"eventId": event_id, "vehicleId": told.vehicle["id"], "eventType": what, "eventTime": iso(told.at)}
    return _event(told, "eventBased", payload)


def _event(told: Told, name: str, payload: dict) -> dict:
    mode = "test" if told.mode == "TEST" else told.vehicle.get("mode", "live")
    return {"version": "2.0", "webhookId": told.webhook_id, "eventName": name, "mode": mode, "payload": payload}


def _request_id(told: Told) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"legacy:{told.vehicle['id']}:{told.at}"))
