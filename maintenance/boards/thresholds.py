"""Thresholds and who is past them, in the units of the fleet."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery

from fleet.owners.models import Fleet, Membership
from maintenance.boards.ages import Age, age
from maintenance.models import Breach, Threshold
from maintenance.watching import alarms, folding, words
from maintenance.watching.measures import name_of, spoken
from vehicles.models import Vehicle

MOST = 100  # cars that one page names


@dataclass(frozen=True, slots=True)
class Row:
    rule: Threshold
    what: str
    bound: str
    end: str
    lasts: str
    past: int


@dataclass(frozen=True, slots=True)
class Past:
    """One car past one value: since when, at what by its last reading, and the worst so far."""

    breach: Breach
    name: str
    now: str
    worst: str
    bound: str
    age: Age
    status: str
    alert: int | None = None  # the open alert about it


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would be past a rule by what the cars said last."""

    past: list[Vehicle]
    count: int
    tell: int
    cars: int
    lasts: str

    @property
    def silent(self) -> int:
        return self.cars - self.tell


def board(member: Membership) -> dict:
    rules = Threshold.objects.seen_by(member).select_related("program").order_by("name", "pk")
    open_now = Q(breaches__in=Breach.objects.open().filter(threshold__fleet_id=member.fleet_id))
    rows = [
        row(rule, member.fleet.units) for rule in rules.standing().annotate(past=Count("breaches", filter=open_now))
    ]
    retired = list(rules.filter(retired_at__isnull=False).order_by("-retired_at")[:20])
    return {"rows": rows, "retired": retired, "here": "thresholds"}


def row(rule: Threshold, units: str) -> Row:
    lasts = words.lasting(rule.minutes)
    return Row(
        rule, name_of(rule.signal, rule.part), words.bound(rule, units), words.end(rule, units), lasts, rule.past
    )


def of_rule(rule: Threshold, now: datetime) -> list[Past]:
    """The cars past one rule now, the longest first."""
    found = Breach.objects.open().filter(threshold=rule).select_related("vehicle", "threshold").order_by("began_at")
    return [past(breach, rule.fleet.units, now, breach.vehicle.rhythm_minutes) for breach in found[:MOST]]


def of_vehicle(vehicle: Vehicle, now: datetime, *, since: datetime) -> list[Past]:
    """What one car is past, and what it was past since then; the open ones first."""
    found = Breach.objects.filter(vehicle=vehicle, opened_at__isnull=False).select_related("threshold")
    found = found.filter(Q(closed_at=None, threshold__retired_at=None) | Q(closed_at__gte=since))
    found = found.annotate(alert=Subquery(alarms.about(OuterRef("vehicle_id"), OuterRef("pk")).values("pk")[:1]))
    rows = [
        past(breach, vehicle.fleet.units, now, vehicle.rhythm_minutes) for breach in found.order_by("-began_at")[:50]
    ]
    return sorted(rows, key=lambda one: one.breach.closed_at is not None)


def open_of(vehicle: Vehicle, fleet: Fleet, now: datetime) -> list[Past]:
    """What a car is past now, for whoever stands beside it."""
    found = Breach.objects.open().filter(vehicle=vehicle).select_related("threshold")
    return [past(breach, fleet.units, now, vehicle.rhythm_minutes) for breach in found.order_by("-began_at")[:12]]


def past(breach: Breach, units: str, now: datetime, rhythm: int | None) -> Past:
    rule = breach.threshold
    return Past(
        breach=breach,
        name=rule.name,
        now=words.now(breach, units),
        worst=spoken(breach.worst, rule.signal, units),
        bound=words.bound(rule, units),
        age=age(breach.last_at, "webhook", now, rhythm),
        status="ok" if breach.closed_at else rule.level,
        alert=getattr(breach, "alert", None),
    )


def preview(rule: Threshold, fleet: Fleet) -> Preview:
    """Of a rule that need not be saved. Between its two values nobody would be told."""
    told = folding.present(rule)
    found = [pk for pk, point in told if rule.rule.is_past(point.value)]
    named = list(Vehicle.objects.filter(pk__in=found[:1_000]).order_by("name", "pk")[:12])
    cars = folding.watched_cars(rule).count()
    return Preview(named, len(found), len(told), cars, words.lasting(rule.minutes))
