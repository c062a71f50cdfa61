"""The vehicle host of v2: users, their cars, and one path for each thing that a car tells; batches of paths too."""

import math
from urllib.parse import parse_qsl, urlsplit

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import mishaps, v2_answers, v2_cabin, v2_paths, v2_visits
from vehicles.smartcar.sandbox.stamps import iso
from vehicles.smartcar.sandbox.v2_answers import Problem
from vehicles.smartcar.sandbox.v2_door import Door
from vehicles.smartcar.sandbox.world import World

VEHICLE = "/api/v2.0/vehicles/<vehicle_id>"
# These are about the application or its token, so they fail a batch as a whole.
OF_THE_APPLICATION = {
    ("AUTHENTICATION", None),
    ("AUTHENTICATION", "UNAUTHORIZED"),
    ("AUTHENTICATION", "ACCESS_DENIED"),
    ("BILLING", "ACCOUNT_SUSPENDED"),
    ("RATE_LIMIT", "SMARTCAR_API"),
}
# What Smartcar says of itself, without asking the car.
OF_SMARTCAR = {"BILLING", "COMPATIBILITY", "PERMISSION", "RATE_LIMIT", "RESOURCE_NOT_FOUND", "VALIDATION"}


class VehiclesV2:
    def __init__(self, world: World, door: Door):
        self._world = world
        self._door = door

    def rules(self) -> list[tuple]:
        return [
            ("/api/v2.0/user", self.user, "GET"),
            ("/api/v2.0/vehicles", self.vehicles, "GET"),
            (VEHICLE, self.data, "GET"),
            (f"{VEHICLE}/permissions", self.permissions, "GET"),
            (f"{VEHICLE}/batch", self.batch, "POST"),
            (f"{VEHICLE}/application", self.disconnect, "DELETE"),
            *((f"{VEHICLE}{path}", self.data, "GET") for path in (*v2_paths.PATHS, v2_cabin.PATH)),
        ]

    def user(self, request: Request) -> Response:
        return v2_answers.told({"id": self._door.user(request).user_id})

    def vehicles(self, request: Request) -> Response:
        ids = [row["vehicleId"] for row in self._door.user(request).rows]
        return _page(request, "vehicles", ids, usual=10)

    def permissions(self, request: Request, vehicle_id: str) -> Response:
        return _page(request, "permissions", self._row(request, vehicle_id)["permissions"], usual=25)

    def data(self, request: Request, vehicle_id: str) -> Response:
        row = self._row(request, vehicle_id)
        path = "/" + request.path.split(vehicle_id, 1)[1].strip("/")
        body, headers = self._look(request, row, path, request.args)
        return v2_answers.told(body, headers)

    def batch(self, request: Request, vehicle_id: str) -> Response:
        row = self._row(request, vehicle_id)
        trouble = self._world.troubles.on(vehicle_id)
        if trouble and (trouble.kind, trouble.code) in OF_THE_APPLICATION:
            self._unless_troubled(request, vehicle_id)
        return v2_answers.told({"responses": [self._item(request, row, path) for path in _wanted(request)]})

    def disconnect(self, request: Request, vehicle_id: str) -> Response:
        self._world.ledger.disconnect([self._row(request, vehicle_id)["id"]])
        return v2_answers.told({"status": "success"})

    def _row(self, request: Request, vehicle_id: str) -> dict:
        row = self._door.user(request).row(vehicle_id)
        if row is None:
            raise Problem("PERMISSION")
        return row

    def _item(self, request: Request, row: dict, asked: str) -> dict:
        """One path of a batch. Without any headers, as seen live, where the car or its maker failed."""
        parts = urlsplit(asked)
        try:
            body, headers = self._look(request, row, "/" + parts.path.strip("/"), dict(parse_qsl(parts.query)))
        except Problem as problem:
            item = {"path": asked, "code": problem.status, "body": problem.body}
            if problem.body["type"] not in OF_SMARTCAR:
                return item
            wait = {} if problem.wait_seconds is None else {"Retry-After": str(problem.wait_seconds)}
            return item | {"headers": {"content-type": "application/json"} | wait}
        return {"path": asked, "code": 200, "body": body, "headers": {k.lower(): v for k, v in headers.items()}}

    def _look(self, request: Request, row: dict, path: str, args) -> tuple[object, dict[str, str]]:
        """What this path tells of the car now, with its headers; a Problem if it cannot."""
        vehicle_id = row["vehicleId"]
        units = v2_paths.UNITS.get(request.headers.get("SC-Unit-System", "metric").lower())
        if units is None:
            raise v2_answers.invalid("sc-unit-system", "must be one of [metric, imperial]")
        if path not in v2_paths.PATHS and path not in ("/", v2_cabin.PATH):
            raise Problem("RESOURCE_NOT_FOUND", "PATH")
        self._unless_throttled(vehicle_id)
        self._unless_troubled(request, vehicle_id)
        if path == "/":
            _unless_refused(row, "read_vehicle_info")
            return {"id": vehicle_id} | self._world.cars[vehicle_id].identity(), {"SC-Unit-System": units.name}

        at = self._world.seen_at(vehicle_id)
        headers = {"SC-Data-Age": iso(at), "SC-Fetched-At": iso(at + 1), "SC-Unit-System": units.name}
        if path == v2_cabin.PATH:
            _unless_refused(row, v2_cabin.PERMISSION)
            return v2_cabin.security(self._world.conditions[vehicle_id], at), headers
        body = self._told(row, v2_paths.PATHS[path], units, at)
        return (v2_visits.between(body, args, at) if isinstance(body, list) else body), headers

    def _told(self, row: dict, path: v2_paths.Path, units: v2_paths.Units, at: float) -> object:
        _unless_refused(row, path.permission)
        look = self._world.look(row, at, signals=path.signals)
        bodies = {signal.code: told["body"] for signal, told in look if "body" in told}
        if not path.is_told(bodies):
            # What was never heard of is no error of the car's: its maker does not answer.
            wanted = path.needs or path.signals
            errors = [told["status"].get("error") for signal, told in look if signal in wanted]
            error = next(filter(None, errors), {"type": "UPSTREAM", "code": "NO_RESPONSE"})
            raise Problem(error["type"], error["code"])
        try:
            return path.draw(v2_paths.Bodies(bodies, units))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # An oddity by command may have no words in v2: then it is told as it is.
            return next(iter(bodies.values()))

    def _unless_throttled(self, vehicle_id: str) -> None:
        hosts = self._world.weather.hosts
        if not hosts.vehicle_calls:
            return
        limit = {"calls": hosts.vehicle_calls, "within": hosts.vehicle_seconds}
        if wait := self._world.turnstile.wait_seconds(vehicle_id, **limit):
            raise Problem("RATE_LIMIT", "VEHICLE", wait_seconds=math.ceil(wait))

    def _unless_troubled(self, request: Request, vehicle_id: str) -> None:
        trouble = self._world.troubles.on(vehicle_id)
        if trouble is None:
            return
        told = mishaps.mishap(trouble.kind, trouble.code)
        raise Problem(
            trouble.kind,
            trouble.code,
            resolution=told.asks(request.host_url, self._world.settings.application_id, vehicle_id),
            wait_seconds=trouble.wait_seconds(self._world.clock()),
        )


def _unless_refused(row: dict, permission: str) -> None:
    if permission not in row["permissions"]:
        raise Problem("PERMISSION")


def _page(request: Request, name: str, rows: list, *, usual: int) -> Response:
    limit = v2_answers.whole_number(request.args.get("limit", str(usual)), "limit", low=1, high=50)
    offset = v2_answers.whole_number(request.args.get("offset", "0"), "offset", low=0, high=10**8)
    return v2_answers.told({name: rows[offset : offset + limit], "paging": {"count": len(rows), "offset": offset}})


def _wanted(request: Request) -> list[str]:
    said = request.get_json(silent=True)
    requests = said.get("requests") if isinstance(said, dict) else None
    if not isinstance(requests, list) or not requests:
        raise v2_answers.invalid("requests", "is required")
    paths = [each.get("path") if isinstance(each, dict) else None for each in requests]
    if not all(isinstance(path, str) and path.startswith("/") for path in paths):
        raise v2_answers.invalid("path", 'must begin with "/"')
    return paths
