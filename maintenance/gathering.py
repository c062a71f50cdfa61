"""All facts about a batch of vehicles, in one query each, as the domain takes them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from maintenance import ledger, standins
from maintenance.domain.forecast import Pace as Rate
from maintenance.domain.plan import Axis, Completion, Facts, Lack, Line, Missing, Recurrence, Sight
from maintenance.ledger import Item
from maintenance.models import Care, Pace, Policy, ProgramLine
from maintenance.models.forecast import shift_is_news
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
    """The vehicles come with their fleets. `items` are those that stand; a one-off that is done has left.

    Who has read the items and their lines already hands them on.
    """

    def __init__(
        self,
        vehicles: list[Vehicle],
        now: datetime,
        *,
        items: list[Item] | None = None,
        rows: Mapping[int, ProgramLine] | None = None,
    ):
        ids = [vehicle.pk for vehicle in vehicles]
        self.now = now
        self.vehicles = {vehicle.pk: vehicle for vehicle in vehicles}
        told = ledger.items(ids) if items is None else items
        self.items = [item for item in told if item.left_at is None]
        self.rows = lines_of(self.items) if rows is None else rows
        self.done = ledger.done(Q(vehicle_id__among=ids))
        self.gauges = seen(Gauge.objects.filter(vehicle_id__among=ids))
        self.capabilities: dict[tuple, str] = {}
        told = Capability.objects.filter(vehicle_id__among=ids, signal__in=AXES)
        for pk, signal, state in told.values_list("vehicle_id", "signal", "state"):
            self.capabilities[pk, signal] = state
        self.faults = list(Fault.objects.open().filter(vehicle_id__among=ids))
        fleets = {vehicle.fleet_id for vehicle in vehicles}
        self.hushes = {(h.fleet_id, h.make): h for h in Hush.objects.filter(over_at=None, fleet_id__in=fleets)}
        self.paces, self.shifts = paces(Pace.objects.filter(vehicle_id__among=ids))
        self.hours = self._newest_hours()
        self.policies: dict[int, Policy] = {}
        self.lines: dict[tuple, Line] = {}
        self.known: dict[int, Facts] = {}

    def line(self, item: Item) -> Line:
        vehicle = self.vehicles[item.vehicle_id]
        if item.line_id is None:
            return once(item, self.policy(vehicle))
        care = care_of(vehicle)
        key = item.line_id, 1.0 if care is None else care.severe
        if key not in self.lines:
            self.lines[key] = as_line(self.rows[item.line_id], item.task_name, self.policy(vehicle), key[1])
        return self.lines[key]

    def policy(self, vehicle: Vehicle) -> Policy:
        if vehicle.fleet_id not in self.policies:
            self.policies[vehicle.fleet_id] = Policy.of(vehicle.fleet)
        return self.policies[vehicle.fleet_id]

    def completions(self, item: Item) -> list[Completion]:
        return [one.completion for one in self.done.get((item.vehicle_id, item.task_id), ())]

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
            (one.vehicle_id, one.hours, one.done_at)
            for done in self.done.values()
            for one in done
            if one.hours is not None
        ]
        for item in self.items:
            if item.anchor_hours is not None and item.anchor_on is not None:
                zone = self.vehicles[item.vehicle_id].fleet.zone
                told.append((item.vehicle_id, item.anchor_hours, standins.noon(item.anchor_on, zone)))
        for pk, hours, at in told:
            if pk not in newest or (at, hours) > (newest[pk].at, newest[pk].value):
                newest[pk] = Sight(hours, at, Source.BENCH.value)
        return newest


def lines_of(items: Iterable[Item]) -> dict[int, ProgramLine]:
    """The lines that these follow, with their programs."""
    keys = {item.line_id for item in items if item.line_id is not None}
    return {row.pk: row for row in ProgramLine.objects.select_related("program").filter(pk__among=keys)}


def care_of(vehicle: Vehicle) -> Care | None:
    """No query where the vehicle came with it."""
    return getattr(vehicle, "care", None)


def as_line(row: ProgramLine, task_name: str, policy: Policy, severe: float = 1.0) -> Line:
    """A line of a program as it holds for a vehicle: the fleet's own warning where the line says none."""
    return Line(
        task_name=task_name,
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


def once(item: Item, policy: Policy) -> Line:
    """What was asked for once. With neither a day nor a distance it has nothing to go by."""
    return Line(
        task_name=item.task_name,
        program_name="",
        program_version=0,
        once_km=item.once_km,
        once_on=item.once_on,
        soon_share=policy.soon_share,
        soon_days=policy.soon_days,
    )


def paces(told: QuerySet[Pace]) -> tuple[dict[int, dict[Axis, Rate]], dict[int, dict]]:
    """By vehicle and axis; and the shifts of use that are news, by vehicle."""
    found: dict[int, dict[Axis, Rate]] = defaultdict(dict)
    shifts: dict[int, dict] = {}
    columns = ("vehicle_id", "axis", "slow", "usual", "fast", "days", "why", "cars", "shift")
    for pk, axis, *pace, shift in told.values_list(*columns):
        found[pk][BY_NAME[axis]] = rate(*pace)
        if shift_is_news(shift):
            shifts[pk] = shift
    return found, shifts


BY_NAME = {axis.value: axis for axis in Axis}


def rate(
    slow: float | None, usual: float | None, fast: float | None, days: float, why: str = "", cars: int = 0
) -> Rate:
    """To three figures, as it is shown: a verdict is not rewritten for every metre driven."""
    slow, usual, fast = (None if one is None else float(f"{one:.3g}") for one in (slow, usual, fast))
    return Rate(slow, usual, fast, days, why, cars)
