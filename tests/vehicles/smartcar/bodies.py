"""Bodies of our own in Smartcar's shapes."""

import json
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
MEASURED = NOW - timedelta(minutes=10)
FETCHED = NOW - timedelta(minutes=9)


def milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)


def signal(code: str, body: object = None, **more) -> dict:
    """As a webhook of today carries it."""
    raw = {"code": code, "meta": {"oemUpdatedAt": milliseconds(MEASURED), "retrievedAt": milliseconds(FETCHED)}}
    return raw | ({"body": body} if body is not None else {}) | more


def polled(code: str, body: dict) -> dict:
    return {
        "id": code,
        "type": "signal",
        "attributes": {"code": code, "status": {"value": "SUCCESS"}, "body": body},
        "meta": {"oemUpdatedAt": MEASURED.isoformat(), "retrievedAt": FETCHED.isoformat()},
    }


def failed(code: str, type_: str, word: str = "ERROR") -> dict:
    return {"code": code, "status": {"value": word, "error": {"type": type_, "code": "ANY"}}}


def state(*signals: dict, meta: dict | None = None, **more) -> dict:
    return {
        "eventId": "event-7",
        "eventType": "VEHICLE_STATE",
        "vehicleId": "car-1",
        "data": {
            "user": {"id": "user-1", "externalId": "owner-1"},
            "vehicle": {"id": "car-1", "make": "FORD", "model": "Transit", "year": 2023, "powertrainType": "ICE"},
            "triggers": [{"code": "FIRST_DELIVERY"}],
            "signals": list(signals),
        },
        "meta": {
            "version": "4.0",
            "webhookId": "hook-1",
            "deliveryId": "try-1",
            "deliveredAt": milliseconds(NOW),
            "sequence": 41,
            "mode": "LIVE",
        }
        | (meta or {}),
    } | more


def vehicle_error(*errors: dict) -> dict:
    body = state() | {"eventType": "VEHICLE_ERROR"}
    return body | {"data": {"user": {"id": "user-1"}, "vehicle": {"id": "car-1"}, "errors": list(errors)}}


def raw(body: object) -> bytes:
    return json.dumps(body).encode()


def item(path: str, body: object, code: int = 200, **headers) -> dict:
    """One answer of a v2 batch."""
    told = {
        "sc-unit-system": "metric",
        "sc-data-age": MEASURED.isoformat(),
        "sc-fetched-at": FETCHED.isoformat(),
        "sc-request-id": "r-1",
    }
    return {"path": path, "code": code, "body": body, "headers": told | headers}


def failed_item(path: str, code: int, type_: str, word: str | None = None) -> dict:
    """Without headers, as seen live."""
    body = {"type": type_, "code": word, "statusCode": code, "description": "of VIN 1FT", "resolution": None}
    return {"path": path, "code": code, "body": body}


def legacy(event: str, *vehicles: dict, **more) -> dict:
    payload = {"vehicles": list(vehicles)}
    return {"version": "2.0", "webhookId": "hook-1", "eventName": event, "mode": "live", "payload": payload} | more


def legacy_vehicle(vehicle_id: str, *items: dict) -> dict:
    return {"vehicleId": vehicle_id, "requestId": "r-1", "data": list(items), "timestamp": NOW.isoformat()}
