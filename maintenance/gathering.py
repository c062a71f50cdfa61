"""All facts about a batch of vehicles, in one query each, as the domain takes them."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from maintenance import standins
from maintenance.domain.forecast import Pace as Rate
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Completion, Facts, Lack, Line, Missing, Recurrence, Sight
from maintenance.models import Care, DueItem, Pace, Policy, ProgramLine, ServiceRecord, Task
from maintenance.sights import sight
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Fault, Gauge, Hush, Source, Vehicle

AXES = (Signal.ODOMETER.value, Signal.OIL_LIFE.value)


class Seen(NamedTuple):
    """As much of a gauge as a verdict uses."""

    number: float
    at: datetime
    source: str


def seen(gauges: QuerySet[Gauge]) -> dict[tuple[int, str], Seen]:
    """Odometers and oil lives of these gauges, by vehicle and signal."""
    told = gauges.filter(signal__in=AXES).values_list("vehicle_id", "signal", *Seen._fields)
    return {(pk, signal): Seen(*rest) for pk, signal, *rest in told}


class Scene:
    """The vehicles come with their fleets. `items` are those that stand; a one-off that is done has left."""

    def __init__(self, vehicles: list[Vehicle], now: datetime):
        ids = [vehicle.pk for vehicle in vehicles]
        self.now = now
        self.vehicles = {vehicle.pk: vehicle for vehicle in vehicles}
        self.items = list(DueItem.objects.filter(vehicle_id__in=ids, left_at=None).order_by("pk"))
        lines = {item.line_id for item in self.items if item.line_id is not None}
        self.rows = {row.pk: row for row in ProgramLine.objects.select_related("program").filter(pk__in=lines)}
        tasks = Task.objects.in_bulk({item.task_id for item in self.items})
        for item in self.items:
            item._state.fields_cache["vehicle"] = self.vehicles[item.vehicle_id]
            item._state.fields_cache["task"] = tasks[item.task_id]
        self.gauges = seen(Gauge.objects.filter(vehicle_id__in=ids))
        self.capabilities: dict[tuple, str] = {}
        self.codes_since: dict[int, datetime] = {}
        told = Capability.objects.filter(vehicle_id__in=ids, signal__in=(*AXES, Signal.TROUBLE_CODES.value))
        for pk, signal, state, since in told.values_list("vehicle_id", "signal", "state", "since"):
            self.capabilities[pk, signal] = state
            if signal == Signal.TROUBLE_CODES and state == Capability.State.GIVEN:
                self.codes_since[pk] = since
        self.done: dict[tuple, list[ServiceRecord]] = defaultdict(list)
        records = ServiceRecord.objects.standing().filter(vehicle_id__in=ids).order_by("done_on", "pk")
        for record in records.select_related("because_of__task"):
            self.done[record.vehicle_id, record.task_id].append(record)
        self.faults = list(Fault.objects.open().filter(vehicle_id__in=ids))
        fleets = {vehicle.fleet_id for vehicle in vehicles}
        self.hushes = {(h.fleet_id, h.make): h for h in Hush.objects.filter(over_at=None, fleet_id__in=fleets)}
        self.policies = {policy.fleet_id: policy for policy in Policy.objects.filter(fleet_id__in=fleets)}
        cares = Care.objects.filter(vehicle_id__in=ids)
        self.severe = {pk: factor for pk, factor in cares.values_list("vehicle_id", "severe") if factor != 1}
        self.paces: dict[int, dict[Axis, Rate]] = defaultdict(dict)
        self.shifts: dict[int, dict] = {}
        for pace in Pace.objects.filter(vehicle_id__in=ids):
            self.paces[pace.vehicle_id][Axis(pace.axis)] = rate(pace)
            if pace.is_shifted:
                self.shifts[pace.vehicle_id] = pace.shift
        self.hours = self._newest_hours()
        self.lines: dict[tuple, Line] = {}
        self.known: dict[int, Facts] = {}

    def line(self, item: DueItem) -> Line:
        severe = self.severe.get(item.vehicle_id, 1.0)
        if item.line_id is None:
            return once(item, self._policy(item))
        key = item.line_id, severe
        if key not in self.lines:
            self.lines[key] = as_line(self.rows[item.line_id], item.task, self._policy(item), severe)
        return self.lines[key]

    def _policy(self, item: DueItem) -> Policy:
        if item.fleet_id not in self.policies:
            self.policies[item.fleet_id] = Policy(fleet_id=item.fleet_id)
        return self.policies[item.fleet_id]

    def completions(self, item: DueItem) -> list[Completion]:
        return [completion(record) for record in self.done.get((item.vehicle_id, item.task_id), ())]

    def facts(self, vehicle: Vehicle) -> Facts:
        if vehicle.pk not in self.known:
            asked = vehicle.meter_asked_at is not None
            self.known[vehicle.pk] = Facts(
                today=vehicle.fleet.day(self.now),
                odometer=Missing(Lack.METER) if asked else self.sight(vehicle.pk, Signal.ODOMETER),
                oil=self.sight(vehicle.pk, Signal.OIL_LIFE),
                registered_on=vehicle.registered_on,
                hours=self.hours.get(vehicle.pk, Missing(Lack.UNSUPPORTED)),
                paces=self.paces.get(vehicle.pk, {}),
                zone=vehicle.fleet.zone,
            )
        return self.known[vehicle.pk]

    def sight(self, pk: int, signal: Signal) -> Sight | Missing:
        return sight(self.gauges.get((pk, signal.value)), self.capabilities.get((pk, signal.value)))

    def _newest_hours(self) -> dict[int, Sight]:
        """Engine hours as somebody typed them last, at whatever job. Nobody guesses what came after."""
        newest: dict[int, Sight] = {}
        told = [
            (record.vehicle_id, record.hours, record.done_at)
            for done in self.done.values()
            for record in done
            if record.hours is not None
        ]
        for item in self.items:
            if item.anchor_hours is not None and item.anchor_on is not None:
                zone = self.vehicles[item.vehicle_id].fleet.zone
                told.append((item.vehicle_id, item.anchor_hours, standins.noon(item.anchor_on, zone)))
        for pk, hours, at in told:
            if pk not in newest or (at, hours) > (newest[pk].at, newest[pk].value):
                newest[pk] = Sight(hours, at, Source.BENCH.value)
        return newest


def as_line(row: ProgramLine, task: Task, policy: Policy, severe: float = 1.0) -> Line:
    """A line of a program as it holds for a vehicle: the fleet's own warning where the line says none."""
    return Line(
        task_name=task.name,
        program_name=row.program.name,
        program_version=row.program.version,
        every_km=row.every_km,
        every_months=row.every_months,
        oil_below_pct=row.oil_below_pct,
        distance_typed=row.distance_typed,
        soon_share=policy.soon_share if row.soon_share is None else row.soon_share,
        soon_days=policy.soon_days if row.soon_days is None else row.soon_days,
        every_hours=row.every_hours,
        distance_recurs=Recurrence(row.distance_recurs),
        time_recurs=Recurrence(row.time_recurs),
        hours_recur=Recurrence(row.hours_recur),
        grace_km=row.grace_km,
        grace_days=row.grace_days,
        grace_hours=row.grace_hours,
        severe=severe,
    )


