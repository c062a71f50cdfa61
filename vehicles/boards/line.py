"""The line to Smartcar as its operator sees it: what came in, what was refused, what waits, what was odd."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q

from fleet.watch import alarms
from vehicles.asking import silence
from vehicles.consent import listings
from vehicles.line import breakers, budget
from vehicles.models import Delivery, DoorTally, OddAnswer, Outage, Parting, Round, Vehicle
from vehicles.post import doorwatch
from vehicles.smartcar import webhooks
from vehicles.smartcar.errors import Unreadable

HOURS = 24
SAMPLE = 40
MOST = 20
LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Signer:
    """A management token by its place in the setting, never by its value."""

    title: str
    signed: int
    last: datetime | None
    is_set: bool


@dataclass(frozen=True, slots=True)
class Lag:
    """Seconds, of the last deliveries that were opened."""

    on_the_way: tuple[float, float] | None  # from Smartcar's stamp to our door: the middle and the worst
    in_the_inbox: tuple[float, float] | None
    of: int


def board(now: datetime) -> dict:
    tallies = list(DoorTally.objects.filter(minute__gt=now - timedelta(hours=HOURS)).order_by("minute"))
    return {
        "now": now,
        "alarms": alarms.standing().values(),
        "last": Delivery.objects.order_by("-pk").first(),
        "hours": by_hour(tallies, now),
        "totals": {name: sum(getattr(row, name) for row in tallies) for name in doorwatch.COLUMNS},
        "signers": signers(tallies),
        "lag": lag(),
        "inbox": inbox(now),
        "quarantine": quarantine(),
        "odd": OddAnswer.objects.filter(Q(seen_at=None) | Q(last_at__gt=F("seen_at"))).order_by("-last_at")[:MOST],
        "partings": Parting.objects.filter(done_at=None).order_by("began_at")[:MOST],
        "partings_open": Parting.objects.filter(done_at=None).count(),
        "breakers": breakers.open_ones(),
        "quiet": silence.quiet_makes(),
        "calls": {"left": budget.left(now), "bucket": budget.bucket()},
        "outages": Outage.objects.order_by("-began_at")[:MOST],
        "rounds": Round.objects.order_by("name"),
        "subscriptions": subscriptions(),
        "lost": listings.lost(now).select_related("fleet")[:MOST],
    }


def by_hour(tallies: list[DoorTally], now: datetime) -> list[dict]:
    """Every hour of the day, also those in which nothing came, newest first."""
    hours = {}
    for back in range(HOURS):
        begin = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=back)
        hours[begin] = dict.fromkeys(doorwatch.COLUMNS, 0) | {"hour": begin}
    for row in tallies:
        hour = hours.get(row.minute.replace(minute=0))
        for name in doorwatch.COLUMNS if hour else ():
            hour[name] += getattr(row, name)
    return list(hours.values())


def signers(tallies: list[DoorTally]) -> list[Signer]:
    counts, last = Counter(), {}
    for row in tallies:
        counts.update(row.signers)
        last.update(dict.fromkeys(row.signers, row.minute))
    tokens = settings.SMARTCAR_MANAGEMENT_TOKENS
    found = []
    for place, token in enumerate(tokens, start=1):
        mark, age = doorwatch.mark(token), "" if place > 1 else ", the newest"
        found.append(Signer(f"{place} of {len(tokens)}{age}", counts.pop(mark, 0), last.get(mark), True))
    found += [Signer("no longer set", count, last.get(mark), False) for mark, count in counts.items()]
    return found


def lag() -> Lag:
    sample = list(Delivery.objects.exclude(opened_at=None).order_by("-pk")[:SAMPLE])
    inside = [(row.opened_at - row.received_at).total_seconds() for row in sample]
    outside = [(row.received_at - sent).total_seconds() for row in sample if (sent := sent_at(row))]
    return Lag(middle_and_worst(outside), middle_and_worst(inside), len(sample))


def sent_at(delivery: Delivery) -> datetime | None:
    try:
        events = webhooks.read_events(bytes(delivery.body), now=delivery.received_at)
    except Unreadable:
        return None
    return next((event.delivered_at for event in events if event.delivered_at), None)


def middle_and_worst(seconds: list[float]) -> tuple[float, float] | None:
    """Never below zero: two clocks disagree by a moment."""
    return (max(median(seconds), 0.0), max(max(seconds), 0.0)) if seconds else None


def inbox(now: datetime) -> dict:
    counts = dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))
    late = Delivery.objects.filter(open_after__lte=now - LATE)
    return {
        "states": [(state.label, counts.get(state.value, 0)) for state in Delivery.State],
        "waiting": counts.get(Delivery.State.WAITING.value, 0),
        "late": late.count(),
        "oldest": late.aggregate(oldest=Min("received_at"))["oldest"],
    }


def quarantine() -> list[dict]:
    """By class: what has the same reason is opened again together."""
    held = Delivery.objects.filter(state=Delivery.State.QUARANTINED).order_by().values("error")
    classes = held.annotate(count=Count("pk"), first=Min("received_at"), last=Max("received_at"))
    return list(classes.order_by("-count", "error")[:MOST])


def subscriptions() -> dict:
    cars = Vehicle.objects.pollable()
    return cars.aggregate(
        cars=Count("pk"),
        subscribed=Count("pk", filter=Q(subscribed_at__isnull=False)),
        waiting=Count("pk", filter=Q(subscribe_after__isnull=False)),
    )
