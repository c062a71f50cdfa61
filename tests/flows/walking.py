"""An owner on the way through Connect, and what Smartcar keeps of it."""

import requests
from django.conf import settings
from django.utils import timezone

from fleet.owners.models import Membership, Owner
from tests.flows.makers import consent
from vehicles.consent import connect, enrolment, subscribing
from vehicles.line import gateway
from vehicles.models import ConnectAttempt, Vehicle
from vehicles.smartcar.v2 import management


def accounts(makers: str) -> list[dict]:
    return requests.get(f"{makers}/control/accounts", timeout=10).json()["accounts"]


def command(makers: str, what: str, **said) -> dict:
    answer = requests.post(f"{makers}/control/{what}", json=said, timeout=10)
    answer.raise_for_status()
    return answer.json()


def account_of(makers: str, number: int = 0) -> str:
    return accounts(makers)[number]["account"]


def beginning(manager: Membership) -> dict:
    return {"by": manager.user, "session_key": "this-browser", "now": timezone.now()}


def walk(owner: Owner, manager: Membership, account: str, answer: str = "allow") -> ConnectAttempt:
    """From the click of a manager to the row that says how it ended."""
    began = beginning(manager)
    came_back = consent(connect.begin(owner, **began), account, answer)
    return ended(connect.come_back(came_back, **began))


def ended(attempt: ConnectAttempt) -> ConnectAttempt:
    """Look as often as it takes, without waiting in between."""
    now = timezone.now()
    for _ in range(len(enrolment.PAUSES) + 1):
        enrolment.sweep(now=now)
        attempt.refresh_from_db()
        if attempt.stage != ConnectAttempt.Stage.LOOKING:
            break
        now = attempt.look_after
    return attempt


def connected(owner: Owner, manager: Membership, account: str) -> list[Vehicle]:
    """The owner consents for all cars of an account, and each is subscribed."""
    attempt = walk(owner, manager, account)
    assert attempt.stage == "done", attempt.error
    subscribing.sweep(now=timezone.now())
    return list(Vehicle.objects.filter(pk__in=attempt.vehicles.values("pk")).select_related("connection"))


def listed() -> set[str]:
    """The cars whose consent Smartcar still has."""
    return {one.vehicle_id for one in gateway.smartcar().connections(mode=settings.SMARTCAR_MODE)}


def subscribed() -> set[str]:
    return {one.vehicle_id for one in gateway.smartcar().subscriptions(settings.SMARTCAR_WEBHOOK_ID)}


def managed() -> set[str]:
    """The same as the management of v2 tells it."""
    token = settings.SMARTCAR_MANAGEMENT_TOKENS[0]
    return {one.vehicle_id for one in management.connections(gateway.application(), token)}
