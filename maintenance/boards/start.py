"""The first hour of a fleet: what is done, what comes next, and what waits for a car. Worked out anew each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse

from fleet.owners.models import Invitation, Membership, Owner
from maintenance.boards.ages import ago
from maintenance.boards.plans import baselines
from maintenance.domain.sums import counted
from maintenance.models import DueItem
from vehicles.models import Vehicle

LONG = timedelta(hours=1)  # after which a car that tells nothing wants somebody to look


@dataclass(frozen=True, slots=True)
class Step:
    """`state`: done, now (the one to do next), waiting (for a car), or later."""

    title: str
    words: str
    is_done: bool
    act: str = ""
    href: str = ""
    is_waiting: bool = False
    state: str = ""

    @property
    def status(self) -> str:
        return {"done": "ok", "now": "info", "waiting": "stale", "later": "unknown"}[self.state]


@dataclass(frozen=True, slots=True)
class Cars:
    all: int
    told: int
    planned: int
    oldest: datetime | None  # when the first of those joined that have told nothing yet

    @property
    def mute(self) -> int:
        return self.all - self.told


def board(member: Membership, now: datetime) -> dict:
    """Seven steps by four questions."""
    cars = cars_of(member)
    steps = [
        fleet(member),
        units(member),
        car(member, cars),
        data(cars, now),
        program(cars),
        starts(member, cars),
        people(member),
    ]
    steps = in_order(steps)
    done = sum(step.is_done for step in steps)
    return {"steps": steps, "done": done, "all": len(steps), "is_whole": done == len(steps), "here": "start"}


def cars_of(member: Membership) -> Cars:
    planned = DueItem.objects.standing().filter(vehicle=OuterRef("pk"), line__isnull=False)
    told, mute = Q(seen_at__isnull=False), Q(seen_at__isnull=True)
    found = (
        Vehicle.objects.seen_by(member)
        .active()
        .annotate(is_planned=Exists(planned))
        .aggregate(
            all=Count("pk"),
            told=Count("pk", filter=told),
            planned=Count("pk", filter=Q(is_planned=True)),
            oldest=Min("connection__consented_at", filter=mute),
        )
    )
    return Cars(**found)


def in_order(steps: list[Step]) -> list[Step]:
    """The first that is not done and waits for nobody is the one to do now."""
    found, is_taken = [], False
    for step in steps:
        state = "done" if step.is_done else "waiting" if step.is_waiting else "later" if is_taken else "now"
        is_taken = is_taken or state == "now"
        found.append(Step(step.title, step.words, step.is_done, step.act, step.href, step.is_waiting, state))
    return found


def fleet(member: Membership) -> Step:
    return Step("Begin a fleet", f"{member.fleet.name} is here, and you manage it.", True)


def units(member: Membership) -> Step:
    words = f"Distances in {member.fleet.distance_words}, days by the clock of {member.fleet.place}."
    return Step("Choose units and time zone", words, True, "Change them", reverse("owners:settings"))


def car(member: Membership, cars: Cars) -> Step:
    title, href = "Connect a car", reverse("vehicles:connect")
    if cars.all:
        words = f"{counted(cars.all, 'car')} {'is' if cars.all == 1 else 'are'} connected."
        return Step(title, words, True, "Connect another", href)
    if Owner.objects.seen_by(member).exists():
        words = "An owner is named, and no car of theirs is here yet: go through Smartcar with them."
    else:
        words = "Name whoever holds the account at the car’s maker, and go through Smartcar together: two minutes."
    return Step(title, words, False, "Connect an owner", href)


def data(cars: Cars, now: datetime) -> Step:
    title = "Wait for first data"
    if not cars.all:
        return Step(title, "Comes by itself within minutes of the consent.", False, is_waiting=True)
    if not cars.mute:
        return Step(title, f"{'It has' if cars.all == 1 else 'All have'} told something.", True)
    since = now - cars.oldest if cars.oldest else timedelta(0)
    words = f"{cars.told} of {counted(cars.all, 'car')} {'has' if cars.told == 1 else 'have'} told something."
    if since < LONG:
        words = f"{words} The others are asked now; this page says when they answer."
        return Step(title, words, False, is_waiting=True)
    words = f"{words} The longest is silent for {ago(since)}: it may sleep, or its owner left the permissions unticked."
    return Step(title, words, False, "See which and why", reverse("vehicles:connect"), is_waiting=cars.told > 0)


def program(cars: Cars) -> Step:
    title, href = "Pick a program", reverse("maintenance:programs")
    if not cars.told:
        words = "A car that has said what drives it is given one of the standard programs; choose others as you like."
        return Step(title, words, False, "See the programs", href, is_waiting=True)
    without = cars.all - cars.planned
    if not without:
        words = f"Every car follows one ({counted(cars.all, 'car')})."
        return Step(title, words, True, "See or change them", href)
    words = f"{counted(without, 'car')} of {cars.all} {'follows' if without == 1 else 'follow'} none yet."
    return Step(title, words, False, "Pick one", href)


def starts(member: Membership, cars: Cars) -> Step:
    title, href = "Say when each was last serviced", reverse("maintenance:all-baselines")
    why = "Until it is told, distance and time cannot be judged."
    if not cars.planned:
        return Step(title, why, False, is_waiting=True)
    unknown = baselines.unknown(member, baselines.Asked()).order_by().count()
    if not unknown:
        return Step(title, "Every start is known.", True)
    words = f"{counted(unknown, 'start')} {'is' if unknown == 1 else 'are'} unknown. {why} Many can be pasted at once."
    return Step(title, words, False, "Tell them", href)


def people(member: Membership) -> Step:
    title, href = "Invite a technician", reverse("owners:people") + "#invite"
    others = Membership.objects.filter(fleet=member.fleet).exclude(pk=member.pk).count()
    if others:
        return Step(title, f"{others + 1} people work here.", True, "Ask another", href)
    asked = Invitation.objects.for_fleet(member.fleet).filter(ended_at=None).count()
    if asked:
        whom = "One person is" if asked == 1 else f"{asked} people are"
        return Step(title, f"{whom} asked to join.", True, "See", href)
    words = "Whoever does the work marks it complete on a phone, and the car’s own data is held against it."
    return Step(title, words, False, "Ask somebody", href)
