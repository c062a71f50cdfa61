"""The management host of v3: subscriptions of cars to the one webhook, and that webhook to read."""

from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import answers
from vehicles.smartcar.sandbox.generations import WEBHOOK_NAME
from vehicles.smartcar.sandbox.stamps import iso
from vehicles.smartcar.sandbox.vehicle_api import attributes, filters, matches
from vehicles.smartcar.sandbox.world import World


class ManagementApi:
    def __init__(self, world: World, first_delivery: Callable[[dict], None]):
        self._world = world
        self._first_delivery = first_delivery

    def subscriptions(self, request: Request) -> Response:
        if request.method == "POST":
            return self._subscribe(request)
        wanted = filters(request)
        rows = [row for row in self._rows() if matches(row, wanted)]
        return answers.page(request, rows, lambda row: self._drawn(request, row), default_size=25)

    def _subscribe(self, request: Request) -> Response:
        asked = request.get_json(silent=True)
        for step in ("data", "attributes"):
            asked = asked.get(step) if isinstance(asked, dict) else None
        if not isinstance(asked, dict):
            raise answers.invalid("data.attributes is required")
        for name in ("webhookId", "userId", "vehicleId"):
            if not isinstance(asked.get(name), str):
                raise answers.invalid(f"missing {name}", "MISSING_PARAMETER")
        if asked["webhookId"] != self._world.settings.webhook_id:
            raise answers.not_found("WEBHOOK_NOT_FOUND", "The webhook does not exist.")
        if self._world.ledger.connection_between(asked["userId"], asked["vehicleId"]) is None:
            raise answers.not_found("VEHICLE_NOT_FOUND", "The vehicle does not exist or is not connected.")

        subscription = self._world.ledger.subscribe(asked["userId"], asked["vehicleId"])
        if subscription is None:
            raise answers.Problem(409, "CONFLICT", "SUBSCRIPTION_EXISTS", "The vehicle is already subscribed.")
        self._first_delivery(subscription)
        return answers.as_json({"meta": {"message": "subscription creation in progress"}}, 202)

    def subscription(self, request: Request, subscription_id: str) -> Response:
        row = next((row for row in self._rows() if row["id"] == subscription_id), None)
        if row is None:
            raise answers.not_found("SUBSCRIPTION_NOT_FOUND", "The subscription does not exist.")
        if request.method == "DELETE":
            self._world.ledger.unsubscribe(subscription_id)
            return Response(status=204)
        return answers.single(self._drawn(request, row))

    def webhooks(self, request: Request) -> Response:
        return answers.page(request, [self._webhook(request)], lambda row: row, default_size=25)

    def webhook(self, request: Request, webhook_id: str) -> Response:
        if webhook_id != self._world.settings.webhook_id:
            raise answers.not_found("WEBHOOK_NOT_FOUND", "The webhook does not exist.")
        return answers.single(self._webhook(request))

    def _rows(self) -> list[dict]:
        """Subscriptions with what their connection says, for filters and attributes."""
        ledger, webhook = self._world.ledger, {"webhookId": self._world.settings.webhook_id}
        connections = {(row["userId"], row["vehicleId"]): row for row in ledger.connections()}
        pairs = [(row, connections.get((row["userId"], row["vehicleId"]))) for row in ledger.subscriptions()]
        return [connection | subscription | webhook for subscription, connection in pairs if connection]

    def _webhook(self, request: Request) -> dict:
        own, settings = f"{request.host_url}management-v3/v3/webhooks", self._world.settings
        return {
            "id": settings.webhook_id,
            "type": "webhook",
            "attributes": {
                "name": WEBHOOK_NAME,
                "callbackUri": settings.webhook_url,
                "enabled": bool(settings.webhook_url) and self._world.weather.webhook.enabled,
                "version": "4.0",
                "signals": self._world.weather.webhook.signals,
            },
            "links": {"self": f"{own}/{settings.webhook_id}"},
        }

    def _drawn(self, request: Request, row: dict) -> dict:
        own = f"{request.host_url}management-v3/v3"
        return {
            "id": row["id"],
            "type": "subscription",
            "attributes": {"vehicle": attributes(self._world, row)},
            "relationships": {
                "webhook": {"data": {"type": "webhook", "id": self._world.settings.webhook_id}},
                "user": {"data": {"type": "user", "id": row["userId"]}},
                "vehicle": {"data": {"type": "vehicle", "id": row["vehicleId"]}},
            },
            "meta": {"createdAt": iso(row["createdAt"]), "updatedAt": iso(row["createdAt"])},
            "links": {"self": f"{own}/subscriptions/{row['id']}"},
        }
