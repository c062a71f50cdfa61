"""What a demo or a test may command: consents, the replay, a service done, a code thrown."""

import re
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import answers, control_page, pages
from vehicles.smartcar.sandbox.breaking import Breaking, done
from vehicles.smartcar.sandbox.catalogue import DEFAULT_PERMISSIONS
from vehicles.smartcar.sandbox.generations import DIALECTS
from vehicles.smartcar.sandbox.letters import Writer
from vehicles.smartcar.sandbox.live import Live
from vehicles.smartcar.sandbox.postman import Postman
from vehicles.smartcar.sandbox.replay import Replay, subscribed_connections
from vehicles.smartcar.sandbox.roads import PAST_DAYS
from vehicles.smartcar.sandbox.settings import LOOPBACK
from vehicles.smartcar.sandbox.spoken import spoken
from vehicles.smartcar.sandbox.upkeep import TASKS
from vehicles.smartcar.sandbox.world import World

CODE = re.compile(r"[PCBU][0-3][0-9A-F]{3}")
ERROR_TYPES = ("CONNECTED_SERVICES_ACCOUNT", "VEHICLE_STATE", "COMPATIBILITY", "PERMISSION")


def only_from_here(request: Request) -> None:
    """A page elsewhere must not command the sandbox, neither by a form nor by a name that points at loopback."""
    if urlsplit(f"//{request.host}").hostname not in LOOPBACK:
        raise answers.Problem(403, "PERMISSION", "HOST", "The sandbox answers to localhost and 127.0.0.1 only.")
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        raise answers.Problem(403, "PERMISSION", "ORIGIN", "Only the sandbox's own pages may do this.")


