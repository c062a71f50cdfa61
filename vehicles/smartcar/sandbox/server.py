"""The sandbox as one WSGI application and its process: all of Smartcar's hosts on one loopback port, by prefix."""

import logging
import sys
import time
from collections.abc import Callable

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import answers, hosts, settings, v2_answers
from vehicles.smartcar.sandbox.connect import Connect
from vehicles.smartcar.sandbox.control import Control, only_from_here
from vehicles.smartcar.sandbox.letters import Writer
from vehicles.smartcar.sandbox.live import Live
from vehicles.smartcar.sandbox.management_api import ManagementApi
from vehicles.smartcar.sandbox.postman import Postman
from vehicles.smartcar.sandbox.push_service import PushService
from vehicles.smartcar.sandbox.replay import Replay
from vehicles.smartcar.sandbox.tokens import Tokens
from vehicles.smartcar.sandbox.v2_compatibility import CompatibilityV2
from vehicles.smartcar.sandbox.v2_door import Door
from vehicles.smartcar.sandbox.v2_management import ManagementV2
from vehicles.smartcar.sandbox.v2_tokens import TokensV2
from vehicles.smartcar.sandbox.v2_vehicles import VehiclesV2
from vehicles.smartcar.sandbox.vehicle_api import VehicleApi
from vehicles.smartcar.sandbox.world import World

LARGEST_BODY = 64 * 1024
V3 = ("/vehicle/", "/management-v3/")
V2 = ("/api/", "/management/")

logger = logging.getLogger("sandbox")


class Sandbox:
    """One run of it. `start` begins verifying and driving; as a WSGI application it answers without that too."""

    def __init__(self, told: settings.Settings, clock: Callable[[], float] = time.time):
        self.world = World(told, clock)
        writer, self.postman = Writer(self.world), Postman(told, clock, self.world.weather)
        self.replay = Replay(self.world, writer, self.postman)
        self.live = Live(self.world, writer, self.postman, self.replay)
        self._tokens, door = Tokens(told, clock, self.world.grants), Door(self.world)
        connect, vehicles = Connect(self.world), VehicleApi(self.world)
        management = ManagementApi(self.world, self.live.first_delivery)
        push = PushService(clock)
        control = Control(self.world, writer, self.postman, self.replay, self.live)
        self._rules = Map(
            [
                *(_rule(*row) for row in connect.rules()),
                _rule("/iam/oauth2/token", self._tokens.issue, "POST"),
                _rule("/vehicle/v3/connections", vehicles.connections, "GET"),
                _rule("/vehicle/v3/connections/<connection_id>", vehicles.connection, "GET", "DELETE"),
                _rule("/vehicle/v3/users/<user_id>", vehicles.user, "DELETE"),
                _rule("/vehicle/v3/vehicles/<vehicle_id>", vehicles.vehicle, "GET"),
                _rule("/vehicle/v3/vehicles/<vehicle_id>/signals", vehicles.signals, "GET"),
                _rule("/vehicle/v3/vehicles/<vehicle_id>/signals/<code>", vehicles.signal, "GET"),
                _rule("/management-v3/v3/subscriptions", management.subscriptions, "GET", "POST"),
                _rule("/management-v3/v3/subscriptions/<subscription_id>", management.subscription, "GET", "DELETE"),
                _rule("/management-v3/v3/webhooks", management.webhooks, "GET"),
                _rule("/management-v3/v3/webhooks/<webhook_id>", management.webhook, "GET"),
                *(_rule(*row) for row in TokensV2(self.world).rules()),
                *(_rule(*row) for row in VehiclesV2(self.world, door).rules()),
                *(_rule(*row) for row in ManagementV2(self.world, door, self.live.first_delivery).rules()),
                *(_rule(*row) for row in CompatibilityV2(self.world, door).rules()),
                *(_rule(*row) for row in control.rules()),
                *(_rule(*row) for row in push.rules()),
            ],
            strict_slashes=False,
        )

    def start(self) -> None:
        self.postman.start()
        self.live.start()

    def stop(self) -> None:
        self.live.stop()
        self.replay.stop()
        self.postman.stop()

    def __call__(self, environ, start_response):
        environ["fettle.came_at"] = time.monotonic()
        request = Request(environ)
        request.max_content_length = request.max_form_memory_size = LARGEST_BODY
        try:
            response = hosts.before(self.world.weather, request) or self._answer(request)
        except (answers.Problem, v2_answers.Problem) as problem:
            response = problem.answer()
        except MethodNotAllowed as error:
            response = answers.Problem(405, "VALIDATION", "METHOD", "This path does not know the method.").answer()
            response.headers["Allow"] = ", ".join(error.valid_methods or ())
        except HTTPException as error:
            response = error.get_response(environ)
        return hosts.after(self.world.weather, request, response)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith(V3):
            self._tokens.check(request)
            if not self.world.bucket.take():
                raise answers.Problem(429, "RATE_LIMIT", "SMARTCAR_API", "The application's request limit is reached.")
        elif not request.path.startswith(("/iam/", "/auth/", *V2)):
            only_from_here(request)

        matched = self._rules.bind_to_environ(request.environ)
        try:
            answer, values = matched.match()
        except HTTPException as error:
            if request.path.startswith(V2):
                raise v2_answers.no_such_path(request.path) from error
            if isinstance(error, MethodNotAllowed):
                raise
            raise answers.not_found("INVALID_PATH", "The requested path does not exist.") from error
        return answer(request, **values)


def _rule(path: str, answer: Callable[..., Response], *methods: str) -> Rule:
    return Rule(path, endpoint=answer, methods=methods)


class _Quiet(WSGIRequestHandler):
    """Addresses hold state and ids, so requests are not logged."""

    def log_request(self, *args):
        pass


def create_app(told: settings.Settings, clock: Callable[[], float] = time.time) -> Sandbox:
    return Sandbox(told, clock)


def serve(sandbox: Sandbox, *, port: int | None = None):
    """A threaded server for it, bound but not running yet; port 0 takes a free one."""
    told = sandbox.world.settings
    server = make_server(told.host, told.port if port is None else port, sandbox, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    return server


def main() -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    try:
        told = settings.from_environment()
    except settings.Refused as refusal:
        sys.exit(f"sandbox: {refusal}")
    sandbox = create_app(told)
    server = serve(sandbox)
    logger.info("listening on http://%s:%d with %d cars", told.host, server.port, len(sandbox.world.cars))
    sandbox.start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        sandbox.stop()
        server.server_close()
