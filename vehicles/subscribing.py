"""Each connected vehicle is subscribed to our webhook; without that Smartcar's store may stay empty."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from fleet.kit import clocks
from vehicles import gateway
from vehicles.domain import cadence
from vehicles.models import Vehicle
from vehicles.smartcar.errors import SmartcarProblem, TryLater

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=6)


def sweep(*, now: datetime) -> int:
    waiting = Vehicle.objects.pollable().select_related("connection").filter(subscribe_after__isnull=False)
    vehicles = clocks.claim(waiting, "subscribe_after", lease=LEASE, limit=40, now=now)
    for vehicle in vehicles:
        subscribe(vehicle, now)
    return len(vehicles)


def subscribe(vehicle: Vehicle, now: datetime) -> None:
    """Ask for deliveries of this vehicle. It is there already: just as good."""
    try:
        gateway.smartcar().subscribe(settings.SMARTCAR_WEBHOOK_ID, vehicle.connection.user_id, vehicle.smartcar_id)
    except TryLater as wait:
        clocks.wind(vehicle, "subscribe_after", now + (wait.after or timedelta(minutes=5)))
        return
    except SmartcarProblem as problem:
        log.warning("vehicle %d could not be subscribed: %s", vehicle.pk, problem)
        clocks.wind(vehicle, "subscribe_after", now + timedelta(hours=6))
        return
    Vehicle.objects.filter(pk=vehicle.pk).update(subscribed_at=now, poll_after=now + cadence.FIRST)
    clocks.wind(vehicle, "subscribe_after", None)
