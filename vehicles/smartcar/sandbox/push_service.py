"""A stand-in for the push services of browsers (RFC 8030, 8291, 8292), and for the phones behind them.

It checks who sends as a real one does, and then, unlike a real one, opens the message with the phone's own key, so
that a demo or a test sees what would stand on the screen.
"""

import base64
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import answers
from vehicles.smartcar.sandbox.spoken import spoken

LARGEST = 4096
LONGEST_TOKEN = 24 * 3600
KEPT = 200
FAILURES = (400, 403, 404, 410, 413, 429, 500, 503)


@dataclass(slots=True)
class Phone:
    """One browser that has let itself be reached."""

    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    sender: str = ""  # the key of whoever wrote first; another one may not


class PushService:
    def __init__(self, clock: Callable[[], float] = time.time):
        self._clock = clock
        self._phones: dict[str, Phone] = {}
        self._lock = threading.Lock()
        self._wrong: list[int] = []
        self._wait = 1  # seconds that a 429 asks for
        self.received: list[dict] = []

    def rules(self) -> list[tuple]:
        return [
            ("/push/<name>", self.receive, "POST"),
            ("/control/push", self.told, "GET"),
            ("/control/push/phone", self.phone, "POST"),
            ("/control/push/fail", self.fail, "POST"),
        ]

    def phone(self, request: Request) -> Response:
        """A new one, as JSON that `PushSubscription.toJSON()` would give. A name makes the same one again."""
        said = spoken(request)
        name, phone = str(said.get("name") or secrets.token_urlsafe(16)), Phone()
        with self._lock:
            phone = self._phones.setdefault(name, phone)
        point = phone.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": _written(point), "auth": _written(phone.auth)}
        endpoint = f"{request.host_url.rstrip('/')}/push/{name}"
        return answers.as_json({"endpoint": endpoint, "expirationTime": None, "keys": keys})

    def fail(self, request: Request) -> Response:
        """The next ones are answered so; a phone that is 404 or 410 is gone for good."""
        said = spoken(request)
        status, times = said.get("status"), said.get("times", 1)
        if status not in FAILURES or not isinstance(times, int) or not 0 < times <= KEPT:
            raise answers.invalid(f"status must be one of {', '.join(map(str, FAILURES))}; times from 1 to {KEPT}")
        wait = said.get("wait", 1)
        if not isinstance(wait, int) or wait < 0:
            raise answers.invalid("wait must be a whole number of seconds")
        with self._lock:
            self._wrong += [status] * times
            self._wait = wait
        return answers.as_json({"waiting": len(self._wrong)})

    def told(self, request: Request) -> Response:
        with self._lock:
            return answers.as_json({"messages": list(self.received)})

    def receive(self, request: Request, name: str) -> Response:
        with self._lock:
            phone = self._phones.get(name)
            wrong = self._wrong.pop(0) if self._wrong else 0
        if wrong in (404, 410):
            with self._lock:
                self._phones.pop(name, None)
        if wrong:
            return Response(
                "as it was told to", wrong, headers={"Retry-After": str(self._wait)} if wrong == 429 else None
            )
        if phone is None:
            return Response("push subscription has unsubscribed or expired", 410)
        body = request.get_data()
        if len(body) > LARGEST:
            return Response("too large", 413)
        if reason := self._trouble(request, phone):
            return Response(reason, 403 if reason.startswith("vapid") else 400)
        try:
            words = http_ece.decrypt(body, private_key=phone.key, auth_secret=phone.auth, version="aes128gcm")
            shown = json.loads(words)
        except Exception:  # whatever is wrong with it, a phone would show nothing
            return Response("cannot be opened", 400)
        message = {"phone": name, "topic": request.headers.get("Topic", ""), "at": self._clock(), "shown": shown}
        with self._lock:
            self.received = [*self.received, message][-KEPT:]
        return Response(status=201, headers={"Location": f"{request.host_url}push/message/{secrets.token_urlsafe(8)}"})

    def _trouble(self, request: Request, phone: Phone) -> str:
        """What a push service would say against the headers; empty when nothing."""
        if not request.headers.get("TTL", "").isdigit():
            return "TTL is missing"
        if request.headers.get("Content-Encoding") != "aes128gcm":
            return "Content-Encoding must be aes128gcm"
        if len(request.headers.get("Topic", "")) > 32:
            return "Topic is too long"
        scheme, _, said = request.headers.get("Authorization", "").partition(" ")
        parts = dict(part.strip().partition("=")[::2] for part in said.split(","))
        if scheme.lower() != "vapid" or not {"t", "k"} <= parts.keys():
            return "vapid is missing"
        if phone.sender not in ("", parts["k"]):
            return "vapid key is another one"
        try:
            claims = _claims(parts["t"], parts["k"])
        except (ValueError, InvalidSignature):
            return "vapid token is not signed with its key"
        now, where = self._clock(), urlsplit(request.host_url)
        if claims.get("aud") != f"{where.scheme}://{where.netloc}":
            return "vapid token is for another service"
        if not now < claims.get("exp", 0) <= now + LONGEST_TOKEN + 60:
            return "vapid token is out of date"
        phone.sender = parts["k"]
        return ""


def _claims(token: str, key: str) -> dict:
    """What the token says, once its signature was held against the key."""
    head, body, signature = token.split(".")
    raw = _read(signature)
    if len(raw) != 64:
        raise ValueError("not a signature of ES256")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _read(key))
    pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(pair, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(_read(body))


def _read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
