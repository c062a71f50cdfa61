"""What must survive a restart: the epoch, who granted what, what is subscribed, what was done by command."""

import json
import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

from vehicles.smartcar.sandbox.roads import DAY, PAST_DAYS


def _empty() -> dict:
    return {
        "epoch": None,
        "users": {},
        "connections": {},
        "subscriptions": {},
        "services": [],
        "thrown": [],
        "meters": [],
        "guests": [],
        "dialect": "current",
    }


class Ledger:
    """A small JSON file, written whole under a lock and swapped in by name. Reads hand out copies."""

    def __init__(self, folder: Path, clock: Callable[[], float], namespace: uuid.UUID):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / "state.json"
        self._clock = clock
        self._namespace = namespace
        self._lock = threading.RLock()
        self._state = _empty() | (json.loads(self._path.read_text()) if self._path.exists() else {})
        if self._state["epoch"] is None:
            self._state["epoch"] = self._clock() // DAY * DAY - PAST_DAYS * DAY
            self._write()

    def _write(self) -> None:
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(self._state))
        os.chmod(draft, 0o600)
        os.replace(draft, self._path)

    @property
    def epoch(self) -> float:
        return self._state["epoch"]

    @property
    def dialect(self) -> str:
        return self._state["dialect"]

    def speak(self, dialect: str) -> None:
        with self._lock:
            self._state["dialect"] = dialect
            self._write()

    def grant(self, account: str, vehicle_ids: list[str], permissions: list[str], external_id: str, mode: str) -> str:
        """The owner consented. The same sign-in is the same user, however often it comes back."""
        user_id = str(uuid.uuid5(self._namespace, f"user:{account}"))
        now = self._clock()
        with self._lock:
            user = self._state["users"].setdefault(user_id, {"account": account, "externalId": ""})
            if external_id:
                user["externalId"] = "" if external_id == "null" else external_id
            for vehicle_id in vehicle_ids:
                connection = self._between(user_id, vehicle_id) or {
                    "id": str(uuid.uuid4()),
                    "userId": user_id,
                    "vehicleId": vehicle_id,
                    "createdAt": now,
                }
                self._state["connections"][connection["id"]] = connection | {
                    "permissions": permissions,
                    "mode": mode,
                    "updatedAt": now,
                }
            self._write()
        return user_id

    def renew(self, vehicle_id: str) -> bool:
        """The owner signed in with the maker again: every consent for this car is of now. False if there is none."""
        with self._lock:
            rows = [c for c in self._state["connections"].values() if c["vehicleId"] == vehicle_id]
            for row in rows:
                row["updatedAt"] = self._clock()
            self._write()
            return bool(rows)

    def _between(self, user_id: str, vehicle_id: str) -> dict | None:
        connections = self._state["connections"].values()
        return next((c for c in connections if (c["userId"], c["vehicleId"]) == (user_id, vehicle_id)), None)

    def connection_between(self, user_id: str, vehicle_id: str) -> dict | None:
        with self._lock:
            return self._between(user_id, vehicle_id)

    def standing(self, connection_ids: list[str]) -> tuple[dict, ...]:
        """Those of them that are still there."""
        with self._lock:
            rows = self._state["connections"]
            return tuple(dict(rows[key]) for key in connection_ids if key in rows)

    def connections(self) -> list[dict]:
        """Newest first, with the external id of the user; cars of one consent in the order they were granted."""
        with self._lock:
            users = self._state["users"]
            rows = [c | {"externalId": users[c["userId"]]["externalId"]} for c in self._state["connections"].values()]
        return sorted(rows, key=lambda c: -c["createdAt"])

    def external_id(self, user_id: str) -> str:
        with self._lock:
            return self._state["users"].get(user_id, {}).get("externalId", "")

    def disconnect(self, connection_ids: list[str]) -> None:
        with self._lock:
            for connection_id in connection_ids:
                gone = self._state["connections"].pop(connection_id, None)
                if gone is None:
                    continue
                self._state["subscriptions"] = {
                    key: s
                    for key, s in self._state["subscriptions"].items()
                    if (s["userId"], s["vehicleId"]) != (gone["userId"], gone["vehicleId"])
                }
            self._write()

    def forget_user(self, user_id: str) -> bool:
        with self._lock:
            if self._state["users"].pop(user_id, None) is None:
                return False
            self.disconnect([c["id"] for c in self._state["connections"].values() if c["userId"] == user_id])
            return True

    def subscribe(self, user_id: str, vehicle_id: str) -> dict | None:
        """None if it is subscribed already."""
        with self._lock:
            if any((s["userId"], s["vehicleId"]) == (user_id, vehicle_id) for s in self.subscriptions()):
                return None
            subscription = {
                "id": str(uuid.uuid4()),
                "userId": user_id,
                "vehicleId": vehicle_id,
                "createdAt": self._clock(),
            }
            self._state["subscriptions"][subscription["id"]] = subscription
            self._write()
            return subscription

    def subscriptions(self) -> list[dict]:
        with self._lock:
            return list(self._state["subscriptions"].values())

    def unsubscribe(self, subscription_id: str) -> bool:
        with self._lock:
            gone = self._state["subscriptions"].pop(subscription_id, None)
            if gone:
                self._write()
            return gone is not None

    def note_service(self, vehicle_id: str, at: float, tasks: list[str], by: str) -> None:
        self._append("services", {"vehicleId": vehicle_id, "at": at, "tasks": tasks, "by": by})

    def note_thrown(self, vehicle_id: str, at: float, code: str) -> None:
        self._append("thrown", {"vehicleId": vehicle_id, "at": at, "code": code})

    def note_meter(self, vehicle_id: str, at: float, shows_km: float) -> None:
        self._append("meters", {"vehicleId": vehicle_id, "at": at, "showsKm": shows_km})

    def _append(self, page: str, row: dict) -> None:
        with self._lock:
            self._state[page].append(row)
            self._write()

    def note_guest(self, email: str) -> None:
        with self._lock:
            if email not in self._state["guests"]:
                self._state["guests"].append(email)
                self._write()

    def guests(self) -> list[str]:
        return list(self._state["guests"])

    def services(self) -> list[dict]:
        return list(self._state["services"])

    def thrown(self) -> list[dict]:
        return list(self._state["thrown"])

    def meters(self) -> list[dict]:
        return list(self._state["meters"])
