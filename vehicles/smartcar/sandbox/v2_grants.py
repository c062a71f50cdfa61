"""What owners granted to v2: codes that are good for one exchange, and the pairs of tokens that follow from them."""

import secrets
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vehicles.smartcar.sandbox import paper
from vehicles.smartcar.sandbox.ledger import Ledger

CODE_SECONDS = 600
ACCESS_SECONDS = 7200
REFRESH_SECONDS = 60 * 86_400
GRACE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Grant:
    """All cars of one walk through Connect. `rows` are the connections that still stand."""

    user_id: str
    rows: tuple[dict, ...]

    def row(self, vehicle_id: str) -> dict | None:
        return next((row for row in self.rows if row["vehicleId"] == vehicle_id), None)


class Grants:
    """Kept in a file beside the ledger's. A grant dies with the last of its connections.

    The newest refresh token of a grant lives on; each older one dies ten minutes after a newer one was issued.
    """

    def __init__(self, folder: Path, clock: Callable[[], float], ledger: Ledger):
        self._path = folder / "v2_grants.json"
        self._clock = clock
        self._ledger = ledger
        self._lock = threading.RLock()
        self._state = paper.read(self._path, {"codes": {}, "grants": {}, "access": {}, "refresh": {}})

    def promise(self, user_id: str, vehicle_ids: list[str], redirect_uri: str) -> str:
        """A code for the connections of this user with these cars."""
        rows = [self._ledger.connection_between(user_id, vehicle_id) for vehicle_id in vehicle_ids]
        code = str(uuid.uuid4())
        with self._lock:
            self._state["codes"][code] = {
                "userId": user_id,
                "connections": [row["id"] for row in rows if row],
                "redirectUri": redirect_uri,
                "until": self._clock() + CODE_SECONDS,
            }
            self._write()
        return code

    def redeem(self, code: str, redirect_uri: str) -> dict | None:
        """The first pair of a grant. A code is gone once it was shown, even with another address than Connect was told.

        Where Connect was told none, none is looked at.
        """
        with self._lock:
            kept = self._state["codes"].pop(code, None)
            if kept is None:
                return None
            if kept["until"] <= self._clock() or kept["redirectUri"] not in ("", redirect_uri):
                self._write()
                return None
            grant_id = str(uuid.uuid4())
            self._state["grants"][grant_id] = {"userId": kept["userId"], "connections": kept["connections"]}
            return self._pair(grant_id)

    def renew(self, refresh_token: str) -> dict | None:
        with self._lock:
            kept = self._state["refresh"].get(refresh_token)
            if kept is None or kept["until"] <= self._clock() or self._grant(kept["grant"]) is None:
                return None
            return self._pair(kept["grant"])

    def holder(self, access_token: str) -> Grant | None:
        kept = self._state["access"].get(access_token)
        if kept is None or kept["until"] <= self._clock():
            return None
        return self._grant(kept["grant"])

    def _grant(self, grant_id: str) -> Grant | None:
        kept = self._state["grants"][grant_id]
        rows = self._ledger.standing(kept["connections"])
        return Grant(kept["userId"], rows) if rows else None

    def _pair(self, grant_id: str) -> dict:
        now, access, refresh = self._clock(), secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        for older in self._state["refresh"].values():
            if older["grant"] == grant_id:
                older["until"] = min(older["until"], now + GRACE_SECONDS)
        self._state["access"][access] = {"grant": grant_id, "until": now + ACCESS_SECONDS}
        self._state["refresh"][refresh] = {"grant": grant_id, "until": now + REFRESH_SECONDS}
        self._write()
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "refresh_token": refresh,
        }

    def _write(self) -> None:
        now = self._clock()
        for page in ("codes", "access", "refresh"):
            self._state[page] = {key: kept for key, kept in self._state[page].items() if kept["until"] > now}
        used = {kept["grant"] for page in ("access", "refresh") for kept in self._state[page].values()}
        self._state["grants"] = {key: kept for key, kept in self._state["grants"].items() if key in used}
        paper.keep(self._path, self._state)
