"""How the hosts answer today: late, not at all, or in the dialect of 2025."""

import json
import socket
import time
from datetime import datetime

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox.weather import HOSTS, Weather

PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
STAMPS = ("oemUpdatedAt", "retrievedAt", "createdAt", "updatedAt")
LOWER = {
    "400": "bad_request",
    "401": "unauthorized",
    "403": "forbidden",
    "404": "not_found",
    "429": "too_many_requests",
}
RENAMED = {"pageNumber": "page", "prev": "previous"}
NOT_IN_2025 = ("ingestedAt", "orderBy", "orderDirection", "mode", "powertrainType")


def before(weather: Weather, request: Request) -> Response | None:
    """An answer if there will be no better one."""
    host, hosts = host_of(request), weather.hosts
    if not hosts.outage or host not in HOSTS or host not in hosts.down:
        return None
    if hosts.outage == "page":
        return Response(PAGE, 502, content_type="text/html; charset=utf-8")
    if hosts.outage == "closed":
        linger(weather, request)
        _hang_up(request)
    return Response("upstream connect error", 503, content_type="text/plain")


def after(weather: Weather, request: Request, response: Response) -> Response:
    """The answer as it leaves: as late as the weather wants, and in its dialect."""
    if (
        weather.hosts.dialect == "2025"
        and request.path.startswith("/vehicle/")
        and response.mimetype == "application/json"
    ):
        response.set_data(json.dumps(of_2025(response.get_json())))
    linger(weather, request)
    return response


def host_of(request: Request) -> str:
    return request.path.split("/", 2)[1]


def linger(weather: Weather, request: Request) -> None:
    """So late after the request came, whatever answering it took: what was asked for has been done by then."""
    if weather.hosts.latency_ms and host_of(request) in HOSTS:
        time.sleep(max(0.0, request.environ["fettle.came_at"] + weather.hosts.latency_ms / 1000 - time.monotonic()))


def _hang_up(request: Request) -> None:
    """What is written after this goes nowhere; the other side sees a connection that ends without an answer."""
    wire = request.environ.get("werkzeug.socket")
    if wire is not None:
        wire.shutdown(socket.SHUT_RDWR)


def of_2025(body: dict) -> dict:
    """An answer of 2026 as the older API gave it: bare resources, whole numbers for times, other names for pages."""
    if "errors" in body:
        return {"errors": [_error(error) for error in body["errors"]]}
    data = body.get("data")
    return _older(data if isinstance(data, dict) else body)


def _older(part: object) -> object:
    if isinstance(part, list):
        return [_older(each) for each in part]
    if not isinstance(part, dict):
        return "kilometers" if part == "km" else part
    return {
        RENAMED.get(name, name): _millis(value) if name in STAMPS and isinstance(value, str) else _older(value)
        for name, value in part.items()
        if name not in NOT_IN_2025
    }


def _millis(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def _error(error: dict) -> dict:
    told = {name: error[name] for name in ("status", "title", "detail")}
    return told | {"code": LOWER.get(error["status"], "error"), "links": error.get("links") or {"about": None}}
