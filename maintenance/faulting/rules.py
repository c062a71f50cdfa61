"""What managers do with rules for trouble codes: lay, change and remove them, and look first at whom they touch."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from fleet.owners.models import Fleet, User
from maintenance.domain.ruling import Ruled
from maintenance.faulting.rulebook import Rulebook, as_rule
from maintenance.models import Alert, FaultRule
from vehicles.models import Fault, Vehicle

UNSAVED = 2**62  # of rules that are alike the one looked at now is read last
SHOWN = 8


class Taken(Exception):
    """There is a rule for exactly this code, make and model already."""


@dataclass(frozen=True, slots=True)
class Change:
    """How many open faults would be read otherwise, from what to what."""

    before: str
    after: str
    faults: int


@dataclass(frozen=True, slots=True)
class Preview:
    """`touched`: open faults that this rule would decide; `changes` of them that would be read otherwise."""

    touched: int
    cars: int
    codes: list[str]
    changes: list[Change]


def preview(fleet: Fleet, told: FaultRule) -> Preview:
    """What a rule would do to the open faults, before it is saved."""
    rows = list(FaultRule.objects.for_fleet(fleet).exclude(pk=told.pk))
    rule = replace(as_rule(told), pk=told.pk or UNSAVED)
    now, then = Rulebook([fleet.pk]), Rulebook([], {fleet.pk: [*map(as_rule, rows), rule]})
    touched, codes, turns, kinds = 0, Counter(), Counter(), []
    for code, make, model, faults in kinds_of(fleet):
        after = then.read_of(fleet.pk, code, make, model)
        if after.rule is not rule:
            continue
        before = now.read_of(fleet.pk, code, make, model)
        touched += faults
        codes[code] += faults
        kinds.append((code, make, model))
        if spoken(before) != spoken(after):
            turns[spoken(before), spoken(after)] += faults
    changes = [Change(before, after, faults) for (before, after), faults in turns.most_common()]
    named = [f"{code} ({faults})" for code, faults in codes.most_common(SHOWN)]
    return Preview(touched, len(cars_with(fleet, kinds)), named, changes)


def spoken(ruled: Ruled) -> str:
    name = f" “{ruled.text.rstrip('.')}”" if ruled.rule and ruled.rule.name else ""
    return {"ignore": "ignored"}.get(ruled.severity, ruled.severity) + name


def kinds_of(fleet: Fleet) -> list[tuple[str, str, str, int]]:
    """Open faults by code, make and model with their number: few rows, however large the fleet."""
    found = Fault.objects.for_fleet(fleet).open().filter(vehicle__retired_at=None).order_by()
    return list(found.values_list("code", "vehicle__make", "vehicle__model").annotate(n=Count("pk")))


def cars_with(fleet: Fleet, kinds: list[tuple[str, str, str]]) -> set[int]:
    found = Fault.objects.for_fleet(fleet).open().filter(code__in={code for code, _, _ in kinds})
    wanted = set(kinds)
    columns = ("vehicle_id", "code", "vehicle__make", "vehicle__model")
    rows = found.filter(vehicle__retired_at=None).values_list(*columns)
    return {pk for pk, *kind in rows if tuple(kind) in wanted}


@transaction.atomic
def lay(fleet: Fleet, *, by: User, now: datetime, **fields) -> FaultRule:
    refuse_twin(fleet, None, fields)
    before = Rulebook([fleet.pk])
    rule = FaultRule.objects.create(fleet=fleet, by_name=str(by), created_at=now, **fields)
    apply(fleet, before, now=now)
    return rule


@transaction.atomic
def change(rule: FaultRule, *, by: User, now: datetime, **fields) -> None:
    refuse_twin(rule.fleet, rule.pk, fields)
    before = Rulebook([rule.fleet_id])
    FaultRule.objects.filter(pk=rule.pk).update(edited_by=str(by), edited_at=now, **fields)
    apply(rule.fleet, before, now=now)


@transaction.atomic
def remove(rule: FaultRule, *, now: datetime) -> None:
    before = Rulebook([rule.fleet_id])
    fleet = rule.fleet
    rule.delete()
    apply(fleet, before, now=now)


def refuse_twin(fleet: Fleet, pk: int | None, fields: dict) -> None:
    names = ("code", "is_prefix", "make", "model")
    if FaultRule.objects.for_fleet(fleet).filter(**{name: fields[name] for name in names}).exclude(pk=pk).exists():
        raise Taken


def apply(fleet: Fleet, before: Rulebook, *, now: datetime) -> None:
    """All open faults that are read otherwise now: their vehicles are reviewed, and a level that a person lowered
    is lowered in the alert that stands, which by itself only rises."""
    after = Rulebook([fleet.pk])
    turned = {}
    for code, make, model, _ in kinds_of(fleet):
        old, new = before.read_of(fleet.pk, code, make, model), after.read_of(fleet.pk, code, make, model)
        if spoken(old) != spoken(new):
            turned[code, make, model] = (old.severity, new.severity)
    Vehicle.objects.filter(pk__in=cars_with(fleet, list(turned))).update(review_after=now)
    lowered = [kind for kind, severities in turned.items() if severities == ("critical", "warning")]
    for code, make, model in lowered:
        standing = Alert.objects.for_fleet(fleet).open().filter(kind=Alert.Kind.FAULT, subject=code)
        standing = standing.filter(vehicle__make=make, vehicle__model=model, level="critical")
        standing.update(level="warning", level_at=now, told_level="warning")
