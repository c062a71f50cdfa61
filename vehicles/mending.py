"""A known connection that the owner has mended: it counts once Smartcar tells of the car again."""

from datetime import datetime

from vehicles import capabilities, gateway
from vehicles.domain import cadence
from vehicles.models import Connection, Vehicle
from vehicles.smartcar.errors import NeedsOwner


def is_mended(connection: Connection, *, now: datetime) -> bool:
    """Whether the car can be read again. What the browser said is a hint at most."""
    try:
        gateway.line(connection).read(connection.car_id, now)
    except NeedsOwner:
        return False
    take_up(connection, now)
    return True


def take_up(connection: Connection, now: datetime) -> None:
    """Connected again, from now on: errors from before the owner acted say nothing any more."""
    connection.turn(Connection.State.CONNECTED, "", now)
    Connection.objects.filter(pk=connection.pk).update(mend_url="", misses=0, consented_at=now)
    capabilities.consent_anew(connection, now=now)
    Vehicle.objects.active().filter(connection=connection).update(
        poll_failures=0,
        poll_after=now + cadence.FIRST,
        subscribe_after=now,
        review_after=now,
        hold=Vehicle.Hold.NONE,
        hold_until=None,
    )
