"""The campaigns of a fleet: how far each is, whom to call, and what looks like the next one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from fleet.owners.models import Membership
from vehicles.consent import campaigning
from vehicles.domain.makes import said
from vehicles.models import Appeal, Campaign, Connection, Vehicle

PAST = 10
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    appeal: Appeal
    back: list[Vehicle]
    away: list[Vehicle]
    letter: str
    may_write: bool

    @property
    def status(self) -> str:
        return "due" if self.away else "ok"

    @property
    def mend(self) -> Connection | None:
        """The connection with which to begin together."""
        return next((car.connection for car in self.away if car.connection), None)


@dataclass(frozen=True, slots=True)
class Shown:
    campaign: Campaign
    make: str
    asked: list[Asked]
    back: int
    cars: int
    to_call: int


def board(member: Membership, now: datetime) -> dict:
    fleet = member.fleet
    cars = Vehicle.objects.active().select_related("connection")
    appeals = Appeal.objects.select_related("owner").prefetch_related(Prefetch("vehicles", queryset=cars))
    campaigns = Campaign.objects.seen_by(member).select_related("by").order_by("-began_at")
    campaigns = campaigns.prefetch_related(Prefetch("appeals", queryset=appeals.order_by("owner__name")))
    shown = [show(campaign, now) for campaign in campaigns.filter(state=Campaign.State.OPEN)]
    running = {one.campaign.make for one in shown}
    makes = {make: n for make, n in campaigning.by_make(campaigning.needing(fleet)).items() if make not in running}
    return {
        "open": shown,
        "past": [show(campaign, now) for campaign in campaigns.exclude(state=Campaign.State.OPEN)[:PAST]],
        "makes": makes,
        "suggestions": [(said(make), n) for make, n in campaigning.suggestions(fleet, now=now).items()],
        "here": "connect",
    }


def choices(makes: dict[str, int]) -> dict[str, str]:
    return {make: f"{said(make)}, {n} {'car' if n == 1 else 'cars'}" for make, n in makes.items()}


def show(campaign: Campaign, now: datetime) -> Shown:
    asked = [row(appeal, now) for appeal in campaign.appeals.all()]
    asked.sort(key=lambda one: not one.away)
    back, away = sum(len(one.back) for one in asked), sum(len(one.away) for one in asked)
    to_call = sum(1 for one in asked if one.away and not one.appeal.owner.email)
    return Shown(campaign, said(campaign.make), asked, back, back + away, to_call)


def row(appeal: Appeal, now: datetime) -> Asked:
    cars = list(appeal.vehicles.all())
    back = [car for car in cars if campaigning.is_back(car)]
    rested = appeal.mailed_at is None or now - appeal.mailed_at >= HOUR
    may_write = bool(appeal.owner.email) and appeal.mail_after is None and rested
    return Asked(appeal, back, [car for car in cars if car not in back], letter(appeal), may_write)


def letter(appeal: Appeal) -> str:
    if not appeal.owner.email:
        return "no e-mail: call"
    if appeal.mail_after is not None:
        return f"is tried again: {appeal.error}" if appeal.error else "leaves within a minute"
    if appeal.error:
        return f"not sent: {appeal.error}"
    return "" if appeal.mailed_at else "not written"
