"""The webhook bodies of each generation Smartcar ever sent, from the legacy 2.0 to the 4.0 of today.

current       4.0: triggers inside the data, vehicleId at the top, sequence in the envelope
2025          4.0 of 2025: triggers at the top, as objects
2025-strings  4.0 before that: triggers and signals of errors by "Group.Name", no status on what succeeded
3.0           early 2025: percentages by that name, seconds for times, no status at all
2.0           legacy: eventName, and a payload shaped like an answer to a batch
"""

import uuid
from dataclasses import dataclass, field

from vehicles.smartcar.sandbox import legacy
from vehicles.smartcar.sandbox.catalogue import BY_CODE, CAPACITY, VIN, Signal
from vehicles.smartcar.sandbox.stamps import millis

DIALECTS = ("current", "2025", "2025-strings", "3.0", "2.0")
WEBHOOK_NAME = "Preventive maintenance"
# Live deliveries of 2025 stamp with zero what never changes.
STATIC = {VIN.code, CAPACITY.code}
OF_TODAY = ("mode", "powertrainType")


@dataclass(frozen=True, slots=True)
class Told:
    """All that a letter is written from."""

    at: float
    mode: str
    webhook_id: str
    user_id: str
    external_id: str
    vehicle: dict
    look: list[tuple[Signal, dict]] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)

    def about(self, *, is_old: bool = False) -> dict:
        if is_old:
            vehicle = {name: value for name, value in self.vehicle.items() if name not in OF_TODAY}
            return {"user": {"id": self.user_id}, "vehicle": vehicle}
        user = {"id": self.user_id} | ({"externalId": self.external_id} if self.external_id else {})
        return {"user": user, "vehicle": self.vehicle}

    def meta(self, version: str = "4.0") -> dict:
        return {"version": version, "webhookId": self.webhook_id, "webhookName": WEBHOOK_NAME, "mode": self.mode}


def verify(dialect: str, challenge: str, webhook_id: str) -> tuple[dict, dict]:
    if dialect == "2.0":
        payload = {"challenge": challenge}
        return {"version": "2.0", "webhookId": webhook_id, "eventName": "verify", "payload": payload}, {}
    version = "3.0" if dialect == "3.0" else "4.0"
    meta = {"version": version, "webhookId": webhook_id, "webhookName": WEBHOOK_NAME}
    return {"eventType": "VERIFY", "data": {"challenge": challenge}}, meta


def state(dialect: str, told: Told) -> tuple[dict, dict]:
    if dialect == "2.0":
        return legacy.batch(told), {}
    if dialect == "3.0":
        return _state_of_3(told)
    stamps = {"oemUpdatedAt": millis(told.at), "retrievedAt": millis(told.at) + 900}
    signals = [signal.titled() | said | {"meta": stamps} for signal, said in told.look]
    meta = told.meta() | {"signalCount": len(signals)}
    if dialect == "current":
        triggers = [BY_CODE[t].titled() if t in BY_CODE else {"code": t} for t in told.triggers]
        data = told.about() | {"signals": signals, "triggers": triggers}
        event = {"eventType": "VEHICLE_STATE", "vehicleId": told.vehicle["id"], "data": data}
        return event, meta | {"sequence": millis(told.at)}

    for signal in signals:
        if signal["code"] in STATIC:
            signal["meta"] = {"oemUpdatedAt": 0, "retrievedAt": 0}
    by_name = dialect == "2025-strings"
    if by_name:
        signals = [{k: v for k, v in s.items() if k != "status" or "body" not in s} for s in signals]
        meta = {"mode": told.mode}
    data = told.about(is_old=True) | {"signals": signals}
    triggers = [_trigger(code, by_name=by_name) for code in told.triggers]
    return {"eventType": "VEHICLE_STATE", "data": data, "triggers": triggers}, meta


def _state_of_3(told: Told) -> tuple[dict, dict]:
    """No source shows more of it than the percentages and the seconds; the rest is as in 4.0."""
    stamps = {"oemUpdatedAt": int(told.at), "fetchedAt": int(told.at)}
    signals = [
        signal.titled() | {"body": _by_percentage(said["body"]), "meta": stamps}
        for signal, said in told.look
        if "body" in said
    ]
    event = {"eventType": "VEHICLE_STATE", "data": told.about(is_old=True) | {"signals": signals}}
    return event, told.meta("3.0")


def _by_percentage(body: dict) -> dict:
    return {"percentage": body["value"]} if body.get("unit") == "percent" else body


def _trigger(code: str, *, by_name: bool) -> dict:
    if code not in BY_CODE:
        return {"type": code}
    signal = BY_CODE[code]
    return {"type": "SIGNAL_UPDATED", "signal": f"{signal.group}.{signal.name}" if by_name else signal.titled()}


def error(dialect: str, told: Told, trouble: dict) -> tuple[dict, dict]:
    """The legacy generation has no letters of this kind: there it comes as 4.0 does."""
    is_old = dialect not in ("current", "2.0")
    event = {"eventType": "VEHICLE_ERROR", "data": told.about(is_old=is_old) | {"errors": [trouble]}}
    if not is_old:
        event["vehicleId"] = told.vehicle["id"]
    return event, {"mode": told.mode} if dialect == "2025-strings" else told.meta()


def charging(told: Told, event_id: str, what: str) -> tuple[dict, dict]:
    return legacy.event(told, event_id, what), {}


def envelope(event_id: str, event: dict, meta: dict, now: float) -> dict:
    """What a legacy event says is all there is; the others carry the stamps of the attempt."""
    if "eventName" in event:
        return event
    delivered_at = int(now) if meta.get("version") == "3.0" else int(now * 1000)
    stamps = {"deliveryId": str(uuid.uuid4()), "deliveredAt": delivered_at}
    if "version" not in meta:
        stamps["deliveryTime"] = delivered_at
    return {"eventId": event_id} | event | {"meta": meta | stamps}
