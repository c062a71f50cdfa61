"""A running sandbox on a free port, a sink where its webhooks arrive, and a client that knows the way."""

import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import requests

from vehicles.smartcar.sandbox.catalogue import DEFAULT_PERMISSIONS
from vehicles.smartcar.sandbox.server import create_app, serve
from vehicles.smartcar.sandbox.settings import Settings

TOKEN = "management-token"
BACK = "http://localhost:8000/connect/back/"
LEGACY_SECRET = "a-legacy-secret"
GM, FORD, EV = "gm@northgate.example", "ford@northgate.example", "ev@northgate.example"
EVERYTHING = [*DEFAULT_PERMISSIONS, "read_location", "read_security"]


def told(folder: Path, **more) -> Settings:
    usual = {
        "client_secret": "a-secret",
        "legacy_client_secret": LEGACY_SECRET,
        "management_tokens": (TOKEN,),
        "redirect_uris": (BACK,),
        "live": False,
        "bucket_size": 10_000,
        "time_scale": 1000,
    }
    return Settings(folder=folder / "sandbox", **usual | more)


@contextmanager
def running(settings: Settings, clock=time.time):
    sandbox = create_app(settings, clock)
    server = serve(sandbox, port=0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    sandbox.start()
    try:
        yield Guest(sandbox, f"http://127.0.0.1:{server.port}")
    finally:
        sandbox.stop()
        server.shutdown()
        server.server_close()


class Guest:
    """Talks to the sandbox over HTTP, as the portal would."""

    def __init__(self, sandbox, origin: str):
        self.sandbox = sandbox
        self.origin = origin
        self.bearer = {}

    def sign_in(self) -> None:
        answer = self.post("/iam/oauth2/token", data=self.credentials())
        self.bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def credentials(self, **other) -> dict:
        settings = self.sandbox.world.settings
        return {
            "grant_type": "client_credentials",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
        } | other

    def ask(self, method: str, path: str, **how) -> requests.Response:
        headers = self.bearer | how.pop("headers", {})
        how = {"timeout": 10} | how
        return requests.request(method, self.origin + path, headers=headers, allow_redirects=False, **how)

    def get(self, path: str, **how) -> requests.Response:
        return self.ask("GET", path, **how)

    def post(self, path: str, **how) -> requests.Response:
        return self.ask("POST", path, **how)

    def consent(self, account: str = GM, external_id: str = "owner-7") -> tuple[str, list[str]]:
        said = self.post("/control/consent", json={"account": account, "externalId": external_id}).json()
        return said["userId"], said["vehicleIds"]

    def subscribe(self, user_id: str, vehicle_id: str) -> requests.Response:
        webhook_id = self.sandbox.world.settings.webhook_id
        attributes = {"webhookId": webhook_id, "userId": user_id, "vehicleId": vehicle_id}
        return self.post("/management-v3/v3/subscriptions", json={"data": {"attributes": attributes}})

    def signals(self, user_id: str, vehicle_id: str) -> dict[str, dict]:
        path = f"/vehicle/v3/vehicles/{vehicle_id}/signals?page[size]=100"
        data = self.get(path, headers={"sc-user-id": user_id}).json()["data"]
        return {row["id"]: row["attributes"] for row in data}


class Holder:
    """An application that went through Connect for a code, and speaks v2 with what it got for it."""

    def __init__(self, guest: Guest, account: str = GM, **asked):
        self.guest = guest
        self.cars = [car.id for car in guest.sandbox.world.cars_of(account)]
        self.code = walk(guest, account, **asked)["code"]
        self.pair = self.trade(code=self.code).json()

    def trade(self, *, secret: str = LEGACY_SECRET, **said) -> requests.Response:
        """At the token endpoint, with the fields that the kind of grant wants unless told otherwise."""
        if "code" in said:
            said = {"grant_type": "authorization_code", "redirect_uri": BACK} | said
        elif "refresh_token" in said:
            said = {"grant_type": "refresh_token"} | said
        who = (self.guest.sandbox.world.settings.application_id, secret)
        return self.guest.post("/auth/oauth/token", data=said, auth=who)

    def ask(self, method: str, path: str, **how) -> requests.Response:
        bearer = {"Authorization": f"Bearer {self.pair['access_token']}"}
        return self.guest.ask(method, f"/api/v2.0{path}", headers=bearer | how.pop("headers", {}), **how)

    def get(self, path: str, **how) -> requests.Response:
        return self.ask("GET", path, **how)

    def car(self, path: str = "", *, which: int = 0, **how) -> requests.Response:
        return self.get(f"/vehicles/{self.cars[which]}{path}", **how)

    def batch(self, *paths: str, which: int = 0) -> dict[str, dict]:
        said = {"requests": [{"path": path} for path in paths]}
        answer = self.ask("POST", f"/vehicles/{self.cars[which]}/batch", json=said)
        assert answer.status_code == 200, answer.text
        return {item["path"]: item for item in answer.json()["responses"]}


def walk(guest: Guest, account: str = GM, *, answer: str = "allow", **asked) -> dict[str, str]:
    """Through Connect as an owner who shares every car; what comes back to the application."""
    cars = [car.id for car in guest.sandbox.world.cars_of(account)]
    form = {
        "response_type": "code",
        "client_id": guest.sandbox.world.settings.application_id,
        "redirect_uri": BACK,
        "scope": " ".join(EVERYTHING),
        "account": account,
        "vehicle": cars,
        "answer": answer,
    }
    back = guest.post("/connect/oauth/authorize", data=form | asked)
    assert back.status_code == 302, back.text
    return told_back(back.headers["Location"])


def told_back(location: str) -> dict[str, str]:
    assert location.startswith(f"{BACK}?")
    return dict(parse_qsl(urlsplit(location).query))


class Sink(ThreadingHTTPServer):
    """Keeps what arrives: (headers, raw bytes). Answers VERIFY, and `status` to the rest."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Door)
        self.arrived: list[tuple[dict, bytes]] = []
        self.status = 200
        self.url = f"http://127.0.0.1:{self.server_port}/webhooks/smartcar/"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def events(self, kind: str = "VEHICLE_STATE") -> list[dict]:
        bodies = [json.loads(raw) for _, raw in list(self.arrived)]
        return [body for body in bodies if body.get("eventType") == kind]

    def wait(self, until, seconds: float = 5.0) -> None:
        """`until` looks at this sink and says whether enough has come."""
        deadline = time.monotonic() + seconds
        while not until(self):
            assert time.monotonic() < deadline, f"waited in vain; {len(self.arrived)} arrived"
            time.sleep(0.01)


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        body, answer, status = json.loads(raw), b"{}", self.server.status
        if body.get("eventType") == "VERIFY" or body.get("eventName") == "verify":
            status = 200
            challenge = (body.get("data") or body["payload"])["challenge"]
            proof = hmac.new(TOKEN.encode(), challenge.encode(), hashlib.sha256).hexdigest()
            answer = json.dumps({"challenge": proof}).encode()
        self.server.arrived.append((dict(self.headers), raw))
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass
