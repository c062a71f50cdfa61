"""A connection in trouble: mended by its owner, or stood in for by another owner's of the same car."""

from datetime import datetime

from django.db.models import OuterRef, Subquery

from vehicles.domain import cadence
from vehicles.line import gateway
from vehicles.models import Connection, Vehicle
from vehicles.smartcar.errors import NeedsOwner
from vehicles.waist import capabilities


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
        hold_reason="",
        hold_until=None,
    )


def stand_in(*, now: datetime) -> int:
    """A car that two owners connected reports through the other one while the one it hangs on is in trouble."""
    sound = Connection.objects.filter(
        fleet_id=OuterRef("fleet_id"), smartcar_id=OuterRef("smartcar_id"), state=Connection.State.CONNECTED
    )
    bereft = Vehicle.objects.active().filter(smartcar_id__isnull=False, connection__isnull=False)
    bereft = bereft.exclude(connection__state=Connection.State.CONNECTED)
    done = 0
    for vehicle in bereft.annotate(other=Subquery(sound.order_by("-consented_at").values("pk")[:1])).exclude(
        other=None
    ):
        same = Vehicle.objects.active().filter(pk=vehicle.pk, connection=vehicle.connection_id)
        done += same.update(connection=vehicle.other, poll_after=now, subscribe_after=now, review_after=now)
    return done
