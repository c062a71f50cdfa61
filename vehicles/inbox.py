"""The inbox: keep first, understand later. What Smartcar drops after three minutes nobody else has."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from fleet.kit import clocks
from vehicles import ingest, owner_news
from vehicles.models import Delivery, Source, Vehicle
from vehicles.smartcar import webhooks
from vehicles.smartcar.errors import Unreadable

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
BATCH = 400
LADDER = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
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


def take_in(deliveries: list[Delivery], now: datetime) -> None:
    """Read, sort by what each is, and record all states in one go."""
    twins = second_contents(deliveries)
    events = [(d, opened(d)) for d in deliveries if d.pk not in twins]
    ids = {event.vehicle_id for _, event in events if event and event.vehicle_id}
    vehicles = {v.smartcar_id: v for v in Vehicle.objects.active().filter(smartcar_id__in=ids)}
    arrivals = []
    for delivery, event in events:
        if event is None or event.kind == "LEGACY":
            delivery.state, delivery.error = Delivery.State.QUARANTINED, "not a body we can read"
        elif event.kind not in ("STATE", "ERROR") or event.test:
            delivery.state = Delivery.State.IDLE
        elif event.vehicle_id not in vehicles:
            delivery.state = Delivery.State.PARKED
        else:
            delivery.state, delivery.error = Delivery.State.DONE, ""
            vehicle = vehicles[event.vehicle_id]
            if event.snapshot is not None:
                arrivals.append(ingest.Arrival(vehicle.pk, event.snapshot, Source.WEBHOOK, delivery.received_at))
            if event.errors:
                owner_news.take(vehicle, event.errors, at=event.delivered_at or delivery.received_at, now=now)
    for delivery in deliveries:
        if delivery.pk in twins:
            delivery.state, delivery.error = Delivery.State.TWIN, "another content came first"
    if arrivals:
        ingest.record_all(arrivals, now=now)
    put_away(deliveries, now)


def put_away(deliveries: list[Delivery], now: datetime) -> None:
    """Write what became of each: one statement for each outcome, of which a batch has few."""
    outcomes = defaultdict(list)
    for delivery in deliveries:
        delivery.open_after = None
        outcomes[delivery.state, delivery.error].append(delivery.pk)
        if cut_location(delivery):
            delivery.save(update_fields=["body"])
    for (state, error), pks in outcomes.items():
        Delivery.objects.filter(pk__in=pks).update(state=state, error=error, open_after=None, opened_at=now)


def opened(delivery: Delivery) -> webhooks.Event | None:
    try:
        return webhooks.read_event(bytes(delivery.body), now=delivery.received_at)
    except Unreadable:
        return None


def second_contents(deliveries: list[Delivery]) -> set[int]:
    """Deliveries whose event is known with other content. The first kept stands; the other shows that it came."""
    first: dict[tuple, Delivery] = {}
    events = {d.event_id for d in deliveries}
    webhooks_asked = {d.webhook_id for d in deliveries}  # named too, or the index that begins with it is of no use
    known = Delivery.objects.filter(source="smartcar", webhook_id__in=webhooks_asked, event_id__in=events)
    for row in known.only("pk", "webhook_id", "event_id").order_by("-pk"):
        first[row.webhook_id, row.event_id] = row.pk
    return {d.pk for d in deliveries if first[d.webhook_id, d.event_id] != d.pk}


def cut_location(delivery: Delivery) -> bool:
    """Where a car was is nobody's business here: it leaves the kept body once that has been read."""
    body = bytes(delivery.body)
    if b"location-" not in body:
        return False
    try:
        content = json.loads(body)
        signals = content["data"]["signals"]
        content["data"]["signals"] = [s for s in signals if not str(s.get("code", "")).startswith("location-")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    delivery.body = json.dumps(content, separators=(",", ":")).encode()
    return True


def quarantine(delivery: Delivery, why: str) -> None:
    delivery.state, delivery.error, delivery.open_after = Delivery.State.QUARANTINED, why[:200], None
    delivery.save(update_fields=["state", "error", "open_after"])


def replay(deliveries: Iterable[Delivery], *, now: datetime) -> int:
    """Open kept deliveries once more. Safe to do twice: effects are levels, not steps."""
    pks = [delivery.pk for delivery in deliveries]
    return Delivery.objects.filter(pk__in=pks).update(
        state=Delivery.State.WAITING, open_after=now, attempts=0, error=""
    )


def unpark(smartcar_ids: Iterable[str] | QuerySet, *, now: datetime) -> int:
    """The vehicle is known now: open what came for it before."""
    parked = Delivery.objects.filter(state=Delivery.State.PARKED, smartcar_id__in=smartcar_ids)
    return parked.update(state=Delivery.State.WAITING, open_after=now, attempts=0)


def unpark_known(*, now: datetime) -> int:
    """Ring what was parked in the very moment in which its vehicle came in."""
    return unpark(Vehicle.objects.active().exclude(smartcar_id=None).values("smartcar_id"), now=now)
