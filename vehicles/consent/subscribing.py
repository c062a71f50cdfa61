"""Each connected vehicle is subscribed to our webhook; without that Smartcar's store may stay empty."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from fleet.kit import clocks
from vehicles.domain import cadence
from vehicles.line import gateway
from vehicles.models import Vehicle
from vehicles.smartcar.errors import SmartcarProblem, TryLater
from vehicles.waist import troubles

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=6)
MOST = 40
AFTER_TROUBLE = timedelta(hours=6)


def sweep(*, now: datetime) -> int:
    """Subscribe who waits, one claim after the other: a call may take minutes, and a lease must outlast it."""
    if not gateway.is_set_up():
        return 0
    waiting = Vehicle.objects.pollable().select_related("connection__grant").filter(subscribe_after__isnull=False)
    done = 0
    while done < MOST and (rows := clocks.claim(waiting, "subscribe_after", lease=LEASE, limit=1, now=now)):
        done += 1
        if not subscribe(rows[0], now):
            break
    return done


def subscribe(vehicle: Vehicle, now: datetime) -> bool:
    """Ask for deliveries of this vehicle. It is there already: just as good. False if the others would fail as well."""
    try:
        gateway.line(vehicle.connection).subscribe(settings.SMARTCAR_WEBHOOK_ID, vehicle.smartcar_id)
    except TryLater as wait:
        clocks.wind(vehicle, "subscribe_after", now + (wait.after or timedelta(minutes=5)))
        return wait.scope != "app"
    except SmartcarProblem as problem:
        log.warning("vehicle %d could not be subscribed: %s", vehicle.pk, problem)
        troubles.take(vehicle, problem, now=now)
        if Vehicle.objects.pollable().filter(pk=vehicle.pk).exists():
            clocks.wind(vehicle, "subscribe_after", now + AFTER_TROUBLE)
        else:
            Vehicle.objects.filter(pk=vehicle.pk).update(poll_after=None, subscribe_after=None, review_after=now)
        return True
    Vehicle.objects.filter(pk=vehicle.pk).update(subscribed_at=now, poll_after=now + cadence.FIRST)
    clocks.wind(vehicle, "subscribe_after", None)
    return True
