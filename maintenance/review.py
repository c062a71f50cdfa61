"""Facts in bulk → assess → write only what differs. Nothing else writes verdicts and alerts."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from fleet.kit import clocks
from maintenance import alerts, standins
from maintenance.domain import urgency, wanting
from maintenance.domain.assessment import Verdict, assess
from maintenance.domain.plan import Anchor, AnchorKind, Completion, Facts, Line, Missing, Sight
from maintenance.models import DueItem, ServiceRecord
from maintenance.plans import enrolling
from maintenance.proving import settling
from maintenance.quiet import Quiet
from maintenance.sights import sight
from vehicles.domain.signals import Signal
from vehicles.line import turns
from vehicles.models import Capability, Fault, Gauge, Hush, Vehicle

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
BATCH = 200


def sweep(*, now: datetime) -> int:
    """Review the vehicles whose time has come, and set when time alone will change something on them."""
    waiting = Vehicle.objects.filter(review_after__isnull=False)
    vehicles = clocks.claim(waiting, "review_after", lease=LEASE, limit=BATCH, now=now)
    if not vehicles:
        return 0
    try:
        later = judge([vehicle.pk for vehicle in vehicles], now=now)
    except Exception:  # one car must not stop the rest
        log.exception("a batch of %d vehicles is reviewed one by one", len(vehicles))
        later = {}
        for vehicle in vehicles:
            try:
                later |= judge([vehicle.pk], now=now)
            except Exception:
                log.exception("vehicle %d could not be reviewed", vehicle.pk)
                later[vehicle.pk] = now + timedelta(hours=1)
    for vehicle in vehicles:
        clocks.wind(vehicle, "review_after", later.get(vehicle.pk))
    return len(vehicles)


@transaction.atomic
def review(vehicle_ids: Iterable[int], *, now: datetime) -> None:
    """Judge these vehicles at once, and set their clocks for when time alone will change something."""
    for pk, moment in judge(vehicle_ids, now=now).items():
        if moment is not None:
            unset = Q(review_after=None) | Q(review_after__gt=moment)
            Vehicle.objects.filter(unset, pk=pk).update(review_after=moment)


@transaction.atomic
def judge(vehicle_ids: Iterable[int], *, now: datetime) -> dict[int, datetime | None]:
    """Assess all items of these vehicles anew. Returns when each should be looked at again."""
    ids = sorted(vehicle_ids)
    vehicles = list(
        Vehicle.objects.select_for_update(no_key=True, of=("self",))
        .select_related("fleet", "connection")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    standing = [vehicle for vehicle in vehicles if vehicle.retired_at is None]  # the others only lose their alerts
    ids = [vehicle.pk for vehicle in standing]
    enrolling.match(standing)
    standins.fill(ids)
    standins.fill_anchors(ids)
    scene = Scene(standing, now)

    changed, wanted, quiet = [], alerts.Wanted(), Quiet(ids, now=now)
    later: dict[int, date] = {}
    verdicts: dict[int, list[Verdict]] = defaultdict(list)
    for item in scene.items:
        facts = scene.facts(item.vehicle)
        done = scene.done[item.vehicle_id, item.task_id]
        verdict = assess(scene.line(item), anchor(item), [completion(record) for record in done], facts)
        verdicts[item.vehicle_id].append(verdict)
        first = item.status_since is None
        if take(item, verdict, facts, now):
            changed.append(item)
        hidden = quiet.hides(item, status=verdict.status, facts=facts, done=done)
        wanted.add_item(item, verdict, facts, done, first=first, hidden=hidden, now=now)
        if verdict.changes_on:
            later[item.vehicle_id] = min(verdict.changes_on, later.get(item.vehicle_id, verdict.changes_on))
    DueItem.objects.bulk_update(changed, DueItem.VERDICT, batch_size=200)
    quiet.save()
    claims = settling.settle(ids, now=now)
    wanted.add_claims(claims)

    for fault in scene.faults:
        wanted.add_fault(fault, first_read_at=scene.codes_since.get(fault.vehicle_id))
    for vehicle in standing:
        wanted.add_connection(vehicle)
        wanted.add_silence(vehicle, scene.hushes.get((vehicle.fleet_id, vehicle.make.upper())))
    alerts.settle(vehicles, wanted, now=now)
    turns.want([(car, wanting.wanted_at(verdicts[car.pk], scene.facts(car))) for car in standing], now=now)
    zones = {vehicle.pk: vehicle.fleet.zone for vehicle in vehicles}
    moments = settling.next_looks(claims, now=now)
    for days in (later, quiet.wakes):
        for pk, day in days.items():
            midnight = datetime.combine(day, time(), tzinfo=zones[pk])
            moments[pk] = min(midnight, moments.get(pk, midnight))
    return {pk: moments.get(pk) for pk in zones}


class Scene:
    """All facts about a batch of vehicles, in one query each."""

    def __init__(self, vehicles: list[Vehicle], now: datetime):
        ids = [vehicle.pk for vehicle in vehicles]
        by_pk = {vehicle.pk: vehicle for vehicle in vehicles}
        self.now = now
        self.items = list(
            DueItem.objects.select_related("line__program", "task").filter(vehicle_id__in=ids).order_by("pk")
        )
        for item in self.items:
            item.vehicle = by_pk[item.vehicle_id]
        axes = (Signal.ODOMETER.value, Signal.OIL_LIFE.value)
        self.gauges = {(g.vehicle_id, g.signal): g for g in Gauge.objects.filter(vehicle_id__in=ids, signal__in=axes)}
        self.capabilities = dict(
            ((vehicle_id, signal), state)
            for vehicle_id, signal, state in Capability.objects.filter(vehicle_id__in=ids, signal__in=axes).values_list(
                "vehicle_id", "signal", "state"
            )
        )
        self.done: dict[tuple, list[ServiceRecord]] = defaultdict(list)
        for record in ServiceRecord.objects.standing().filter(vehicle_id__in=ids).order_by("done_on", "pk"):
            self.done[record.vehicle_id, record.task_id].append(record)
        self.faults = list(Fault.objects.open().filter(vehicle_id__in=ids))
        self.codes_since = dict(
            Capability.objects.filter(vehicle_id__in=ids, signal=Signal.TROUBLE_CODES, state="given").values_list(
                "vehicle_id", "since"
            )
        )
        fleets = {vehicle.fleet_id for vehicle in vehicles}
        self.hushes = {(h.fleet_id, h.make): h for h in Hush.objects.filter(over_at=None, fleet_id__in=fleets)}
        self.lines: dict[int, Line] = {}
        self.known: dict[int, Facts] = {}

    def line(self, item: DueItem) -> Line:
        if item.line_id not in self.lines:
            self.lines[item.line_id] = as_line(item)
        return self.lines[item.line_id]

    def facts(self, vehicle: Vehicle) -> Facts:
        if vehicle.pk not in self.known:
            self.known[vehicle.pk] = Facts(
                today=vehicle.fleet.day(self.now),
                odometer=self.sight(vehicle.pk, Signal.ODOMETER),
                oil=self.sight(vehicle.pk, Signal.OIL_LIFE),
                registered_on=vehicle.registered_on,
            )
        return self.known[vehicle.pk]

    def sight(self, pk: int, signal: Signal) -> Sight | Missing:
        return sight(self.gauges.get((pk, signal.value)), self.capabilities.get((pk, signal.value)))


def as_line(item: DueItem) -> Line:
    line = item.line
    return Line(
        task_name=item.task.name,
        program_name=line.program.name,
        program_version=line.program.version,
        every_km=line.every_km,
        every_months=line.every_months,
        oil_below_pct=line.oil_below_pct,
        distance_typed=line.distance_typed,
        soon_share=0.10 if line.soon_share is None else line.soon_share,
        soon_days=14 if line.soon_days is None else line.soon_days,
    )


def anchor(item: DueItem) -> Anchor:
    return Anchor(kind=AnchorKind(item.anchor), on=item.anchor_on, odometer_km=item.anchor_km)


def completion(record: ServiceRecord) -> Completion:
    return Completion(
        on=record.done_on,
        odometer_km=record.odometer_km,
        odometer_is_stand_in=record.odometer_is_stand_in,
        at=record.done_at,
        by=record.by_name,
    )


def take(item: DueItem, verdict: Verdict, facts: Facts, now: datetime) -> bool:
    """Put a verdict into its item. True if anything that is stored differs: a quiet day rewrites nothing."""
    turned = item.status_since is None or item.status != verdict.status
    wanted = {
        "status": verdict.status.value,
        "rank": verdict.status.rank,
        "winner": verdict.winner.value if verdict.winner else "",
        "due_km": verdict.due_km,
        "due_on": verdict.due_on,
        "oil_limit_pct": verdict.oil_limit_pct,
        "sort_on": urgency.sort_on(verdict, facts, before=None if turned else item.sort_on),
        "trace": verdict.trace,
        "changes_on": verdict.changes_on,
    }
    if all(getattr(item, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(item, name, value)
    if turned:
        item.status_since, item.reading = now, verdict.reading
    item.reviewed_at = now
    return True
