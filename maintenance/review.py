"""Facts in bulk → assess → write only what differs. Nothing else writes verdicts and alerts."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from fleet.kit import clocks, rows
from maintenance import alerts, gathering, standins
from maintenance.domain import foreseeing, held, urgency, wanting
from maintenance.domain.assessment import Verdict, readings_told
from maintenance.domain.plan import Facts
from maintenance.faulting import wishes
from maintenance.models import DueItem
from maintenance.plans import enrolling
from maintenance.proving import settling
from maintenance.quiet import Quiet
from vehicles.line import turns
from vehicles.models import Vehicle

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
BATCH = 200


def sweep(*, now: datetime) -> int:
    """Review the vehicles whose time has come, and set when time alone will change something on them."""
    waiting = Vehicle.objects.filter(review_after__isnull=False).only("review_after")  # judging loads them whole
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
    clocks.wind_all(vehicles, "review_after", later)
    return len(vehicles)


@transaction.atomic
def review(vehicle_ids: Iterable[int], *, now: datetime) -> None:
    """Judge these vehicles at once, and set their clocks for when time alone will change something."""
    alike = defaultdict(list)
    for pk, moment in judge(vehicle_ids, now=now).items():
        if moment is not None:
            alike[moment].append(pk)
    for moment, same in alike.items():
        unset = Q(review_after=None) | Q(review_after__gt=moment)
        Vehicle.objects.filter(unset, pk__in=same).update(review_after=moment)


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
    scene = gathering.Scene(standing, now)

    changed, wanted, quiet = [], alerts.Wanted(), Quiet(ids, now=now)
    later: dict[int, date] = {}
    verdicts: dict[int, list[Verdict]] = defaultdict(list)
    for item in scene.items:
        facts = scene.facts(item.vehicle)
        done = scene.done[item.vehicle_id, item.task_id]
        line, start = scene.line(item), gathering.anchor(item)
        verdict, hold = held.judge(line, item.held_line, start, [*map(gathering.completion, done)], facts)
        verdicts[item.vehicle_id].append(verdict)
        first = item.status_since is None
        if take(item, verdict, facts, hold, now):
            changed.append(item)
        hidden = quiet.hides(item, status=verdict.status, facts=facts, done=done)
        wanted.add_item(item, verdict, facts, done, first=first, hidden=hidden, now=now)
        if verdict.changes_on:
            later[item.vehicle_id] = min(verdict.changes_on, later.get(item.vehicle_id, verdict.changes_on))
    rows.update(changed, DueItem.VERDICT)
    quiet.save()
    claims = settling.settle(ids, now=now)
    wanted.add_claims(claims)

    wanted.add_troubles(wishes.of(standing, scene.faults, now=now))
    for vehicle in standing:
        wanted.add_connection(vehicle)
        wanted.add_meter(vehicle)
        wanted.add_usage(vehicle, scene.shifts.get(vehicle.pk))
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


def take(item: DueItem, verdict: Verdict, facts: Facts, hold: dict | None, now: datetime) -> bool:
    """Put a verdict into its item. True if anything that is stored differs: a quiet day rewrites nothing."""
    turned = item.status_since is None or item.status != verdict.status
    wanted = {
        "status": verdict.status.value,
        "rank": verdict.status.rank,
        "winner": verdict.winner.value if verdict.winner else "",
        "due_km": verdict.due_km,
        "due_on": verdict.due_on,
        "due_hours": verdict.due_hours,
        "overdue_share": verdict.overdue_share,
        "oil_limit_pct": verdict.oil_limit_pct,
        "sort_on": urgency.sort_on(verdict, facts, before=None if turned else item.sort_on),
        "trace": verdict.trace,
        "changes_on": verdict.changes_on,
        "held_line": hold,
    }
    likely, rests = foreseeing.foresee(verdict, facts)
    if turned or not foreseeing.is_steady((item.likely_from, item.likely_to), item.forecast, likely, rests):
        early, late = (likely.early, likely.late) if likely else (None, None)
        wanted |= {"likely_from": early, "likely_to": late, "forecast": rests}
    if all(getattr(item, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(item, name, value)
    if turned:
        item.status_since, item.reading = now, readings_told(facts)
    item.reviewed_at = now
    return True
