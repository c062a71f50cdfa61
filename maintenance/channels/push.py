"""Web push: a notice on the screen of a phone or browser that its owner has turned on.

RFC 8030 (the post), 8291 (only the browser can read it) and 8292 (it knows who sends). The address comes from a
browser, so only the services that browsers really use are written to.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

import http_ece
import requests
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urldecode, b64urlencode
from urllib3.exceptions import HTTPError

from fleet.kit import sealing
from fleet.kit.mail import NotNow, Refused
from maintenance.models import Device, Notice

SERVICES = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
TTL = 24 * 3600  # seconds for which the service keeps it for a device that is off
LONGEST = 300  # signs of a sentence; a service takes 4 KB
WAIT = (3, 5)  # seconds to connect, and between two bytes


class Gone(Exception):
    """The browser has thrown this address away."""


class Away(NotNow):
    """The service itself does not answer."""


@dataclass(frozen=True, slots=True)
class Message:
    """`href` opens when it is pressed; a later one of the same `tag` takes its place on the screen."""

    title: str
    body: str
    href: str
    tag: str


def is_on() -> bool:
    return bool(settings.VAPID_KEY)


@cache
def signer(key: str) -> Vapid02:
    return Vapid02.from_raw(key.encode())


def public_key() -> str:
    """What a browser is told when it asks for an address: only who holds the other half may use that."""
    point = signer(settings.VAPID_KEY).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return b64urlencode(point)


def is_allowed(endpoint: str) -> bool:
    """Whether this is the address of a known service, and so not of a machine in our own network."""
    if settings.PUSH_SINK and endpoint.startswith(f"{settings.PUSH_SINK}/"):
        return True
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    known = any(host == one or host.endswith(f".{one}") for one in SERVICES)
    return parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc and known


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether these are the keys of a browser: a point on the curve, and sixteen bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64urldecode(p256dh.encode()))
        return len(b64urldecode(auth.encode())) == 16
    except (ValueError, UnsupportedAlgorithm):
        return False


def deliver(notice: Notice, letter, *, now: datetime) -> None:
    """To each device of this person that has not had it yet. Raises Refused, NotNow.

    One that fails holds up no other, but for those of a service that has just shown to be away.
    """
    if not is_on():
        raise Refused("push is not set up")
    about = f"alert-{notice.alert_id}" if notice.alert_id else f"fleet-{notice.fleet_id}"
    message = Message(letter.title, letter.line[:LONGEST], letter.path, about)
    later: NotNow | None = None
    wrong, away = "no device is turned on", set()
    for device in notice.user.devices.all():
        if device.pk in notice.reached:
            continue
        try:
            to = Address.of(device)
            if to.service in away:
                continue
            send(to, message, topic=f"n{notice.pk}")
        except Gone:
            device.delete()
            wrong = "the device is gone"
        except NotNow as error:
            later = error
            away |= {to.service} if isinstance(error, Away) else set()
            note(device, str(error), now)
        except Refused as error:
            wrong = note(device, str(error), now)
        else:
            notice.reached.append(device.pk)
            notice.save(update_fields=["reached"])  # at once: whatever happens next, it has it
            Device.objects.filter(pk=device.pk).update(reached_at=now, failed_at=None, error="")
    if later:
        raise later
    if not notice.reached:
        raise Refused(wrong)


def note(device: Device, error: str, now: datetime) -> str:
    Device.objects.filter(pk=device.pk).update(failed_at=now, error=error[:200])
    return error


@dataclass(frozen=True, slots=True)
class Address:
    """How a device is reached. `service` is the origin behind its endpoint."""

    endpoint: str
    p256dh: str
    auth: str

    @classmethod
    def of(cls, device: Device) -> "Address":
        """Raises Refused: no key of ours opens it, or it leads elsewhere."""
        try:
            held = json.loads(sealing.unseal(device.sealed))
        except sealing.Sealed:
            raise Refused("its address cannot be opened any more; turn it on again") from None
        if not is_allowed(held["endpoint"]):
            raise Refused("not the address of a push service")
        return cls(held["endpoint"], held["p256dh"], held["auth"])

    @property
    def service(self) -> str:
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}"


def send(to: Address, message: Message, *, topic: str) -> None:
    """Hand one message to the service of a device. Raises Gone, Refused, NotNow."""
    headers = {
        "TTL": str(TTL),
        "Topic": topic,
        "Urgency": "high",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        **signer(settings.VAPID_KEY).sign({"aud": to.service, "sub": settings.PUSH_CONTACT}),
    }
    body = sealed_for(to.p256dh, to.auth, json.dumps(asdict(message)).encode())
    how = {"data": body, "headers": headers, "allow_redirects": False, "stream": True}
    try:
        with requests.post(to.endpoint, timeout=WAIT, **how) as answer:
            judge(answer)
    except requests.RequestException as error:
        raise Away(type(error).__name__) from error


def sealed_for(p256dh: str, auth: str, words: bytes) -> bytes:
    """So that only that browser can read it."""
    return http_ece.encrypt(
        words,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=b64urldecode(p256dh.encode()),
        auth_secret=b64urldecode(auth.encode()),
        version="aes128gcm",
    )


def judge(answer: requests.Response) -> None:
    """The service's answer, in our kinds; its own words go with it, on one line."""
    status = answer.status_code
    if 200 <= status < 300:
        return
    if status in (404, 410):
        raise Gone
    words = f"the push service said {' '.join(f'{status} {start_of(answer)}'.split())[:160]}"
    if status == 429 or status >= 500:
        wait = answer.headers.get("Retry-After", "")
        raise NotNow(words, wait=int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else 0)
    raise Refused(words)


def start_of(answer: requests.Response) -> str:
    """The first words of its body; none where that cannot be read, for the status has said what counts."""
    try:
        return answer.raw.read(200, decode_content=True).decode(errors="replace")
    except (HTTPError, OSError):
        return ""
