"""What one connection may see of one car at one time, as signals; shared by the signal store and the webhook."""

from collections.abc import Iterable, Mapping

from vehicles.smartcar.sandbox import mishaps
from vehicles.smartcar.sandbox.catalogue import SIGNALS, Signal
from vehicles.smartcar.sandbox.condition import Condition
from vehicles.smartcar.sandbox.troubles import Trouble

# Stands where a trouble of a signal is no error: nothing was fetched of it yet.
UNAVAILABLE = "UNAVAILABLE"


def look(
    condition: Condition,
    permissions: list[str],
    at: float,
    *,
    signals: Iterable[Signal] = SIGNALS,
    troubles: Mapping[str, Trouble] | None = None,
    odd: Mapping[str, dict] | None = None,
) -> list[tuple[Signal, dict]]:
    """Every signal that is looked for, with its status, and its body where there is one.

    `odd` bodies stand in for what the car would tell, whatever they say and whether it could.
    """
    signals, troubles = tuple(signals), troubles or {}
    bodies = condition.bodies(at, [signal.code for signal in signals if signal.permission in permissions])
    bodies |= odd or {}
    return [(signal, _told(signal, bodies, permissions, troubles.get(signal.code))) for signal in signals]


def _told(signal: Signal, bodies: dict[str, dict], permissions: list[str], trouble: Trouble | None) -> dict:
    if trouble is not None and trouble.kind == UNAVAILABLE:
        return {"status": {"value": UNAVAILABLE}}
    if trouble is not None:
        return failed(trouble.kind, trouble.code)
    if signal.permission not in permissions:
        return failed("PERMISSION", None)
    if signal.code not in bodies:
        return failed("COMPATIBILITY", "VEHICLE_NOT_CAPABLE")
    return {"status": {"value": "SUCCESS"}, "body": bodies[signal.code]}


def failed(kind: str, code: str | None) -> dict:
    told = mishaps.mishap(kind, code)
    error = {
        "type": kind,
        "code": code,
        "description": told.description,
        "resolution": {"type": told.resolution},
    }
    return {"status": {"value": "ERROR", "error": error}}
