"""Odometer and oil life of many vehicles at once, for lists that explain verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, QuerySet

from fleet.owners.models import Fleet
from maintenance.boards.ages import Age, age
from maintenance.domain.plan import Missing, Sight
from maintenance.domain.why import Explanation, explain
from maintenance.models import DueItem
from maintenance.sights import sight
from vehicles.boards import reach
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Gauge, Source, Vehicle

AXES = (Signal.ODOMETER.value, Signal.OIL_LIFE.value)
NONE_YET = {
    Capability.State.UNSUPPORTED: "not provided by this car",
    Capability.State.NOT_PERMITTED: "not permitted",
}


@dataclass(slots=True)
class Readings:
    """What verdicts rest on, for a handful of vehicles: two queries, however many there are."""

    gauges: dict[tuple[int, str], Gauge]
    states: dict[tuple[int, str], str]
    rhythms: dict[int, int | None] = field(default_factory=dict)  # how often each car usually reports, in minutes

    def sight(self, vehicle_id: int, signal: str) -> Sight | Missing:
        return sight(self.gauges.get((vehicle_id, signal)), self.states.get((vehicle_id, signal)))

    def explain(self, item: DueItem, fleet: Fleet, now: datetime) -> Explanation | None:
        """None before the first review."""
        if not item.trace:
            return None
        odometer, oil = (self.sight(item.vehicle_id, signal) for signal in AXES)
        zone = fleet.zone
        return explain(item.trace, odometer=odometer, oil=oil, today=fleet.day(now), units=fleet.units, zone=zone)

    def age(self, vehicle_id: int, now: datetime, *signals: str) -> Age | None:
        """Of the newest of these signals."""
        held = [self.gauges[vehicle_id, s] for s in signals or AXES if (vehicle_id, s) in self.gauges]
        newest = max(held, key=lambda gauge: gauge.at, default=None)
        if newest is None:
            return None
        return age(newest.at, newest.source, now, self.rhythms.get(vehicle_id))

    def is_old(self, vehicle: Vehicle, now: datetime) -> bool:
        """Whether a verdict of this car would rest on what it told too long ago."""
        return any(
            gauge.source != Source.BENCH and reach.is_old(gauge.at, vehicle.rhythm_minutes, now)
            for signal in AXES
            if (gauge := self.gauges.get((vehicle.pk, signal)))
            and self.states.get((vehicle.pk, signal)) != Capability.State.UNSUPPORTED
        )

    def lack(self, vehicle_id: int) -> str:
        """Why there is no reading to show an age of."""
        return NONE_YET.get(self.states.get((vehicle_id, Signal.ODOMETER.value)), "waiting for first data")


def of(vehicle_ids: Iterable[int]) -> Readings:
    ids = set(vehicle_ids)
    gauges = list(with_rhythm(Gauge.objects.filter(vehicle_id__in=ids, signal__in=AXES)))
    states = Capability.objects.filter(vehicle_id__in=ids, signal__in=AXES)
    return Readings(
        gauges={(gauge.vehicle_id, gauge.signal): gauge for gauge in gauges},
        states={(pk, signal): state for pk, signal, state in states.values_list("vehicle_id", "signal", "state")},
        rhythms={gauge.vehicle_id: gauge.rhythm for gauge in gauges},
    )


def with_rhythm(gauges: QuerySet[Gauge]) -> QuerySet[Gauge]:
    """Each with the `rhythm` of its car."""
    return gauges.annotate(rhythm=F("vehicle__rhythm_minutes"))
