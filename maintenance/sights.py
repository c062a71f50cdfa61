"""What a verdict may use of a signal: its gauge, or which kind of nothing there is."""

from datetime import datetime
from typing import Protocol

from maintenance.domain.plan import Missing, Sight
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Gauge, Source

KINDS = {Capability.State.UNSUPPORTED.value: "unsupported", Capability.State.NOT_PERMITTED.value: "not_permitted"}


class Told(Protocol):
    """A gauge, or as much of one."""

    number: float | None
    at: datetime
    source: str


def sight(gauge: Told | None, capability: str | None) -> Sight | Missing:
    """One signal of one vehicle, from its gauge and the state of its capability.

    What a person typed beats what the car cannot.
    """
    if gauge is not None:
        ended = capability == Capability.State.UNSUPPORTED and gauge.source != Source.BENCH
        return Sight(value=gauge.number, at=gauge.at, source=gauge.source, ended=ended)
    return Missing(KINDS.get(capability, "waiting"))


def odometer_and_oil(vehicle_id: int) -> tuple[Sight | Missing, Sight | Missing]:
    """Both signals that verdicts rest on, of one vehicle."""
    signals = (Signal.ODOMETER.value, Signal.OIL_LIFE.value)
    gauges = {g.signal: g for g in Gauge.objects.filter(vehicle_id=vehicle_id, signal__in=signals)}
    states = dict(Capability.objects.filter(vehicle_id=vehicle_id, signal__in=signals).values_list("signal", "state"))
    return tuple(sight(gauges.get(signal), states.get(signal)) for signal in signals)
