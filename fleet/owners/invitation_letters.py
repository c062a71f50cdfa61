"""What an invited person reads."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from fleet.owners.models import Invitation, Role

DOES = {
    Role.MANAGER: "plan its services and look after its people",
    Role.TECHNICIAN: "see what is due and mark work complete, on a phone too",
    Role.VIEWER: "see what is due and what was done",
}


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def write(one: Invitation, token: str) -> Letter:
    link = settings.PUBLIC_ORIGIN + reverse("owners:invitation", args=[token])
    parts = [
        f"{one.by_name} asks you to join {one.fleet.name} on Fettle as {one.get_role_display().lower()}. "
        f"You will {DOES[Role(one.role)]}.",
        f"Open this address to join. It is good once, until {one.expires_at:%-d %B %Y}:",
        link,
        "If you expected no such letter, leave it: without the address nothing happens.",
    ]
    subject = f"{one.by_name} asks you to join {one.fleet.name}"
    return Letter(" ".join(subject.split())[:200], "\n\n".join(parts) + "\n")