class Control:
    def __init__(self, world: World, writer: Writer, postman: Postman, replay: Replay, live: Live):
        self._world = world
        self._writer = writer
        self._postman = postman
        self._replay = replay
        self._live = live
        self._breaking = Breaking(world, writer, postman, live)

    def rules(self) -> list[tuple]:
        """Its addresses, each with who answers and how it may be asked."""
        return [
            ("/", self.page, "GET"),
            ("/sandbox.css", lambda request: pages.style(), "GET"),
            ("/control/status", self.status, "GET"),
            ("/control/accounts", self.accounts, "GET"),
            ("/control/service-log", self.service_log, "GET"),
            ("/control/consent", self.consent, "POST"),
            ("/control/replay", self.replay, "POST"),
            ("/control/verify", self.verify, "POST"),
            ("/control/dialect", self.dialect, "POST"),
            ("/control/service-done", self.service_done, "POST"),
            ("/control/throw-code", self.throw_code, "POST"),
            ("/control/deliver", self.deliver, "POST"),
            ("/control/error", self.error, "POST"),
            *self._breaking.rules(),
        ]

    def page(self, request: Request) -> Response:
        return control_page.draw(self._world, self.standing())

    def status(self, request: Request) -> Response:
        return answers.as_json(self.standing())

    def standing(self) -> dict:
        return {
            "replay": self._replay.progress(),
            "subscriptions": len(self._world.ledger.subscriptions()),
            "vehicles": len(self._world.ledger.connections()),
            "live": self._world.settings.live and self._live.is_verified and not self._replay.is_running,
            "verified": self._live.is_verified,
            "dialect": self._world.ledger.dialect,
            "deliveries": dict(self._postman.tally),
        }

    def accounts(self, request: Request) -> Response:
        told = [
            {
                "account": account.email,
                "brand": account.brand,
                "vehicles": [{"vehicleId": car.id, **car.identity()} for car in self._world.cars_of(account.email)],
            }
            for account in self._world.accounts.values()
        ]
        return answers.as_json({"accounts": told})

    def service_log(self, request: Request) -> Response:
        return answers.as_json({"services": self._world.service_log()})

    def consent(self, request: Request) -> Response:
        said = spoken(request)
        account = str(said.get("account"))
        if account not in self._world.accounts:
            raise answers.invalid("account must be one of GET /control/accounts")
        ids = [car.id for car in self._world.cars_of(account)]
        external_id = str(said.get("externalId") or "")
        permissions = said.get("permissions") or DEFAULT_PERMISSIONS
        if not _is_texts(permissions):
            raise answers.invalid("permissions must be a list of names")
        user_id = self._world.ledger.grant(account, ids, permissions, external_id, "live")
        for vehicle_id in ids:
            self._world.troubles.owner_came_back(vehicle_id)
        return done(request, {"userId": user_id, "vehicleIds": ids}, ids[0])

    def replay(self, request: Request) -> Response:
        days = spoken(request).get("days", PAST_DAYS)
        if not isinstance(days, int) or days < 1:
            raise answers.invalid("days must be a whole number above zero")
        self._replay.begin(days)
        return answers.as_json({"replay": self._replay.progress()}, 202)

    def verify(self, request: Request) -> Response:
        if not self._world.settings.webhook_url:
            raise answers.invalid("SANDBOX_WEBHOOK_URL is not set")
        return done(request, {"verified": self._live.verify()})

    def dialect(self, request: Request) -> Response:
        dialect = spoken(request).get("dialect")
        if dialect not in DIALECTS:
            raise answers.invalid(f"dialect must be one of {', '.join(DIALECTS)}")
        self._world.ledger.speak(dialect)
        return done(request, {"dialect": dialect})

    def service_done(self, request: Request) -> Response:
        said = spoken(request)
        vehicle_id = self._vehicle(said)
        tasks = said.get("tasks") or []
        if not isinstance(tasks, list) or not all(task in TASKS for task in tasks):
            raise answers.invalid(f"tasks must be some of {', '.join(TASKS)}")
        self._world.service_done(vehicle_id, tasks, at_dealer=bool(said.get("atDealer")))
        return self._delivered(request, vehicle_id)

    def throw_code(self, request: Request) -> Response:
        said = spoken(request)
        vehicle_id, code = self._vehicle(said), str(said.get("code", "")).strip().upper()
        if not CODE.fullmatch(code):
            raise answers.invalid("code must look like P0300")
        self._world.throw_code(vehicle_id, code)
        return self._delivered(request, vehicle_id)

    def deliver(self, request: Request) -> Response:
        return self._delivered(request, self._vehicle(spoken(request)))

    def error(self, request: Request) -> Response:
        said = spoken(request)
        vehicle_id, state = self._vehicle(said), said.get("state", "ERROR")
        kind = said.get("type", ERROR_TYPES[0])
        codes = said.get("signals", [])
        if kind not in ERROR_TYPES or state not in ("ERROR", "RESOLVED") or not _is_texts(codes):
            raise answers.invalid(f"type must be one of {', '.join(ERROR_TYPES)}; state ERROR or RESOLVED")
        rows = self._subscribed(vehicle_id)
        told = {"kind": kind, "code": said.get("code"), "state": state, "codes": codes}
        for row in rows:
            self._postman.post(self._writer.error(row, **told, signals_as=str(said.get("signalsAs", ""))))
        return answers.as_json({"deliveries": len(rows)})

    def _vehicle(self, said: dict) -> str:
        vehicle_id = str(said.get("vehicleId"))
        if vehicle_id not in self._world.cars:
            raise answers.invalid("vehicleId must be a car of this sandbox")
        return vehicle_id

    def _subscribed(self, vehicle_id: str) -> list[dict]:
        return [row for row in subscribed_connections(self._world) if row["vehicleId"] == vehicle_id]

    def _delivered(self, request: Request, vehicle_id: str) -> Response:
        count = self._live.report_now(vehicle_id)
        return done(request, {"deliveries": count}, vehicle_id)


def _is_texts(said: object) -> bool:
    return isinstance(said, list) and all(isinstance(part, str) for part in said)
