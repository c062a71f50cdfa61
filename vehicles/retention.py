"""How long bodies are kept: long enough to read them again after a mended translator, and no longer."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from vehicles.consent import parting
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Delivery, Gauge, Mention
from vehicles.post import doorwatch
from vehicles.waist import places

BATCH = 500
BATCHES = 40  # in one sweep: on SQLite the door waits while one batch goes
ODD = (Delivery.State.QUARANTINED, Delivery.State.PARKED)


def sweep(*, now: datetime) -> int:
    """Delete what is old enough, oldest first. How many went: as many as a sweep takes means there are more."""
    forget_places()
    doorwatch.forget(now=now)
    parting.forget(now=now)
    last = gone = 0
    for _ in range(BATCHES):
        rows = list(Delivery.objects.filter(pk__gt=last).order_by("pk").only("received_at", "state")[:BATCH])
        old = [row.pk for row in rows if is_old(row, now)]
        gone += len(old)
        Delivery.objects.filter(pk__in=old).delete()
        # They lie in the order in which they came, so behind the first young one there is no old one.
        if len(rows) < BATCH or rows[-1].received_at > now - keeps(Delivery.State.DONE):
            break
        last = rows[-1].pk
    return gone


def is_old(row: Delivery, now: datetime) -> bool:
    return row.state != Delivery.State.WAITING and row.received_at < now - keeps(row.state)


def keeps(state: str) -> timedelta:
    """What could not be read, or whose car is not known, has had no effect yet and is kept for longer."""
    return timedelta(days=settings.ODD_BODIES_KEPT_DAYS if state in ODD else settings.BODIES_KEPT_DAYS)


def forget_places() -> None:
    """A fleet that kept locations does so no longer: they leave its gauges and its bodies."""
    shown = Gauge.objects.filter(signal=Signal.LOCATION)
    fleets = set(shown.values_list("vehicle__fleet_id", flat=True).order_by().distinct())
    for fleet_id in fleets - places.keepers(fleets):
        named = Mention.objects.filter(fleet=fleet_id).values("delivery_id")
        for kept in Delivery.objects.filter(Q(fleet=fleet_id) | Q(pk__in=named)).only("body").iterator(BATCH):
            body = bytes(kept.body)
            if (cut := places.cut(body)) != body:
                Delivery.objects.filter(pk=kept.pk).update(body=cut)
        Capability.objects.filter(vehicle__fleet=fleet_id, signal=Signal.LOCATION).delete()
        shown.filter(vehicle__fleet=fleet_id).delete()
