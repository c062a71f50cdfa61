"""The faults of the fleet: open and past episodes, lights, and codes that many cars of a model share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from fleet.owners.models import Fleet, Membership
from maintenance.boards import pages
from maintenance.boards.ages import Age, age
from maintenance.domain import lamps
from maintenance.domain.ruling import Ruled
from maintenance.faulting import Rulebook, severity
from maintenance.models import FaultRule, Proof, Spread
from maintenance.proving import saying
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Fault, Light
from vehicles.waist.sightings import LOST

TITLES = {"": "Open faults", "past": "Past faults", "lights": "Warning lights", "campaigns": "One code, many cars"}
WORDS = {"ignore": "Ignored"}
MOST_CARS = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One episode as a page shows it. `state` says how sure its end is."""

    fault: Fault
    ruled: Ruled
    status: str
    word: str
    seen: Age
    state: str
    claim: str
    shared: int


@dataclass(frozen=True, slots=True)
class LightRow:
    light: Light
    status: str
    seen: Age
    state: str


@dataclass(frozen=True, slots=True)
class Campaign:
    spread: Spread
    ruled: Ruled
    faults: list[Fault]
    more: int


def board(member: Membership, *, show: str, q: str, page: str, now: datetime) -> dict:
    show = show if show in TITLES else ""
    keep = {"show": show, "q": q}
    context = {"show": show, "q": q, "title": TITLES[show], "titles": TITLES.items(), "here": "faults"}
    context["back"] = pages.address(keep, 0)
    if show == "campaigns":
        return context | {"campaigns": campaigns(member, member.fleet)}
    if show == "lights":
        found = pages.leaf(searched(Light.objects.seen_by(member), q, "signal"), page, keep)
        return context | {
            "page": found,
            "lights": light_rows(found.rows, lost_signals(one.vehicle_id for one in found.rows), member.fleet, now),
        }
    found = Fault.objects.seen_by(member)
    found = found.filter(closed_at__isnull=False) if show == "past" else found.open()
    found = pages.leaf(searched(found, q, "code"), page, keep)
    return context | {"page": found, "rows": rows(found.rows, member.fleet, now)}


def searched(found: QuerySet, q: str, name: str) -> QuerySet:
    for word in q.split():
        named = Q(vehicle__name__icontains=word) | Q(vehicle__plate__icontains=word) | Q(vehicle__model__icontains=word)
        found = found.filter(named | Q(**{f"{name}__icontains": word}))
    return found.filter(vehicle__retired_at=None).select_related("vehicle").order_by("-last_seen_at", "-pk")


def rows(faults: list[Fault], fleet: Fleet, now: datetime) -> list[Row]:
    """These with all that is known of them; they come with their vehicles."""
    read = severity(faults)
    lost = lost_signals(fault.vehicle_id for fault in faults)
    claims = {p.fault_id: p for p in Proof.objects.filter(fault__in=faults).order_by("claimed_at")}
    shared = {(s.code, s.make, s.model): s for s in Spread.objects.for_fleet(fleet).open()}
    return [
        Row(
            fault,
            read[fault.pk],
            status_of(fault, read[fault.pk].severity),
            "Gone" if fault.closed_at else WORDS.get(read[fault.pk].severity, read[fault.pk].severity.capitalize()),
            age(fault.last_seen_at, "webhook", now),
            state_of(fault, (fault.vehicle_id, Signal.TROUBLE_CODES.value) in lost, fleet),
            saying.HEADS[claims[fault.pk].state] if fault.pk in claims else "",
            cars_sharing(fault, shared),
        )
        for fault in faults
    ]


def light_rows(lights: list[Light], lost: set[tuple], fleet: Fleet, now: datetime) -> list[LightRow]:
    return [
        LightRow(
            light,
            status_of(light, lamps.severity(light.signal)),
            age(light.last_seen_at, "webhook", now),
            state_of(light, (light.vehicle_id, light.signal) in lost, fleet),
        )
        for light in lights
    ]


def status_of(episode: Fault | Light, level: str) -> str:
    if episode.closed_at is not None:
        return "ok"
    return "info" if level == "ignore" else level


def state_of(episode: Fault | Light, lost: bool, fleet: Fleet) -> str:
    """How far its end is proved, in words."""
    if episode.closed_at is not None:
        return f"Gone since {day(episode.closed_at, fleet)}, by what the car said"
    if lost:
        return "Open, no longer reported: the car does not give this any more"
    if episode.quiet_since is not None:
        return f"Not there on {day(episode.quiet_since, fleet)}; one more good read closes it"
    return "There in the last read"


def day(moment: datetime, fleet: Fleet) -> str:
    return f"{moment.astimezone(fleet.zone):%-d %b %Y}"


def cars_sharing(fault: Fault, shared: dict[tuple, Spread]) -> int:
    """On how many cars of the model this code is one story; 0 if it is none."""
    vehicle = fault.vehicle
    spread = shared.get((fault.code, vehicle.make.upper(), vehicle.model.upper()))
    return spread.cars if spread and fault.opened_at >= spread.began_at else 0


def lost_signals(vehicle_ids: Iterable[int]) -> set[tuple[int, str]]:
    found = Capability.objects.filter(vehicle_id__in=set(vehicle_ids), state__in=LOST)
    return set(found.values_list("vehicle_id", "signal"))


def campaigns(member: Membership, fleet: Fleet) -> list[Campaign]:
    """Codes that three or more cars of one model share, with the cars."""
    spreads = list(Spread.objects.seen_by(member).open().select_related("carrier").order_by("-ripe_at")[:MOST_CARS])
    book = Rulebook([fleet.pk])
    found = Fault.objects.seen_by(member).filter(code__in={spread.code for spread in spreads})
    found = list(found.filter(vehicle__retired_at=None).select_related("vehicle").order_by("-last_seen_at"))
    shown = []
    for spread in spreads:
        own = [f for f in found if f.code == spread.code and f.opened_at >= spread.began_at]
        own = [f for f in own if (f.vehicle.make.upper(), f.vehicle.model.upper()) == (spread.make, spread.model)]
        ruled = book.read_of(fleet.pk, spread.code, spread.carrier.make, spread.carrier.model)
        shown.append(Campaign(spread, ruled, own[:MOST_CARS], max(len(own) - MOST_CARS, 0)))
    return shown


def rules(member: Membership) -> dict:
    """The rules of the fleet, the most exact first within a code."""
    found = FaultRule.objects.seen_by(member).order_by("code", "is_prefix", "-model", "-make")
    return {"rules": list(found), "here": "faults"}
