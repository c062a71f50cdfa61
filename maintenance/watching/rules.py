"""What managers do with thresholds: make, change and retire them. Each keeps who did it and when."""

from datetime import datetime

from django.db import transaction

from fleet.owners.models import Fleet, User
from maintenance.models import Threshold
from maintenance.watching import folding

AT_ONCE = 500  # cars that are folded while somebody waits; more are left to the sweep


def make(fleet: Fleet, *, by: User, now: datetime, **fields) -> Threshold:
    """A new rule. What stands past it already is told in one digest."""
    rule = Threshold.objects.create(
        fleet=fleet, by_name=str(by), created_at=now, counts_from=now, fold_after=now, **fields
    )
    fold(rule, now=now)
    return rule


@transaction.atomic
def change(rule: Threshold, *, by: User, now: datetime, **fields) -> None:
    """Other values: its breaches are folded anew from the same readings."""
    held = Threshold.objects.select_for_update().get(pk=rule.pk)
    changes = {name: value for name, value in fields.items() if getattr(held, name) != value}
    if changes:
        keep(held, **changes, edited_by=str(by), edited_at=now, counts_from=now, fold_after=now)
        fold(held, now=now)


@transaction.atomic
def retire(rule: Threshold, *, by: User, now: datetime) -> None:
    """It watches nothing any more; what it saw stays in the history of the cars."""
    held = Threshold.objects.select_for_update().get(pk=rule.pk)
    if held.retired_at is None:
        keep(held, retired_at=now, retired_by=str(by), fold_after=now)
        fold(held, now=now)


def keep(rule: Threshold, **fields) -> None:
    for name, value in fields.items():
        setattr(rule, name, value)
    rule.save(update_fields=list(fields))


def fold(rule: Threshold, *, now: datetime) -> None:
    if len(folding.candidates(rule)) <= AT_ONCE:
        folding.fold_rule(rule, now=now)
        keep(rule, fold_after=None)
