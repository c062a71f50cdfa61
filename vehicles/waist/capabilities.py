"""Which signals a car gives, which it does not, and what may be asked anew."""

from datetime import datetime, timedelta

from django.db import transaction

from vehicles.domain.measurements import Why
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Connection, Vehicle
from vehicles.waist import gauges, learning, refrains

State = Capability.State
RECHECK = timedelta(days=30)  # a car that could not may have learnt to: cars are updated too
NEEDED = (Signal.ODOMETER, Signal.OIL_LIFE, Signal.TROUBLE_CODES)  # what verdicts and alerts rest on
WITHOUT_OIL = ("BEV",)


@transaction.atomic
def learn(vehicle: Vehicle, words: list[learning.Word], *, now: datetime) -> None:
    """Take words about signals in that came without a reading."""
    locked = Vehicle.objects.select_for_update(no_key=True).filter(pk=vehicle.pk).first()
    if locked is not None and learning.learn(words, gauges.of([vehicle.pk]), {vehicle.pk: locked}):
        Vehicle.objects.filter(pk=vehicle.pk).update(review_after=now)


def learn_none(vehicle: Vehicle, *, at: datetime) -> None:
    """The car as a whole cannot be read: then it gives nothing of what is needed."""
    note = "the car as a whole cannot be read"
    learn(vehicle, [(vehicle.pk, signal.value, at, Why.UNSUPPORTED.value, note) for signal in NEEDED], now=at)


def consent_anew(connection: Connection, *, now: datetime) -> None:
    """The owner has consented once more: what was not permitted is open again."""
    refrains.end(Vehicle.objects.filter(connection=connection))
    barred = Capability.objects.filter(vehicle__connection=connection, state=State.NOT_PERMITTED, checked_at__lt=now)
    later = Capability.objects.filter(refrains.heard_after(now), vehicle__connection=connection)
    barred.exclude(pk__in=later.values("pk")).update(state=State.OPEN, note="", since=now, checked_at=now)


def hopeless(connection: Connection, *, now: datetime) -> set[Signal]:
    """Signals that are not worth a call: not provided by this car, and looked at within the month."""
    lately = Capability.objects.filter(refrains.heard_after(now - RECHECK), state=State.UNSUPPORTED)
    found = lately.filter(vehicle__connection=connection).values_list("signal", flat=True)
    return {Signal(signal) for signal in found}
