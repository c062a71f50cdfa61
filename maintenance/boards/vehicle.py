"""One vehicle: how it is, what it says, what comes next, what was."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import FilteredRelation, Q, QuerySet

from fleet.owners.models import Membership
from maintenance.boards import (
    dash,
    data,
    dealer,
    forecast,
    health,
    history,
    orders,
    proving,
    snoozes,
    thresholds,
    visits,
)
from maintenance.boards.ages import Age, age, spoken
from maintenance.boards.gauges import AXES, Readings
from maintenance.boards.troubles import troubles_of
from maintenance.domain.plan import Axis
from maintenance.domain.ruling import Ruled
from maintenance.domain.why import Explanation
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import DueItem, Proposal, ServiceRecord
from vehicles.asking import refreshing
from vehicles.boards import reach
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Fault, Gauge, Vehicle
from vehicles.waist import dealers

CLOSED_SHOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Next:
    item: DueItem
    why: Explanation | None
    bars: list[dict]
    expected: forecast.Expected | None = None
    still: snoozes.Still | None = None


@dataclass(frozen=True, slots=True)
class FaultShown:
    fault: Fault
    meaning: Ruled
    seen: Age
    claim: proving.Claim | None = None


def seen(member: Membership, now: datetime) -> QuerySet[Vehicle]:
    """Vehicles with all that there is once of each: what the board reads of them costs no further query."""
    pace = FilteredRelation("paces", condition=Q(paces__axis=Axis.DISTANCE))
    found = Vehicle.objects.seen_by(member).annotate(pace=pace)
    found = found.select_related("connection__owner", "fleet__policy", "fleet__terms", "care__program", "pace")
    return reach.told(found, now)


def board(vehicle: Vehicle, member: Membership, now: datetime) -> dict:
    """`vehicle` comes from `seen`."""
    units = member.fleet.units
    gauges = {gauge.signal: gauge for gauge in Gauge.objects.filter(vehicle=vehicle)}
    answers = {answer.signal: answer for answer in Capability.objects.filter(vehicle=vehicle)}
    states = {signal: answer.state for signal, answer in answers.items()}
    reached = reach.of_told(vehicle, reach.lacks_of(vehicle, answers.values()), now)
    items = list(
        DueItem.objects.filter(vehicle=vehicle, left_at=None).with_snooze().select_related("task").by_urgency()
    )
    oil_limit = max((item.oil_limit_pct for item in items if item.oil_limit_pct is not None), default=None)
    says = dash.read(vehicle, gauges, states, units, now, oil_limit=oil_limit)
    readings = Readings(
        {(vehicle.pk, signal): gauges[signal] for signal in AXES if signal in gauges},
        {(vehicle.pk, signal): states[signal] for signal in AXES if signal in states},
    )
    nexts, held_ranges = [], forecast.held_lately(member.fleet, member.fleet.day(now))
    for item in items:
        why = readings.explain(item, member.fleet, now)
        expected = forecast.of_item(item, member.fleet, held_ranges, member.fleet.day(now))
        bars = [bar(axis) for axis in why.axes] if why else []
        nexts.append(Next(item, why, bars, expected, snoozes.of(item, member.fleet)))
    held = list(Fault.objects.filter(vehicle=vehicle).order_by("-last_seen_at", "-pk")[:200])
    of_faults = proving.of_faults(held, member.fleet)
    rhythm, book = vehicle.rhythm_minutes, Rulebook([vehicle.fleet_id] if held else [])
    faults = [
        FaultShown(
            one, book.read(one.code, vehicle), age(one.last_seen_at, "webhook", now, rhythm), of_faults.get(one.pk)
        )
        for one in held
    ]
    open_faults = [one for one in faults if one.fault.closed_at is None]
    closed = [one for one in faults if one.fault.closed_at and one.fault.closed_at >= now - CLOSED_SHOWN]
    records = list(
        ServiceRecord.objects.filter(vehicle=vehicle).select_related("task", "because_of__task", "proof")[:30]
    )
    of_records = proving.of_records(records, member.fleet)
    odometer = gauges.get(Signal.ODOMETER.value)
    told_by_dealer = dealers.visits(vehicle)
    past = thresholds.of_vehicle(vehicle, now, since=now - CLOSED_SHOWN)
    claims = [record.task.name for record in records if is_open(of_records.get(record.pk)) and not record.voided_at]
    claims += [fault.code for fault in held if is_open(of_faults.get(fault.pk))]
    lit = [s for s, g in gauges.items() if s in health.LAMPS and g.detail.get("status") == "ALERT"]
    return {
        "vehicle": vehicle,
        "here": "vehicles",
        "today": member.fleet.day(now),
        "dash": says,
        "nexts": nexts,
        "orders": orders.of_vehicle(vehicle, member),
        "groups": vehicle.groups.all(),  # asked for by the head alone, which does not renew itself
        "use_changed": forecast.shift_of(getattr(vehicle, "pace", None), units),
        "open_faults": open_faults,
        "closed_faults": closed,
        "history": history.line(records, held, member, of_records, {one.fault.pk: one.meaning for one in faults}),
        "questions": proving.questions(Proposal.objects.filter(vehicle=vehicle), member.fleet, told_by_dealer),
        "bundle": visits.of_vehicle(items, odometer.number if odometer else None, vehicle.fleet, now),
        "codes_lack": next((dial.lack for dial in says.dials if dial.name == "Trouble codes"), ""),
        "data": data.read(gauges, answers, member, now, vehicle.rhythm_minutes),
        "visits": dealer.visits(told_by_dealer, member),
        **troubles_of(vehicle, held, answers, now),
        "in_workshop_since": dealer.in_workshop_since(gauges.get(Signal.IN_SERVICE)),
        "refresh": refreshing.progress(vehicle, now),
        "reach": reached,
        "rhythm": spoken(timedelta(minutes=rhythm)) if rhythm else "",
        "last_heard": age(vehicle.seen_at, "webhook", now, vehicle.rhythm_minutes) if vehicle.seen_at else None,
        "past": past,
        **judged(nexts, open_faults, past, claims, says, lit, reached, is_old=readings.is_old(vehicle, now)),
    }


def bar(axis) -> dict:
    """One axis as percentages of a bar; over its end, the last part is hatched."""
    share = axis.share
    return {
        "axis": axis,
        "used": None if share is None else round(min(share, 1.0) * 100, 1),
        "spoken": None if share is None else round(share * 100),
        "soon": None if axis.soon_share is None else round(min(axis.soon_share, 1.0) * 100, 1),
        "over": round(min(share - 1, 0.25) * 100, 1) if share is not None and share > 1 else 0,
        "over_from": round(100 - min(share - 1, 0.25) * 100, 1) if share is not None and share > 1 else 0,
    }


def is_open(claim: proving.Claim | None) -> bool:
    """The car says otherwise, and nobody has answered."""
    return claim is not None and claim.is_open


def judged(
    nexts: list,
    faults: list,
    past: list,
    claims: list,
    says: dash.Dash,
    lit: list,
    reached: reach.Reach,
    *,
    is_old: bool,
) -> dict:
    """One light and one sentence for the car, and the reasons for it."""
    against = health.Against()
    for one in nexts:
        against.add_item(one.item, one.why.sentence if one.why else "")
    for one in faults:
        text = f"{one.fault.code} open since {one.fault.opened_at:%-d %b}: {one.meaning.text}"
        against.add_fault(one.meaning, text)
    for one in past:
        if one.breach.closed_at is None:
            against.add_breach(one.name, one.status, f"{one.name}: {one.now}")
    for claim in claims:
        against.add_claim(claim)
    for signal in lit:
        against.add_lamp(signal)
    found = against.judged(reached, tells_faults=says.tells_faults, is_old=is_old)
    reasons = list(found.reasons)
    if says.old:
        reasons.append(health.Reason("stale", f"{', '.join(says.old)}: old readings, not counted as good"))
    return {"health_status": found.light.value, "sentence": found.sentence, "reasons": reasons}
