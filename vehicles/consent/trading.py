"""A v2 walk came back with a code: trade it for a grant, then ask which cars the grant opens."""

from datetime import datetime

from django.db import transaction

from fleet.kit import sealing
from vehicles.domain.measurements import Identity
from vehicles.line import credentials, gateway, grants
from vehicles.models import ConnectAttempt, Grant
from vehicles.smartcar.errors import SmartcarProblem, TryLater
from vehicles.smartcar.resources import ConnectionSeen
from vehicles.smartcar.v2 import SmartcarV2, tokens


def seen(attempt: ConnectAttempt, now: datetime) -> list[ConnectionSeen]:
    """The cars of the walk's grant. v2 numbers no connections: ours are named after the user and the car."""
    if attempt.grant is None:
        trade(attempt, now)
    line = gateway.speaker(attempt.grant)
    user_id = line.user_id()
    Grant.objects.filter(pk=attempt.grant_id).update(user_id=user_id)
    return [
        ConnectionSeen(
            id=connection_id(user_id, vehicle_id),
            user_id=user_id,
            vehicle_id=vehicle_id,
            external_id=attempt.owner.external_id,
            permissions=tuple(line.permissions(vehicle_id)),
            identity=identity_of(line, vehicle_id),
        )
        for vehicle_id in line.vehicles()
    ]


def trade(attempt: ConnectAttempt, now: datetime) -> None:
    """A code buys one pair, once. The pair is kept before anything else is tried."""
    pair = tokens.exchange(credentials.application(), sealing.unseal(attempt.code), gateway.way_back())
    with transaction.atomic():
        attempt.grant, attempt.code = grants.keep(attempt.owner, pair, now=now), ""
        attempt.save(update_fields=["grant", "code"])


def connection_id(user_id: str, vehicle_id: str) -> str:
    return f"v2:{user_id}:{vehicle_id}"[:200]


def identity_of(line: SmartcarV2, vehicle_id: str) -> Identity:
    """Unknown where the car or the consent does not tell: a nameless car is a car all the same."""
    try:
        return line.identity(vehicle_id)
    except TryLater as wait:
        if wait.scope == "app":
            raise
    except SmartcarProblem:
        pass
    return Identity()