def once(item: DueItem, policy: Policy) -> Line:
    """What was asked for once. With neither a day nor a distance it has nothing to go by."""
    return Line(
        task_name=item.task.name,
        program_name="",
        program_version=0,
        once_km=item.once_km,
        once_on=item.once_on,
        soon_share=policy.soon_share,
        soon_days=policy.soon_days,
    )


def anchor(item: DueItem) -> Anchor:
    return Anchor(KINDS[item.anchor], item.anchor_on, item.anchor_km, item.anchor_hours, item.anchor_by or item.once_by)


KINDS = {kind.value: kind for kind in AnchorKind}


def completion(record: ServiceRecord) -> Completion:
    return Completion(
        on=record.done_on,
        odometer_km=record.odometer_km,
        odometer_is_stand_in=record.odometer_is_stand_in,
        at=record.done_at,
        by=record.by_name,
        hours=record.hours,
        part_of=record.because_of.task.name if record.because_of_id else "",
    )


def rate(pace: Pace) -> Rate:
    """To three figures, as it is shown: a verdict is not rewritten for every metre driven."""
    slow, usual, fast = (None if one is None else float(f"{one:.3g}") for one in (pace.slow, pace.usual, pace.fast))
    return Rate(slow, usual, fast, pace.days, pace.why, pace.cars)
