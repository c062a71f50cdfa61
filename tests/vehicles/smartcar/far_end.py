"""A tiny Smartcar on loopback: it answers from a list, and remembers what it was asked."""

import json
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from vehicles.smartcar.client import Application, Smartcar
from vehicles.smartcar.v2 import SmartcarV2


class FarEnd:
    """`answers` maps "METHOD /path" to what comes next: (status, body, headers), or a function of the request."""

    def __init__(self, server):
        self.origin = f"http://127.0.0.1:{server.server_address[1]}"
        self.answers: dict[str, list] = {}
        self.asked: list[tuple[str, dict, str]] = []
        self.tokens = 0
        self.token_seconds = 0.0
        self.application = application(self.origin)

    def will(self, line: str, status: int = 200, body: object = b"", **headers) -> None:
        self.answers.setdefault(line, []).append((status, body, headers))

    def lines(self) -> list[str]:
        return [line for line, _, _ in self.asked if "/oauth2/" not in line]

    def answer(self, line: str, headers: dict, body: str) -> tuple[int, object, dict]:
        self.asked.append((line, headers, body))
        if line == "POST /iam/oauth2/token" and line not in self.answers:
            time.sleep(self.token_seconds)
            self.tokens += 1
            return 200, {"access_token": f"token-{self.tokens}", "token_type": "Bearer", "expires_in": 3600}, {}
        waiting = self.answers.get(line.split("?")[0]) or [(404, {"errors": [{"code": "not_found"}]}, {})]
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


def application(origin: str) -> Application:
    hosts = ("connect", "auth", "iam", "api", "vehicle", "management")
    origins = {f"{host}_origin": f"{origin}/{host}" for host in hosts}
    origins["management_v3_origin"] = f"{origin}/management-v3"
    return Application("app-1", "client_1", "hush-secret", legacy_client_secret="hush-legacy", **origins)


def client(there, **more):
    return Smartcar(there.application, **more)


def client_v2(there, bearer=lambda: "access-1", **more):
    return SmartcarV2(there.application, bearer, **({"management_token": "amt"} | more))


def page(*data, **links):
    return {"data": list(data), "links": links}


@contextmanager
def far_end():
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def reply(self):
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            line = f"{self.command} {unquote(self.path)}"
            status, body, headers = there.answer(line, dict(self.headers), sent)
            if callable(body):
                body = body()
            payload = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(payload)))
            with suppress(ConnectionError):  # who asked may have lost patience
                self.end_headers()
                self.wfile.write(payload)

        do_GET = do_POST = do_DELETE = reply

        def log_message(self, *about):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there = FarEnd(server)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
