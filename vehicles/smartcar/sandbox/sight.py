"""What one connection may see of one car at one time, as signals; shared by the signal store and the webhook."""

from vehicles.smartcar.sandbox.catalogue import SIGNALS, Signal
from vehicles.smartcar.sandbox.condition import Condition

UNSUPPORTED = {
    "type": "COMPATIBILITY",
    "code": "VEHICLE_NOT_CAPABLE",
    "description": "The vehicle is incapable of performing your request.",
    "resolution": {"type": None},
}
NOT_PERMITTED = {
    "type": "PERMISSION",
    "code": None,
    "description": "Your application has insufficient permissions to access the requested resource.",
    "resolution": {"type": "REAUTHENTICATE"},
}


def look(condition: Condition, permissions: list[str], at: float) -> list[tuple[Signal, dict]]:
    """Every configured signal with its status, and its body where there is one."""
    bodies = condition.bodies(at)
    return [(signal, _told(signal, bodies.get(signal.code), permissions)) for signal in SIGNALS]


def _told(signal: Signal, body: dict | None, permissions: list[str]) -> dict:
    if signal.permission not in permissions:
        return {"status": {"value": "ERROR", "error": NOT_PERMITTED}}
    if body is None:
        return {"status": {"value": "ERROR", "error": UNSUPPORTED}}
    return {"status": {"value": "SUCCESS"}, "body": body}
