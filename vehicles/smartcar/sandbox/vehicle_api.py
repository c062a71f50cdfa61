"""The vehicle host of v3: connections, users, vehicles and the signal store."""

import math

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import answers, mishaps
from vehicles.smartcar.sandbox.catalogue import Signal
from vehicles.smartcar.sandbox.stamps import iso
from vehicles.smartcar.sandbox.world import World

NEWEST_FIRST = {"orderBy": "createdAt", "orderDirection": "desc"}


class VehicleApi:
    def __init__(self, world: World):
        self._world = world

    def connections(self, request: Request) -> Response:
        # Simulated cars show only to those who ask for them.
        wanted = {"filter[vehicle.mode]": "live"} | filters(request)
        if user_id := request.headers.get("sc-user-id"):
            wanted["filter[userId]"] = user_id
        rows = [row for row in self._world.ledger.connections() if matches(row, wanted)]
        return answers.page(request, rows, lambda row: self._drawn(request, row), order=NEWEST_FIRST)

    def connection(self, request: Request, connection_id: str) -> Response:
        row = next((row for row in self._world.ledger.connections() if row["id"] == connection_id), None)
        if row is None:
            raise answers.not_found("CONNECTION_NOT_FOUND", "The connection does not exist.")
        if request.method == "DELETE":
            self._world.ledger.disconnect([connection_id])
            return Response(status=204)
        return answers.single(self._drawn(request, row))

    def user(self, request: Request, user_id: str) -> Response:
        if not self._world.ledger.forget_user(user_id):
            raise answers.not_found("USER_NOT_FOUND", "The user does not exist.")
        return Response(status=204)

    def vehicle(self, request: Request, vehicle_id: str) -> Response:
        row = next((row for row in self._world.ledger.connections() if row["vehicleId"] == vehicle_id), None)
        if row is None:
            raise answers.not_found("VEHICLE_NOT_FOUND", "The vehicle does not exist or is not connected.")
        self._unless_troubled(request, vehicle_id)
        return answers.single(self._vehicle(request, row))

    def signals(self, request: Request, vehicle_id: str) -> Response:
        row, at = self._consented(request, vehicle_id), self._world.seen_at(vehicle_id)
        # Nothing keeps the store filled until a webhook is subscribed to the car.
        seen = self._look(row, at)
        return answers.page(
            request,
            seen,
            lambda pair: self._signal(request, vehicle_id, *pair, at),
            included={"vehicle": self._vehicle(request, row)},
        )

    def signal(self, request: Request, vehicle_id: str, code: str) -> Response:
        row, at = self._consented(request, vehicle_id), self._world.seen_at(vehicle_id)
        found = next((pair for pair in self._look(row, at) if pair[0].code == code), None)
        if found is None:
            raise answers.not_found("SIGNAL_NOT_FOUND", "There is no such signal for this vehicle.")
        resource = self._signal(request, vehicle_id, *found, at)
        return answers.single(resource, included={"vehicle": self._vehicle(request, row)})

    def _consented(self, request: Request, vehicle_id: str) -> dict:
        user_id = request.headers.get("sc-user-id")
        if not user_id:
            raise answers.invalid("missing userId", "MISSING_PARAMETER")
        row = self._world.ledger.connection_between(user_id, vehicle_id)
        if row is None:
            raise answers.not_found("VEHICLE_NOT_FOUND", "The vehicle does not exist or is not connected.")
        self._unless_throttled(vehicle_id)
        self._unless_troubled(request, vehicle_id)
        return row

    def _unless_throttled(self, vehicle_id: str) -> None:
        hosts = self._world.weather.hosts
        if not hosts.vehicle_calls:
            return
        limit = {"calls": hosts.vehicle_calls, "within": hosts.vehicle_seconds}
        if wait := self._world.turnstile.wait_seconds(vehicle_id, **limit):
            told = mishaps.mishap("RATE_LIMIT", "VEHICLE")
            raise answers.Problem(429, told.kind, told.code, told.description, wait_seconds=math.ceil(wait))

    def _unless_troubled(self, request: Request, vehicle_id: str) -> None:
        trouble = self._world.troubles.on(vehicle_id)
        if trouble is None:
            return
        told = mishaps.mishap(trouble.kind, trouble.code)
        raise answers.Problem(
            told.status,
            told.kind,
            told.code,
            told.description,
            resolution=told.asks(request.host_url, self._world.settings.application_id, vehicle_id),
            suggestedUserMessage=told.message,
            links={"about": told.docs},
            wait_seconds=trouble.wait_seconds(self._world.clock()),
        )

    def _look(self, row: dict, at: float) -> list[tuple[Signal, dict]]:
        pair = (row["userId"], row["vehicleId"])
        if all((s["userId"], s["vehicleId"]) != pair for s in self._world.ledger.subscriptions()):
            return []
        return self._world.look(row, at)

    def _signal(self, request: Request, vehicle_id: str, signal: Signal, told: dict, at: float) -> dict:
        own = f"{request.host_url}vehicle/v3/vehicles/{vehicle_id}"
        return {
            "id": signal.code,
            "type": "signal",
            "attributes": signal.titled() | told,
            "meta": {"oemUpdatedAt": iso(at), "retrievedAt": iso(at + 1), "ingestedAt": iso(at + 1)},
            "links": {"self": f"{own}/signals/{signal.code}", "vehicle": own},
        }

    def _vehicle(self, request: Request, row: dict) -> dict:
        return {
            "id": row["vehicleId"],
            "type": "vehicle",
            "attributes": attributes(self._world, row),
            "links": {"self": f"{request.host_url}vehicle/v3/vehicles/{row['vehicleId']}"},
        }

    def _drawn(self, request: Request, row: dict) -> dict:
        own = f"{request.host_url}vehicle/v3"
        user = {"id": row["userId"], "type": "user"}
        if row["externalId"]:
            user["externalId"] = row["externalId"]
        return {
            "id": row["id"],
            "type": "connection",
            "attributes": {
                "permissions": row["permissions"],
                "vehicle": attributes(self._world, row),
                "user": {"externalId": row["externalId"] or None},
            },
            "relationships": {
                "vehicle": {
                    "data": {"id": row["vehicleId"], "type": "vehicle"},
                    "links": {"related": f"{own}/vehicles/{row['vehicleId']}"},
                },
                "user": {"data": user},
            },
            "meta": {"createdAt": iso(row["createdAt"]), "updatedAt": iso(row["updatedAt"])},
            "links": {"self": f"{own}/connections/{row['id']}"},
        }


def attributes(world: World, row: dict) -> dict:
    car = world.cars[row["vehicleId"]]
    return car.identity() | {"mode": row["mode"], "powertrainType": car.powertrain}


def filters(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name.startswith("filter[")}


def matches(row: dict, wanted: dict[str, str]) -> bool:
    """Whether a connection or a subscription fits; a filter that is not known is passed over."""
    told = {
        "filter[userId]": row["userId"],
        "filter[vehicleId]": row["vehicleId"],
        "filter[webhookId]": row.get("webhookId"),
        "filter[vehicle.mode]": row["mode"],
        "filter[user.externalId]": row["externalId"],
    }
    return all(told[name] in (None, value) for name, value in wanted.items() if name in told)
