"""What a kept body turns out to be: read, sorted by whose it is, and taken in with all others of its batch."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from vehicles.models import Delivery, Mention, Source, Vehicle
from vehicles.post import owner_news
from vehicles.smartcar import webhooks
from vehicles.smartcar.errors import Unreadable
from vehicles.smartcar.events import Event, EventKind
from vehicles.waist import correcting, ingest, places

State = Delivery.State
TOLD = (EventKind.STATE, EventKind.ERROR)
UNREADABLE = "not a body we can read"
ELSEWHERE = "its car is in another fleet now"


@dataclass(slots=True)
class Outcome:
    """What becomes of one delivery, and which cars it told something."""

    delivery: Delivery
    state: str = State.IDLE
    error: str = ""
    told: list[tuple[Vehicle, Event]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def fleet_id(self) -> int | None:
        """Of a delivery about several cars each mention has its own."""
        if self.mentions or not self.told:
            return self.delivery.fleet_id
        return self.told[0][0].fleet_id


def take_in(deliveries: list[Delivery], now: datetime) -> None:
    """Read, sort by what each is, and record all states in one go."""
    outcomes = sort(deliveries)
    arrivals = arrivals_of(outcomes)
    if again := [outcome for outcome in outcomes if outcome.delivery.opened_at is not None]:
        brought = {(vehicle.pk, o.delivery.received_at) for o in again for vehicle, _ in o.told}
        correcting.unsay(arrivals_of(again + sort(of_one_moment(again))), brought, now=now)
    for outcome in outcomes:
        for vehicle, event in outcome.told:
            if event.errors:
                at = event.delivered_at or outcome.delivery.received_at
                owner_news.take(vehicle, event.errors, at=at, now=now)
    if arrivals:
        ingest.record_all(arrivals, now=now)
    put_away(outcomes, now)


def of_one_moment(again: list[Outcome]) -> list[Delivery]:
    """What else came for these cars at the very same time: by that alone their readings cannot be told apart."""
    here = [outcome.delivery for outcome in again]
    return list(
        Delivery.objects.filter(
            fleet__in={delivery.fleet_id for delivery in here},
            smartcar_id__in={delivery.smartcar_id for delivery in here},
            received_at__in={delivery.received_at for delivery in here},
            opened_at__isnull=False,
        ).exclude(pk__in=[delivery.pk for delivery in here])
    )


def arrivals_of(outcomes: list[Outcome]) -> list[ingest.Arrival]:
    return [
        ingest.Arrival(vehicle.pk, event.snapshot, Source.WEBHOOK, outcome.delivery.received_at)
        for outcome in outcomes
        for vehicle, event in outcome.told
        if event.snapshot is not None
    ]


def sort(deliveries: list[Delivery]) -> list[Outcome]:
    """What each is and whose. Nothing is written yet."""
    twins = second_contents(deliveries)
    read = {delivery.pk: opened(delivery) for delivery in deliveries if delivery.pk not in twins}
    ids = {event.vehicle_id for events in read.values() for event in events or () if event.vehicle_id}
    vehicles = {v.smartcar_id: v for v in Vehicle.objects.active().filter(smartcar_id__in=ids)}
    several = [delivery for delivery in deliveries if delivery.pk in read and not delivery.smartcar_id]
    mentions = {(m.delivery_id, m.smartcar_id): m for m in Mention.objects.filter(delivery__in=several)}
    outcomes = []
    for delivery in deliveries:
        if delivery.pk in twins:
            outcomes.append(Outcome(delivery, State.TWIN, "another content came first"))
        elif read[delivery.pk] is None:
            outcomes.append(Outcome(delivery, State.QUARANTINED, UNREADABLE))
        else:
            outcomes.append(whose(delivery, read[delivery.pk], vehicles, mentions))
    return outcomes


def whose(delivery: Delivery, events: tuple[Event, ...], vehicles: dict, mentions: dict) -> Outcome:
    telling = [event for event in events if event.kind in TOLD and not event.test]
    if not telling:
        return Outcome(delivery)
    if not delivery.smartcar_id:
        return about_several(delivery, telling, vehicles, mentions)
    vehicle = vehicles.get(delivery.smartcar_id)
    if vehicle is None:
        return Outcome(delivery, State.PARKED)
    if delivery.fleet_id not in (None, vehicle.fleet_id):
        return Outcome(delivery, State.IDLE, ELSEWHERE)
    return Outcome(delivery, State.DONE, told=[(vehicle, event) for event in telling])


def about_several(delivery: Delivery, telling: list[Event], vehicles: dict, mentions: dict) -> Outcome:
    """Each car by itself: what is known is taken in, and the body stays parked for the rest."""
    outcome = Outcome(delivery, State.DONE)
    for event in telling:
        if not event.vehicle_id:
            continue
        vehicle = vehicles.get(event.vehicle_id)
        key = (delivery.pk, event.vehicle_id)
        mention = mentions.setdefault(key, Mention(delivery=delivery, smartcar_id=event.vehicle_id))
        if vehicle is None and mention.fleet_id is None and not mention.over:
            outcome.state = State.PARKED
        elif vehicle is not None and not mention.over and mention.fleet_id in (None, vehicle.fleet_id):
            mention.fleet_id = vehicle.fleet_id
            outcome.told.append((vehicle, event))
        if mention not in outcome.mentions:
            outcome.mentions.append(mention)
    if not outcome.mentions:
        outcome.state, outcome.error = State.QUARANTINED, "it names no vehicle"
    return outcome


def put_away(outcomes: list[Outcome], now: datetime) -> None:
    """Write what became of each: one statement for each kind of outcome, of which a batch has few."""
    keepers = places.keepers(vehicle.fleet_id for outcome in outcomes for vehicle, _ in outcome.told)
    alike = defaultdict(list)
    for outcome in outcomes:
        delivery = outcome.delivery
        opened_at = now if outcome.told else delivery.opened_at
        alike[outcome.state, outcome.error, outcome.fleet_id, opened_at].append(delivery.pk)
        body = bytes(delivery.body)
        if not all(vehicle.fleet_id in keepers for vehicle, _ in outcome.told) or not outcome.told:
            cut = places.cut(body)
            if cut != body:
                Delivery.objects.filter(pk=delivery.pk).update(body=cut)
    for (state, error, fleet_id, opened_at), pks in alike.items():
        Delivery.objects.filter(pk__in=pks).update(
            state=state, error=error, fleet_id=fleet_id, opened_at=opened_at, open_after=None
        )
    named = [mention for outcome in outcomes for mention in outcome.mentions]
    Mention.objects.bulk_create([mention for mention in named if mention.pk is None], ignore_conflicts=True)
    Mention.objects.bulk_update([mention for mention in named if mention.pk], ["fleet_id"])


def opened(delivery: Delivery) -> tuple[Event, ...] | None:
    try:
        return webhooks.read_events(bytes(delivery.body), now=delivery.received_at)
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
