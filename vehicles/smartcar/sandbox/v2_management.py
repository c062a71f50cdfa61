"""The management side of v2: the list of connections, and cars on and off the webhook."""

import base64
import json
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import v2_answers
from vehicles.smartcar.sandbox.stamps import iso
from vehicles.smartcar.sandbox.v2_answers import Problem
from vehicles.smartcar.sandbox.v2_door import Door
from vehicles.smartcar.sandbox.world import World

WEBHOOK = "/api/v2.0/vehicles/<vehicle_id>/webhooks/<webhook_id>"
FILTERS = {"user_id": "userId", "vehicle_id": "vehicleId", "mode": "mode"}


class ManagementV2:
    def __init__(self, world: World, door: Door, first_delivery: Callable[[dict], None]):
        self._world = world
        self._door = door
        self._first_delivery = first_delivery

    def rules(self) -> list[tuple]:
        return [
            ("/management/v2.0/management/connections", self.connections, "GET", "DELETE"),
            (WEBHOOK, self.webhook, "POST", "DELETE"),
        ]

    def connections(self, request: Request) -> Response:
        self._door.management(request)
        if request.method == "DELETE":
            return self._disconnect(request)
        limit = v2_answers.whole_number(request.args.get("limit", "10"), "limit", low=1, high=100)
        after = _opened(request.args["cursor"]) if request.args.get("cursor") else None
        rows = sorted(self._found(request, *FILTERS), key=_place)
        rows = [row for row in rows if after is None or _place(row) > after]
        page = rows[:limit]
        cursor = _closed(_place(page[-1])) if len(rows) > limit else None
        told = [_drawn(row) | {"connectedAt": iso(row["createdAt"]), "mode": row["mode"]} for row in page]
        return v2_answers.told({"connections": told, "paging": {"cursor": cursor, "count": len(page)}})

    def _disconnect(self, request: Request) -> Response:
        if not request.args.get("user_id") and not request.args.get("vehicle_id"):
            raise v2_answers.invalid("vehicle_id", "or user_id is required")
        rows = self._found(request, "user_id", "vehicle_id")
        self._world.ledger.disconnect([row["id"] for row in rows])
        return v2_answers.told({"connections": [_drawn(row) for row in rows]})

    def _found(self, request: Request, *filters: str) -> list[dict]:
        wanted = {FILTERS[name]: request.args[name] for name in filters if request.args.get(name)}
        rows = self._world.ledger.connections()
        return [row for row in rows if all(row[name] == value for name, value in wanted.items())]

    def webhook(self, request: Request, vehicle_id: str, webhook_id: str) -> Response:
        """Put on by a user's token, taken off by the management token, whoever's the car is."""
        if request.method == "DELETE":
            self._door.management_bearer(request)
            self._unless_unknown(webhook_id)
            for row in self._world.ledger.subscriptions():
                if row["vehicleId"] == vehicle_id:
                    self._world.ledger.unsubscribe(row["id"])
            return v2_answers.told({"status": "success"})

        grant = self._door.user(request)
        if grant.row(vehicle_id) is None:
            raise Problem("PERMISSION")
        self._unless_unknown(webhook_id)
        subscription = self._world.ledger.subscribe(grant.user_id, vehicle_id)
        if subscription:
            self._first_delivery(subscription)
        return v2_answers.told({"vehicleId": vehicle_id, "webhookId": webhook_id})

    def _unless_unknown(self, webhook_id: str) -> None:
        if webhook_id != self._world.settings.webhook_id:
            raise Problem("RESOURCE_NOT_FOUND", "PATH")


def _drawn(row: dict) -> dict:
    return {"vehicleId": row["vehicleId"], "userId": row["userId"]}


def _place(row: dict) -> tuple[float, str]:
    """Where a connection stands in the list, newest first; one that comes or goes moves no other."""
    return -row["createdAt"], row["id"]


def _closed(place: tuple[float, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _opened(cursor: str) -> tuple[float, str]:
    try:
        created, connection_id = json.loads(base64.urlsafe_b64decode(cursor))
        return float(created), str(connection_id)
    except (ValueError, TypeError):
        raise v2_answers.invalid("cursor", "must be one of an earlier page") from None
