"""Readings that people took back or confirmed: the thresholds over them are folded anew from all that stands."""

from datetime import datetime

from maintenance.models import Threshold
from maintenance.watching.folding import Touched, marks, programs_of, refold
from vehicles.models import Vehicle


def fold(vehicle: Vehicle, signal: str, *, now: datetime) -> None:
    """Within a transaction: one at a time folds."""
    rules = list(Threshold.objects.standing().filter(fleet_id=vehicle.fleet_id, signal=signal).select_related("fleet"))
    if not rules:
        return
    marks()
    programs = programs_of([vehicle.pk], rules)[vehicle.pk]
    refold({(rule, vehicle.pk): Touched(whole=True) for rule in rules if rule.program_id in programs}, now=now)
