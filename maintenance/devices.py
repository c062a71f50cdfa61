"""Turning a phone or browser on and off for notices."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver

from fleet.kit import sealing
from fleet.kit.mail import NotNow
from fleet.kit.mail import Refused as Refusal
from fleet.kit.refusals import Refused
from fleet.owners.models import User
from maintenance.channels import push
from maintenance.models import Device

MOST = 10  # of one person; the oldest makes room
LONGEST = 1_000
OF_SESSION = "device"
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gives us to reach it."""

    endpoint: str
    p256dh: str
    auth: str

    @classmethod
    def read(cls, said: object) -> "Subscription":
        """From the JSON of a `PushSubscription`. Raises Refused."""
        keys = said.get("keys") if isinstance(said, dict) else None
        found = [said.get("endpoint"), keys.get("p256dh"), keys.get("auth")] if isinstance(keys, dict) else [None]
        if not all(isinstance(one, str) and one.isascii() and 0 < len(one) <= LONGEST for one in found):
            raise Refused("", "That is no push subscription.")
        if not push.is_allowed(found[0]):
            raise Refused("", "This browser’s push service is not one that we know.")
        if not push.are_keys(*found[1:]):
            raise Refused("", "The keys of this subscription are not those of a browser.")
        return cls(*found)

    @property
    def digest(self) -> str:
        return sha256(self.endpoint.encode()).hexdigest()


def named(agent: str) -> str:
    """What a person calls the browser of this User-Agent: “Chrome on Android”."""
    browser = next((name for sign, name in BROWSERS if re.search(rf"\b{sign}", agent)), "A browser")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return f"{browser} on {system}" if system else browser


@transaction.atomic
def turn_on(user: User, subscription: Subscription, *, agent: str, now: datetime) -> Device:
    """From now on this browser is told what its person hears of; one that was somebody else's is theirs no more."""
    held = {"endpoint": subscription.endpoint, "p256dh": subscription.p256dh, "auth": subscription.auth}
    about = {"user": user, "sealed": sealing.seal(json.dumps(held)), "label": named(agent)}
    device, is_new = Device.objects.update_or_create(
        digest=subscription.digest, defaults=about, create_defaults=about | {"created_at": now}
    )
    if is_new:
        surplus = list(user.devices.values_list("pk", flat=True)[MOST:])
        Device.objects.filter(pk__in=surplus).delete()
    return device


def turn_off(user: User, pk: int) -> Device | None:
    device = user.devices.filter(pk=pk).first()
    if device is not None:
        device.delete()
    return device


def try_out(device: Device, *, now: datetime) -> str:
    """One message at once. Empty where the service took it, else what it said."""
    message = push.Message("Fettle", "Notices appear like this one.", "/settings/notices/", "test")
    try:
        push.send(push.Address.of(device), message, topic="test")
    except push.Gone:
        device.delete()
        return "The browser has thrown this address away. Turn it on again."
    except (NotNow, Refusal) as error:
        return push.note(device, str(error), now).capitalize() + "."
    Device.objects.filter(pk=device.pk).update(reached_at=now, failed_at=None, error="")
    return ""


@receiver(user_logged_out)
def forget_this_one(sender, request, user, **_) -> None:
    """Whoever signs out of a browser is told nothing on it any more: somebody else may hold it next."""
    pk = request.session.get(OF_SESSION) if hasattr(request, "session") else None
    if user is not None and pk:
        Device.objects.filter(pk=pk, user=user).delete()
