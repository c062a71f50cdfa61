"""What Smartcar says about the grant itself: an owner must do something, or has done it."""

from datetime import datetime

from vehicles import ingest
from vehicles.domain.measurements import Gap, Snapshot, Why
from vehicles.models import Connection, Source, Vehicle
from vehicles.smartcar.events import VehicleError

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
    """The newest word by its own time stands, whichever of two came first.

    What is older than the consent, or than what we know, is an echo of a trouble that is over.
    """
    connection = Connection.objects.select_for_update().filter(pk=vehicle.connection_id).first()
    if connection is None or at < max(connection.consented_at, connection.state_since):
        return
    if not error.resolved:
        changed = connection.turn("needs_owner", ".".join(filter(None, (error.type, error.code))), at)
    elif connection.state == Connection.State.DISCONNECTED:
        return
    else:
        changed = connection.turn("connected", "", at)
        if not changed:  # the word it answers may still come, and is then the older one
            connection.state_since = at
            connection.save(update_fields=["state_since"])
    if changed:
        Vehicle.objects.filter(pk=vehicle.pk).update(review_after=now, poll_after=now if error.resolved else None)
