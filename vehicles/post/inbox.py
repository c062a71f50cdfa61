"""The inbox: keep first, understand later. What Smartcar drops after three minutes nobody else has."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from fleet.kit import clocks
from vehicles.models import Delivery, Mention, Vehicle
from vehicles.post.opening import take_in

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
BATCH = 400
LADDER = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
EARLIER = "from before this consent"
TRIES = len(LADDER) + 2  # once among others, once alone, and once after each wait


def sweep(*, now: datetime) -> int:
    """Open the deliveries whose time has come. How many there were: a full batch means there are more.

    Fresh ones are opened together. One that is here again broke its last batch or killed its worker, so it is
    claimed and opened alone and takes no neighbour down with it.
    """
    waiting = Delivery.objects.filter(open_after__isnull=False)
    fresh = clocks.claim(
        waiting.filter(attempts=0), "open_after", lease=LEASE, limit=BATCH, now=now, attempts="attempts"
    )
    if fresh:
        open_together(fresh, now)
    opened_alone = 0
    while opened_alone < BATCH and (again := claim_alone(waiting.filter(attempts__gt=0), now)):
        open_alone(again, now)
        opened_alone += 1
    return len(fresh) + opened_alone


def claim_alone(waiting: QuerySet, now: datetime) -> Delivery | None:
    rows = clocks.claim(waiting, "open_after", lease=LEASE, limit=1, now=now, attempts="attempts")
    return rows[0] if rows else None


def open_together(deliveries: list[Delivery], now: datetime) -> None:
    try:
        with transaction.atomic():
            take_in(deliveries, now)
    except Exception as error:  # one of them is bad; the next sweeps find out which
        log.warning("a batch of %d deliveries is opened one by one: %s", len(deliveries), type(error).__name__)
        Delivery.objects.filter(pk__in=[d.pk for d in deliveries], state=Delivery.State.WAITING).update(open_after=now)


def open_alone(delivery: Delivery, now: datetime) -> None:
    if delivery.attempts > TRIES:
        quarantine(delivery, delivery.error or "its worker died each time")
        return
    try:
        with transaction.atomic():
            take_in([delivery], now)
    except Exception as error:  # it stays visible, and tries again on the ladder
        log.exception("delivery %s put back", delivery.event_id[:40])
        if delivery.attempts >= TRIES:
            quarantine(delivery, type(error).__name__)
            return
        delivery.error = type(error).__name__
        delivery.save(update_fields=["error"])
        clocks.wind(delivery, "open_after", now + LADDER[max(0, delivery.attempts - 2)])


def quarantine(delivery: Delivery, why: str) -> None:
    delivery.state, delivery.error, delivery.open_after = Delivery.State.QUARANTINED, why[:200], None
    delivery.save(update_fields=["state", "error", "open_after"])


def replay(deliveries: QuerySet, *, now: datetime) -> int:
    """Open kept deliveries once more. Safe to do twice: effects are levels, not steps."""
    again = {"state": Delivery.State.WAITING, "open_after": now, "attempts": 0, "error": ""}
    return replayable(deliveries).update(**again)


def replayable(deliveries: QuerySet) -> QuerySet:
    """Those that are not about to be opened anyway. What came to a holder of the car before ours stays closed."""
    return deliveries.exclude(state=Delivery.State.WAITING).exclude(state=Delivery.State.IDLE, error=EARLIER)


def unpark(smartcar_ids: Iterable[str] | QuerySet, *, now: datetime) -> int:
    """The vehicle is known now: open what came for it before."""
    named = Mention.objects.filter(smartcar_id__in=smartcar_ids, fleet=None, over=False)
    parked = Delivery.objects.filter(state=Delivery.State.PARKED)
    waiting = {"state": Delivery.State.WAITING, "open_after": now, "attempts": 0}
    among_others = parked.filter(smartcar_id="", pk__in=named.values("delivery_id")).update(**waiting)
    return among_others + parked.filter(smartcar_id__in=smartcar_ids).exclude(smartcar_id="").update(**waiting)


def unpark_known(*, now: datetime) -> int:
    """Ring what was parked in the very moment in which its vehicle came in."""
    return unpark(Vehicle.objects.active().exclude(smartcar_id=None).values("smartcar_id"), now=now)


def forget_parked(smartcar_ids: Iterable[str], *, before: datetime) -> int:
    """What came for these cars earlier was their former holder's, and is nobody's business now."""
    named = Mention.objects.filter(smartcar_id__in=smartcar_ids, fleet=None, delivery__received_at__lt=before)
    named.update(over=True)
    parked = Delivery.objects.filter(state=Delivery.State.PARKED, received_at__lt=before)
    return parked.filter(smartcar_id__in=smartcar_ids).update(state=Delivery.State.IDLE, error=EARLIER)
