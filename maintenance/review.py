"""Facts in bulk → assess → write only what differs. Nothing else writes verdicts and alerts."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from fleet.kit import clocks, garbage, rows
from fleet.owners import pulse
from fleet.owners.models import Fleet, User
from maintenance import alerts, gathering, ledger, standins
from maintenance.domain import foreseeing, held, urgency, wanting
from maintenance.domain.assessment import Verdict, readings_told
from maintenance.domain.plan import Facts
from maintenance.faulting import spreads, wishes
from maintenance.ledger import Item
from maintenance.models import DueItem
from maintenance.plans import enrolling
from maintenance.proving import settling
from maintenance.quiet import Quiet
from vehicles.line import turns
from vehicles.models import Vehicle

log = logging.getLogger(__name__)

BATCH = 500
WHERE_ONE_WRITES = 200  # on SQLite all others who write wait for the end of a batch


def batch() -> int:
    """How many vehicles a sweep takes at most."""
    return BATCH if connection.vendor == "postgresql" else WHERE_ONE_WRITES


@transaction.atomic
def sweep(*, now: datetime) -> int:
    """Review the vehicles whose time has come, and set when time alone will change something on them.

    Their locks are the claim: who dies gives them back, and who rings meanwhile waits for the end.
    """
    due = Vehicle.objects.filter(review_after__lte=now).order_by("review_after")
    vehicles = locked(due[: batch()], skip_locked=True)
    if not vehicles:
        return 0
    with garbage.afterwards():
        clocks.wind_all(vehicles, "review_after", judged(vehicles, now))
    return len(vehicles)


def judged(vehicles: list[Vehicle], now: datetime) -> dict[int, datetime | None]:
    """When each should be looked at again. One car must not stop the rest.

    Raises OperationalError: two sweeps that want each other's cars, or a database that is busy, are no car's fault.
    All locks are let go for it, and the cars are as due as before.
    """
    try:
        return judge(vehicles, now=now)
    except OperationalError:
        raise
    except Exception:
        log.exception("a batch of %d vehicles is reviewed one by one", len(vehicles))
    later: dict[int, datetime | None] = {}
    for pk in [vehicle.pk for vehicle in vehicles]:
        try:
            later |= judge(locked(Vehicle.objects.filter(pk=pk)), now=now)
        except OperationalError:
            raise
        except Exception:
            log.exception("vehicle %d could not be reviewed", pk)
            later[pk] = now + timedelta(hours=1)
    return later


@transaction.atomic
def review(vehicle_ids: Iterable[int], *, now: datetime, by: User | None = None) -> None:
    """Judge these vehicles at once, and set their clocks for when time alone will change something.

    `by` is the person whose doing this follows from, who needs no notice of it.
    """
    vehicles = locked(Vehicle.objects.filter(pk__among=[*vehicle_ids]).order_by("pk"))
    moments = {pk: at for pk, at in judge(vehicles, now=now, by=by).items() if at is not None}
    clocks.bring_forward(Vehicle, "review_after", moments)


@transaction.atomic
def judge(vehicles: list[Vehicle], *, now: datetime, by: User | None = None) -> dict[int, datetime | None]:
    """Assess all items of these vehicles anew, which are locked. Returns when each should be looked at again."""
    standing = [vehicle for vehicle in vehicles if vehicle.retired_at is None]  # the others only lose their alerts
    ids = [vehicle.pk for vehicle in standing]
    zones = {vehicle.pk: vehicle.fleet.zone for vehicle in vehicles}
    items, lines = enrolling.match(standing)
    standins.fill_anchors(items, zones)
    scene = gathering.Scene(standing, now, items=items, rows=lines)
    standins.fill(one for done in scene.done.values() for one in done)

    changed, wanted, quiet = [], alerts.Wanted(), Quiet(standing, now=now)
    later: dict[int, date] = {}
    verdicts: dict[int, list[Verdict]] = defaultdict(list)
    for item in scene.items:
        vehicle = scene.vehicles[item.vehicle_id]
        facts = scene.facts(vehicle)
        done = scene.done.get((item.vehicle_id, item.task_id), [])
        completions = [one.completion for one in done]
        verdict, hold = held.judge(scene.line(item), item.held_line, item.start, completions, facts)
        verdicts[item.vehicle_id].append(verdict)
        if written := take(item, verdict, facts, hold, now):
            changed.append(written)
        most_km = scene.policy(vehicle).snooze_km
        hidden = quiet.hides(item, status=verdict.status, facts=facts, done=done, most_km=most_km)
        wanted.add_item(item, verdict, facts, done, first=item.status_since is None, hidden=hidden, now=now)
        for day in (verdict.changes_on, urgency.share_moves_on(verdict, facts.today)):
            if day is not None:
                later[item.vehicle_id] = min(day, later.get(item.vehicle_id, day))
    rows.update(changed, DueItem.VERDICT, keep=("forecast", "reading"), into=DueItem)
    quiet.save()
    claims = settling.settle(ids, now=now)
    wanted.add_claims(claims)

    if retired := [vehicle for vehicle in vehicles if vehicle.retired_at is not None]:
        spreads.pass_on(retired, now=now)
    wanted.add_troubles(wishes.of(standing, scene.faults, now=now))
    for vehicle in standing:
        wanted.add_connection(vehicle)
        wanted.add_meter(vehicle)
        wanted.add_usage(vehicle, scene.shifts.get(vehicle.pk))
        wanted.add_silence(vehicle, scene.hushes.get((vehicle.fleet_id, vehicle.make.upper())))
    alerts.settle(vehicles, wanted, now=now, by=by)
    turns.want([(car, wanting.wanted_at(verdicts[car.pk], scene.facts(car))) for car in standing], now=now)
    moments = settling.next_looks(claims, now=now)
    for days in (later, quiet.wakes):
        for pk, day in days.items():
            midnight = datetime.combine(day, time(), tzinfo=zones[pk])
            moments[pk] = min(midnight, moments.get(pk, midnight))
    pulse.beat(vehicle.fleet_id for vehicle in vehicles)
    return {pk: moments.get(pk) for pk in zones}


def locked(wanted: QuerySet[Vehicle], *, skip_locked: bool = False) -> list[Vehicle]:
    """These vehicles until the end of the transaction, with their connections and care. One fleet for all of its."""
    held = wanted.select_for_update(no_key=True, of=("self",), skip_locked=skip_locked)
    vehicles = list(held.select_related("connection", "care"))
    fleets = Fleet.objects.select_related("policy").in_bulk({vehicle.fleet_id for vehicle in vehicles})
    for vehicle in vehicles:
        vehicle.fleet = fleets[vehicle.fleet_id]
    return vehicles


def take(item: Item, verdict: Verdict, facts: Facts, hold: dict | None, now: datetime) -> SimpleNamespace | None:
    """The row of an item with this verdict. None if nothing that is stored differs: a quiet day rewrites nothing."""
    turned = item.status_since is None or item.status != verdict.status
    likely, grounds = foreseeing.foresee(verdict, facts)
    sort_on = urgency.sort_on(verdict, facts, before=None if turned else item.sort_on)
    told = {
        "status": verdict.status.value,
        "rank": verdict.status.rank,
        "winner": verdict.winner.value if verdict.winner else "",
        "due_km": verdict.due_km,
        "due_on": verdict.due_on,
        "due_hours": verdict.due_hours,
        "overdue_share": verdict.overdue_share,
        "oil_limit_pct": verdict.oil_limit_pct,
        "trace": verdict.trace,
        "held_line": hold,
    }
    digest = ledger.digest(told, foreseeing.reasons(grounds))
    says_same = digest == item.told_digest and not turned
    steady = says_same and foreseeing.is_steady((item.likely_from, item.likely_to), likely)
    if steady and (sort_on, verdict.changes_on) == (item.sort_on, item.changes_on):
        return None
    if steady:
        early, late = item.likely_from, item.likely_to
    else:
        early, late = (likely.early, likely.late) if likely else (None, None)
    return SimpleNamespace(
        pk=item.pk,
        **told,
        sort_on=sort_on,
        changes_on=verdict.changes_on,
        told_digest=digest,
        likely_from=early,
        likely_to=late,
        forecast=None if steady else foreseeing.account(grounds),
        status_since=now if turned else item.status_since,
        reading=readings_told(facts) if turned else None,
        reviewed_at=now,
    )
