"""Walks through Connect, from the click of a manager to the row that says how it ended."""

import requests
from django.utils import timezone

from tests.flows.makers import consent
from vehicles.consent import connect, enrolment
from vehicles.models import ConnectAttempt


def account_of(origin: str, number: int = 0) -> str:
    return requests.get(f"{origin}/control/accounts", timeout=10).json()["accounts"][number]["account"]


def beginning(manager) -> dict:
    return {"by": manager.user, "session_key": "this-browser", "now": timezone.now()}


def walk(owner, manager, account: str, answer: str = "allow") -> ConnectAttempt:
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
