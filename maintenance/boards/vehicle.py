"""One vehicle: how it is, what it says, what comes next, what was."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fleet.owners.models import Membership
from maintenance.boards import dash, data, dealer, forecast, history, orders, proving, snoozes, visits
from maintenance.boards.ages import Age, age
from maintenance.boards.gauges import AXES, Readings
from maintenance.boards.troubles import troubles_of
from maintenance.domain.status import Status
from maintenance.domain.why import Explanation
from maintenance.models import DueItem, Proposal, ServiceRecord
from vehicles.asking import refreshing
from vehicles.boards import reach
from vehicles.boards.connect_words import State
from vehicles.domain import codes
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Fault, Gauge, Vehicle

CLOSED_SHOWN = timedelta(days=30)
SILENT = {
    State.STALE: "Nothing was due when the car last reported; that is long ago.",
    State.WAITING: "Nothing is due by what is known; the car has told nothing yet.",
    State.UNSUPPORTED: "Nothing is due by what is known; the car tells nothing.",
} | dict.fromkeys(
    (State.NOT_CONNECTED, State.DISCONNECTED, State.RECONNECT, State.NOT_ON_PLAN),
    "Nothing was due when the car last reported; it reports no more.",
)
OPENINGS = {
    Status.OVERDUE: "Needs the workshop",
    Status.DUE: "Due now",
    Status.SOON: "Due soon",
    Status.UNKNOWN: "Cannot tell",
}


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
    meaning: codes.Meaning
    seen: Age
    claim: proving.Claim | None = None


def board(vehicle: Vehicle, member: Membership, now: datetime) -> dict:
    units = member.fleet.units
    gauges = {gauge.signal: gauge for gauge in Gauge.objects.filter(vehicle=vehicle)}
    answers = {answer.signal: answer for answer in Capability.objects.filter(vehicle=vehicle)}
    states = {signal: answer.state for signal, answer in answers.items()}
    reached = reach.reach(vehicle, now)
    says = dash.read(vehicle, gauges, states, units, now)
    readings = Readings(
        {(vehicle.pk, signal): gauges[signal] for signal in AXES if signal in gauges},
        {(vehicle.pk, signal): states[signal] for signal in AXES if signal in states},
    )
    nexts, held_ranges = [], forecast.held_lately(member.fleet, member.fleet.day(now))
    items = list(
        DueItem.objects.filter(vehicle=vehicle, left_at=None).with_snooze().select_related("task").by_urgency()
    )
    for item in items:
        why = readings.explain(item, member.fleet, now)
        expected = forecast.of_item(item, member.fleet, held_ranges, member.fleet.day(now))
        bars = [bar(axis) for axis in why.axes] if why else []
        nexts.append(Next(item, why, bars, expected, snoozes.of(item, member.fleet)))
    held = list(Fault.objects.filter(vehicle=vehicle).order_by("-last_seen_at", "-pk")[:200])
    of_records, of_faults = proving.of_vehicle(vehicle, member.fleet)
    faults = [
        FaultShown(one, codes.explain(one.code), age(one.last_seen_at, "webhook", now), of_faults.get(one.pk))
        for one in held
    ]
    open_faults = [one for one in faults if one.fault.closed_at is None]
    closed = [one for one in faults if one.fault.closed_at and one.fault.closed_at >= now - CLOSED_SHOWN]
    records = ServiceRecord.objects.filter(vehicle=vehicle).select_related("task", "because_of__task")[:30]
    odometer = gauges.get(Signal.ODOMETER.value)
    return {
        "vehicle": vehicle,
        "here": "vehicles",
        "dash": says,
        "nexts": nexts,
        "orders": orders.holding(
            member, items=[one.item.pk for one in nexts], faults=[one.fault.pk for one in open_faults]
        ),
        "use_changed": forecast.shift_of(vehicle),
        "open_faults": open_faults,
        "closed_faults": closed,
        "history": history.line(records, held, member, of_records),
        "questions": proving.questions(Proposal.objects.seen_by(member).filter(vehicle=vehicle), member.fleet),
        "bundle": visits.of_vehicle(items, odometer.number if odometer else None, member.fleet, now),
        "codes_lack": next((dial.lack for dial in says.dials if dial.name == "Trouble codes"), ""),
        "data": data.read(gauges, answers, member, now),
        "visits": dealer.visits(vehicle, member),
        **troubles_of(vehicle, held, answers, now),
        "in_workshop_since": dealer.in_workshop_since(gauges.get(Signal.IN_SERVICE)),
        "refresh": refreshing.progress(vehicle, now),
        "reach": reached,
        "last_heard": age(vehicle.seen_at, "webhook", now) if vehicle.seen_at else None,
        **health(nexts, open_faults, says, reached),
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


def health(nexts: list[Next], open_faults: list[FaultShown], says: dash.Dash, reached: reach.Reach) -> dict:
    """One sentence for the car, and the reasons for it."""
    critical = [one for one in open_faults if one.meaning.severity is codes.Severity.CRITICAL]
    worst = max((one.why.status for one in nexts if one.why), key=lambda status: status.rank, default=Status.UNKNOWN)
    named = [one.item.task.name.lower() for one in nexts if one.why and one.why.status is worst]
    reasons = [
        {"status": one.why.status.value, "text": one.why.sentence, "href": f"#item-{one.item.pk}"}
        for one in nexts
        if one.why and one.why.status is not Status.OK
    ]
    reasons += [
        {
            "status": one.meaning.severity.value,
            "text": f"{one.fault.code} open since {one.fault.opened_at:%-d %b}: {one.meaning.text}",
            "href": "#faults",
        }
        for one in open_faults
    ]
    lit = [light for light in says.lights if light.status == "warning"]
    reasons += [{"status": "warning", "text": f"{light.name} light is on", "href": "#lights"} for light in lit]
    if says.old:
        reasons.append({"status": "stale", "text": f"{', '.join(says.old)}: old readings, not counted as good"})
    status = "critical" if critical else worst.value
    if critical:
        sentence = f"Needs the workshop: {critical[0].fault.code}, {lowered(critical[0].meaning.text)}"
    elif worst in OPENINGS:
        sentence = f"{OPENINGS[worst]}: {', '.join(named)}." if named else "Nothing is known of this car yet."
    elif open_faults:
        status, sentence = "warning", "Nothing is due; the car reports a fault."
    elif not reached.counts:
        status, sentence = "unknown", SILENT.get(reached.state, "Nothing was due when the car last reported.")
    elif lit:
        status, sentence = "warning", "Nothing is due; a system light is on."
    elif not says.tells_faults:
        sentence = "Nothing is due. This car does not tell its faults."
    else:
        sentence = "Nothing is due, and no fault is reported."
    return {"health_status": status, "sentence": sentence, "reasons": reasons}


def lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
