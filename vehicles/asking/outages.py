"""Times in which we did not hear. What was delivered then is lost for good, so the cars are asked, the urgent first.

The web itself leaves a sign of life while its door is open and the database takes rows. A gap in those signs is an
outage, whether the whole house was down or the web alone; whoever finds the gap writes it down, and a worker heals it.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from fleet.owners.models import Fleet
from fleet.watch.models import Pulse
from vehicles.domain.cadence import Why
from vehicles.line import turns
from vehicles.models import Outage, Vehicle

DOOR = "door"
LONGEST = timedelta(minutes=2)  # Smartcar tries for three, so a shorter gap loses nothing
RETRIES = timedelta(minutes=3)
GIVEN_UP = 3  # failures after which a car goes on by itself and holds up nobody's banner
URGENT = timedelta(days=7)


class Lapse:
    """Deliveries of this process that could not be kept, from the first one until one is kept again."""

    def __init__(self):
        self.lock, self.since, self.last, self.over_at = threading.Lock(), None, None, None

    def failed(self, now: datetime) -> None:
        with self.lock:
            self.since, self.last, self.over_at = self.since or now, now, None

    def kept(self, now: datetime) -> None:
        if self.since is not None and self.over_at is None:
            self.over_at = now

    def take(self, now: datetime) -> tuple[datetime, datetime] | None:
        """From when until when deliveries were lost, once it is over. What was retried in time is not lost."""
        with self.lock:
            if self.since is None or (self.over_at is None and now - self.last <= RETRIES):
                return None
            began, ended = self.since, self.over_at
            self.since = self.last = self.over_at = None
        if ended is None:
            return began, now
        return (began, ended) if ended - began > LONGEST else None


lapse = Lapse()


def door_is_open(*, now: datetime) -> None:
    """The web's sign of life, every half minute; it notices how long there was none."""
    with transaction.atomic():
        Pulse.objects.get_or_create(name=DOOR, defaults={"at": now})
        pulse = Pulse.objects.select_for_update().get(name=DOOR)
        if now - pulse.at > LONGEST:
            note(pulse.at, now)
        if now > pulse.at:
            Pulse.objects.filter(pk=pulse.pk).update(at=now)
    if lost := lapse.take(now):
        note(*lost)


@transaction.atomic
def note(began_at: datetime, ended_at: datetime) -> Outage:
    """Write an outage down. One that is not healed yet grows instead, and its cars are asked anew."""
    standing = Outage.objects.select_for_update().filter(healed_at=None).order_by("pk").first()
    if standing is None:
        return Outage.objects.create(began_at=began_at, ended_at=ended_at)
    standing.began_at, standing.ended_at = min(standing.began_at, began_at), max(standing.ended_at, ended_at)
    standing.rung_at = None
    standing.save(update_fields=["began_at", "ended_at", "rung_at"])
    return standing


def heal(*, now: datetime) -> None:
    """Put the cars of an outage in line, once, and see whether all have been heard of since."""
    with transaction.atomic():
        outage = Outage.objects.select_for_update().filter(healed_at=None).order_by("pk").first()
        if outage is None:
            return
        if outage.rung_at is None:
            cars = missed(outage, now)
            outage.cars, outage.rung_at = cars.count(), now
            turns.ring(cars.filter(wanted_at__lte=now + URGENT), Why.OUTAGE, now=now, ahead=timedelta(days=1))
            turns.ring(cars, Why.OUTAGE, now=now)
        if not missed(outage, now).exists():
            outage.healed_at = now
        outage.save(update_fields=["cars", "rung_at", "healed_at"])


def missed(outage: Outage, now: datetime) -> QuerySet:
    """Subscribed cars that were not heard of since, less those that cannot be asked or do not answer."""
    cars = Vehicle.objects.pollable().filter(subscribed_at__isnull=False, poll_failures__lt=GIVEN_UP)
    cars = cars.filter(Q(hold_until=None) | Q(hold_until__lte=now))
    return cars.filter(Q(seen_at=None) | Q(seen_at__lt=outage.ended_at))


@dataclass(frozen=True, slots=True)
class Healing:
    """How far one fleet's cars have answered after an outage."""

    began_at: datetime
    ended_at: datetime
    cars: int
    answered: int


def unhealed() -> QuerySet[Outage]:
    return Outage.objects.filter(healed_at=None)


def healing(fleet: Fleet, now: datetime) -> Healing | None:
    """For a fleet's pages; None when all is well with its cars."""
    outage = unhealed().order_by("pk").first()
    if outage is None:
        return None
    left = missed(outage, now).filter(fleet=fleet).count()
    if not left:
        return None
    cars = Vehicle.objects.pollable().filter(fleet=fleet, subscribed_at__isnull=False).count()
    return Healing(outage.began_at, outage.ended_at, cars, cars - left)
