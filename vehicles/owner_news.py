"""What Smartcar says about the grant itself: an owner must do something, or has done it."""

from datetime import datetime

from vehicles import ingest
from vehicles.domain.measurements import Gap, Snapshot, Why
from vehicles.models import Connection, Source, Vehicle
from vehicles.smartcar.webhooks import VehicleError

OWNERS = ("CONNECTED_SERVICES_ACCOUNT", "PERMISSION")


def take(vehicle: Vehicle, errors: tuple[VehicleError, ...], *, at: datetime, now: datetime) -> None:
    """Turn errors of a delivery into the connection's state and the vehicle's capabilities."""
    gaps = []
    for error in errors:
        if error.signals is None and error.type in OWNERS:
            turn_connection(vehicle, error, at=at, now=now)
        elif error.signals and not error.resolved:
            why = {"COMPATIBILITY": Why.UNSUPPORTED, "PERMISSION": Why.NOT_PERMITTED}.get(error.type, Why.ERROR)
            gaps += [Gap(signal, why) for signal in error.signals]
    if gaps:
        ingest.record_all([ingest.Arrival(vehicle.pk, Snapshot(gaps=tuple(gaps)), Source.WEBHOOK, at)], now=now)


def turn_connection(vehicle: Vehicle, error: VehicleError, *, at: datetime, now: datetime) -> None:
    connection = vehicle.connection
    if connection is None or at < connection.consented_at or at < connection.state_since:
        return  # older than the consent or than what we know: an echo of a trouble that is over
    if error.resolved:
        changed = connection.state == Connection.State.NEEDS_OWNER and connection.turn("connected", "", now)
    else:
        changed = connection.turn("needs_owner", ".".join(filter(None, (error.type, error.code))), now)
    if changed:
        Vehicle.objects.filter(pk=vehicle.pk).update(review_after=now, poll_after=now if error.resolved else None)
