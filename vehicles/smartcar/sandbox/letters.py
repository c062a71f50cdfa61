"""Webhook bodies: what an event says, and the envelope each attempt puts around it."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field

from vehicles.smartcar.sandbox import sight
from vehicles.smartcar.sandbox.catalogue import BY_CODE
from vehicles.smartcar.sandbox.management_api import WEBHOOK_NAME
from vehicles.smartcar.sandbox.vehicle_api import attributes
from vehicles.smartcar.sandbox.world import World

FIRST_DELIVERY = "FIRST_DELIVERY"


@dataclass(frozen=True, slots=True)
class Letter:
    """One event. Its data never changes, whatever happens on the way."""

    event_id: str
    event: dict
    meta: dict = field(default_factory=dict)

    def sealed(self, now: float) -> bytes:
        """The bytes of one attempt: the same event in a new envelope."""
        stamp = {"deliveryId": str(uuid.uuid4()), "deliveredAt": int(now * 1000)}
        return json.dumps({"eventId": self.event_id} | self.event | {"meta": self.meta | stamp}).encode()


def sign(token: str, body: bytes) -> str:
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


class Writer:
    def __init__(self, world: World):
        self._world = world
        self._meta = {
            "version": "4.0",
            "webhookId": world.settings.webhook_id,
            "webhookName": WEBHOOK_NAME,
        }

    def verify(self) -> Letter:
        event = {"eventType": "VERIFY", "data": {"challenge": str(uuid.uuid4())}}
        return Letter(str(uuid.uuid4()), event, self._meta)

    def state(self, row: dict, at: float, triggers: list[str], event_id: str | None = None) -> Letter:
        """All configured signals of a car as it was at `at`; `row` is a connection."""
        is_old = self._world.ledger.dialect == "2025"
        meta = {"oemUpdatedAt": int(at * 1000), "retrievedAt": int(at * 1000) + 900}
        look = sight.look(self._world.conditions[row["vehicleId"]], row["permissions"], at)
        told = [signal.titled() | said | {"meta": meta} for signal, said in look]
        data = self._about(row, is_old=is_old) | {"signals": told}
        envelope = self._meta | {"signalCount": len(told), "mode": "LIVE"}
        if is_old:
            event = {"eventType": "VEHICLE_STATE", "data": data, "triggers": [_old_trigger(t) for t in triggers]}
        else:
            triggered = [BY_CODE[t].titled() if t in BY_CODE else {"code": t} for t in triggers]
            data["triggers"] = triggered
            event = {"eventType": "VEHICLE_STATE", "vehicleId": row["vehicleId"], "data": data}
            envelope["sequence"] = int(at * 1000)
        return Letter(event_id or str(uuid.uuid4()), event, envelope)

    def error(self, row: dict, *, kind: str, code: str | None, state: str, codes: list[str]) -> Letter:
        trouble = {
            "type": kind,
            "code": code,
            "state": state,
            "description": "The sandbox was told to report this.",
        }
        if state == "ERROR":
            needs_owner = kind in ("CONNECTED_SERVICES_ACCOUNT", "PERMISSION")
            trouble["suggestedUserMessage"] = "Please look at your connected services account."
            trouble["docURL"] = "https://smartcar.com/docs/errors/api-errors"
            trouble["resolution"] = {"type": "REAUTHENTICATE" if needs_owner else "RETRY_LATER"}
        if codes:
            trouble["signals"] = [BY_CODE[code].titled() for code in codes if code in BY_CODE]
        is_old = self._world.ledger.dialect == "2025"
        event = {"eventType": "VEHICLE_ERROR", "data": self._about(row, is_old=is_old) | {"errors": [trouble]}}
        if not is_old:
            event["vehicleId"] = row["vehicleId"]
        return Letter(str(uuid.uuid4()), event, self._meta | {"mode": "LIVE"})

    def _about(self, row: dict, *, is_old: bool) -> dict:
        car = self._world.cars[row["vehicleId"]]
        user, vehicle = {"id": row["userId"]}, {"id": car.id} | car.identity()
        if not is_old:
            vehicle = {"id": car.id} | attributes(self._world, row)
            if external_id := self._world.ledger.external_id(row["userId"]):
                user["externalId"] = external_id
        return {"user": user, "vehicle": vehicle}


def _old_trigger(code: str) -> dict:
    if code == FIRST_DELIVERY:
        return {"type": FIRST_DELIVERY}
    return {"type": "SIGNAL_UPDATED", "signal": BY_CODE[code].titled()}
