"""What is written to the webhook: events, and the envelope that each attempt puts around them."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field

from vehicles.smartcar.sandbox import generations, mishaps
from vehicles.smartcar.sandbox.catalogue import BY_CODE
from vehicles.smartcar.sandbox.generations import Told
from vehicles.smartcar.sandbox.vehicle_api import attributes
from vehicles.smartcar.sandbox.world import World

FILLER = "This sentence makes the delivery larger than any delivery may be. " * 800


@dataclass(frozen=True, slots=True)
class Letter:
    """One event. Its data never changes, whatever happens on the way."""

    event_id: str
    event: dict
    meta: dict = field(default_factory=dict)

    def about_another(self, names: dict[str, str]) -> "Letter":
        """The same letter with other ids in it."""
        text = json.dumps(self.event)
        for name, other in names.items():
            text = text.replace(name, other)
        return Letter(str(uuid.uuid4()), json.loads(text), self.meta)

    def sealed(self, now: float, *, oversized: bool = False) -> bytes:
        """The bytes of one attempt: the same event in a new envelope."""
        envelope = generations.envelope(self.event_id, self.event, self.meta, now)
        return json.dumps(envelope | {"filler": FILLER} if oversized else envelope).encode()


def sign(token: str, body: bytes) -> str:
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


class Writer:
    """Writes in the generation that the sandbox speaks, see `generations`."""

    def __init__(self, world: World):
        self._world = world

    def verify(self) -> Letter:
        challenge, settings = str(uuid.uuid4()), self._world.settings
        event, meta = generations.verify(self._world.ledger.dialect, challenge, settings.webhook_id)
        return Letter(str(uuid.uuid4()), event, meta)

    def state(
        self, row: dict, at: float, triggers: list[str], event_id: str | None = None, *, mode: str = "LIVE"
    ) -> Letter:
        """All configured signals of a car as it was at `at`; `row` is a connection."""
        look = self._world.look(row, at, signals=self._world.carried())
        told = self._told(row, at, mode) | {"look": look, "triggers": triggers}
        event, meta = generations.state(self._world.ledger.dialect, Told(**told))
        return Letter(event_id or str(uuid.uuid4()), event, meta)

    def error(
        self,
        row: dict,
        *,
        kind: str,
        code: str | None,
        state: str,
        codes: list[str],
        signals_as: str = "",
        mode: str = "LIVE",
    ) -> Letter:
        """`signals_as` is objects, strings or missing; the generation decides where nothing is said."""
        told, dialect = mishaps.mishap(kind, code), self._world.ledger.dialect
        trouble = {"type": kind, "code": code, "state": state, "description": told.description}
        if state == "ERROR":
            trouble["suggestedUserMessage"] = told.message
            trouble["docURL"] = told.docs
            trouble["resolution"] = {
                "type": told.resolution or ("CONTACT_SUPPORT" if kind == "COMPATIBILITY" else None)
            }
        known = [BY_CODE[code] for code in codes if code in BY_CODE]
        signals_as = signals_as or ("strings" if dialect == "2025-strings" else "objects")
        if known and signals_as == "strings":
            trouble["signals"] = [f"{signal.group}.{signal.name}" for signal in known]
        elif known and signals_as == "objects":
            trouble["signals"] = [signal.titled() for signal in known]
        event, meta = generations.error(dialect, Told(**self._told(row, 0.0, mode)), trouble)
        return Letter(str(uuid.uuid4()), event, meta)

    def charging(self, row: dict, at: float, what: str) -> Letter:
        """The one kind of event that only the oldest generation has."""
        event_id = str(uuid.uuid4())
        event, meta = generations.charging(Told(**self._told(row, at, "LIVE")), event_id, what)
        return Letter(event_id, event, meta)

    def strange(self, row: dict, event_type: str) -> Letter:
        """An event of a type that nobody knows yet."""
        told = Told(**self._told(row, 0.0, "LIVE"))
        event, meta = generations.error(self._world.ledger.dialect, told, {})
        return Letter(str(uuid.uuid4()), event | {"eventType": event_type, "data": told.about()}, meta)

    def _told(self, row: dict, at: float, mode: str) -> dict:
        return {
            "at": at,
            "mode": mode,
            "webhook_id": self._world.settings.webhook_id,
            "user_id": row["userId"],
            "external_id": self._world.ledger.external_id(row["userId"]),
            "vehicle": {"id": row["vehicleId"]} | attributes(self._world, row),
        }
