"""One vehicle: how it is, what it says, what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from fleet.owners.models import Fleet, Membership
from maintenance.boards import (
    dash,
    data,
    dealer,
    forecast,
    health,
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
from maintenance.domain.ruling import IGNORE, Ruled
from maintenance.domain.why import Explanation
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import DueItem, Proposal
from vehicles.asking import refreshing
from vehicles.boards import reach
from vehicles.domain.codes import Severity
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Fault, Gauge, Vehicle

CLOSED_SHOWN = timedelta(days=30)
GRAVEST = (Severity.CRITICAL, Severity.WARNING, IGNORE)


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


def find(member: Membership, pk: int, now: datetime) -> Vehicle | None:
    """The vehicle with all that the board reads of it beside what happened to it, in one query; None if not theirs."""
    pace = FilteredRelation("paces", condition=Q(paces__axis=Axis.DISTANCE))
    found = Vehicle.objects.seen_by(member).filter(pk=pk).annotate(pace=pace)
    found = found.select_related("connection__owner", "fleet__policy", "fleet__terms", "care__program", "pace")
    found = found.annotate(group_pk=F("groups__pk"), group_name=F("groups__name"), inside=dealer.in_workshop_since())
    rows = list(reach.told(found, now).order_by("group_name"))  # one for each group
    for one in rows[:1]:
        one.in_groups = [(row.group_pk, row.group_name) for row in rows if row.group_pk]
    return rows[0] if rows else None


def board(vehicle: Vehicle, member: Membership, now: datetime) -> dict:
    """`vehicle` comes from `find`."""
    units = member.fleet.units
    gauges = {gauge.signal: gauge for gauge in Gauge.objects.filter(vehicle=vehicle)}
    answers = {answer.signal: answer for answer in Capability.objects.filter(vehicle=vehicle)}
    states = {signal: answer.state for signal, answer in answers.items()}
    reached = reach.of_told(vehicle, reach.lacks_of(vehicle, answers.values()), now)
    asked = Proposal.objects.filter(vehicle=vehicle, task=OuterRef("task"), state=Proposal.State.OPEN)
    items = DueItem.objects.filter(vehicle=vehicle, left_at=None).annotate(is_asked=Exists(asked))
    items = list(items.with_snooze().select_related("task").by_urgency())
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
    claims = proving.of_vehicle(vehicle, member.fleet)
    faults = faults_of(vehicle, member.fleet, claims, now)
    open_faults = sorted((one for one in faults if one.fault.closed_at is None), key=gravest_first)
    odometer = gauges.get(Signal.ODOMETER.value)
    past = thresholds.of_vehicle(vehicle, now, since=now - CLOSED_SHOWN)
    lit = [s for s, g in gauges.items() if s in health.LAMPS and g.detail.get("status") == "ALERT"]
    return {
        "vehicle": vehicle,
        "here": "vehicles",
        "today": member.fleet.day(now),
        "dash": says,
        "nexts": nexts,
        "orders": orders.of_vehicle(vehicle, member),
        "use_changed": forecast.shift_of(getattr(vehicle, "pace", None), units),
        "open_faults": open_faults,
        "closed_faults": [one for one in faults if one.fault.closed_at],
        "bundle": visits.of_vehicle(items, odometer.number if odometer else None, vehicle.fleet, now),
        "codes_lack": next((dial.lack for dial in says.dials if dial.name == "Trouble codes"), ""),
        "data": data.read(gauges, answers, member, now, vehicle.rhythm_minutes),
        **troubles_of(vehicle, [one.fault for one in faults], answers, now),
        "refresh": refreshing.at_a_glance(vehicle, now),
        "reach": reached,
        "rhythm": spoken(timedelta(minutes=vehicle.rhythm_minutes)) if vehicle.rhythm_minutes else "",
        "last_heard": age(vehicle.seen_at, "webhook", now, vehicle.rhythm_minutes) if vehicle.seen_at else None,
        "past": past,
        **judged(nexts, open_faults, past, claims, says, lit, reached, is_old=readings.is_old(vehicle, now)),
    }


def faults_of(vehicle: Vehicle, fleet: Fleet, claims: list[proving.Claim], now: datetime) -> list[FaultShown]:
    """Those that are open, and those that ended lately; the one seen last comes first. Each with its newest claim."""
    shown = Q(closed_at=None) | Q(closed_at__gte=now - CLOSED_SHOWN)
    held = list(Fault.objects.filter(shown, vehicle=vehicle).order_by("-last_seen_at", "-pk")[:200])
    book = Rulebook.of(fleet) if held else None
    by_fault = {one.proof.fault_id: one for one in claims}
    return [
        FaultShown(
            one,
            book.read(one.code, vehicle),
            age(one.last_seen_at, "webhook", now, vehicle.rhythm_minutes),
            by_fault.get(one.pk),
        )
        for one in held
    ]


def gravest_first(shown: FaultShown) -> int:
    return GRAVEST.index(shown.meaning.severity)


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


def judged(
    nexts: list,
    faults: list,
    past: list,
    claims: list[proving.Claim],
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
        if claim.is_open:
            against.add_claim(claim.about)
    for signal in lit:
        against.add_lamp(signal)
    found = against.judged(reached, tells_faults=says.tells_faults, is_old=is_old)
    reasons = list(found.reasons)
    if says.old:
        reasons.append(health.Reason("stale", f"{', '.join(says.old)}: old readings, not counted as good"))
    return {"health_status": found.light.value, "sentence": found.sentence, "reasons": reasons}
