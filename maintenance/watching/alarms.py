"""Alerts of thresholds: the wanted ones are the open breaches."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from maintenance import alerts
from maintenance.alerts import Wanted, Wish
from maintenance.domain.levels import Level
from maintenance.models import Alert, Breach, DueItem
from maintenance.watching.words import OCCURRENCE
from vehicles.models import Capability, Vehicle

KIND = Alert.Kind.THRESHOLD.value


def settle(car_ids: Iterable[int], *, now: datetime) -> None:
    """Bring the alerts of these cars in line with their open breaches."""
    cars = list(Vehicle.objects.filter(pk__in=set(car_ids)).select_related("fleet", "connection"))
    breaches = list(Breach.objects.open().filter(vehicle__in=cars).select_related("threshold"))
    since = Capability.objects.filter(vehicle_id__in={b.vehicle_id for b in breaches}, state=Capability.State.GIVEN)
    first_told = {(pk, signal): at for pk, signal, at in since.values_list("vehicle_id", "signal", "since")}
    wanted = Wanted()
    for breach in breaches:
        rule = breach.threshold
        told = first_told.get((breach.vehicle_id, rule.signal))
        # What stood there when the rule was made, or when the car first told it, is the state and no news.
        first = breach.opened_at <= rule.counts_from or (told is not None and breach.opened_at <= told)
        key = (breach.vehicle_id, KIND, subject_of(rule.pk), f"{OCCURRENCE}{breach.pk}")
        wanted[key] = Wish(Level(rule.level), breach.opened_at, first)
    alerts.settle(cars, wanted, now=now, kinds=(KIND,))


def about(vehicle: OuterRef, breach: OuterRef) -> QuerySet[Alert]:
    """The open alert about a breach, as a subquery."""
    called = Concat(Value(OCCURRENCE), Cast(breach, CharField()), output_field=CharField())
    return Alert.objects.open().filter(vehicle_id=vehicle, kind=KIND, occurrence=called)


def subject_of(rule_id: int) -> str:
    return f"threshold-{rule_id}"


def release(*, now: datetime) -> None:
    """A car that was retired, or whose program no longer has the rule, needs nobody."""
    left = Breach.objects.filter(closed_at=None, threshold__program__isnull=False)
    lines = DueItem.objects.filter(vehicle=OuterRef("vehicle"), line__program=OuterRef("threshold__program"))
    left = left.filter(~Exists(lines))
    cars = set(left.values_list("vehicle_id", flat=True))
    left.delete()
    held = Alert.objects.open().filter(kind=KIND, vehicle__retired_at__isnull=False)
    cars |= set(held.values_list("vehicle_id", flat=True))
    if cars:
        settle(cars, now=now)
