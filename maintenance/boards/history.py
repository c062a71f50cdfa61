"""What happened on one vehicle, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from fleet.kit.units import number, show_distance
from fleet.owners.models import Membership, Role
from maintenance.boards import dealer, proving
from maintenance.boards.proving import Claim
from maintenance.domain.ruling import Ruled
from maintenance.domain.sums import counted
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Proposal, ServiceRecord
from vehicles.models import Fault, Vehicle
from vehicles.waist import dealers

MOST = 20  # the timeline has the rest, page by page


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    icon: str
    status: str
    text: str
    aside: str
    on: str
    record: ServiceRecord | None = None
    may_void: bool = False
    gone: bool = False
    claim: Claim | None = None
    steps: tuple[str, ...] = ()


def board(vehicle: Vehicle, member: Membership) -> dict:
    """What was done and what came and went, what the dealer told, and what seems done without anybody's word."""
    records = ServiceRecord.objects.filter(vehicle=vehicle).select_related("task", "because_of__task", "proof")
    records = list(records[:MOST])
    faults = list(Fault.objects.filter(vehicle=vehicle).order_by("-last_seen_at", "-pk")[:MOST])
    book = Rulebook.of(member.fleet) if faults else None
    told = dealers.visits(vehicle)
    return {
        "vehicle": vehicle,
        "here": "vehicles",
        "back": reverse("maintenance:vehicle", args=[vehicle.pk]),
        "history": line(
            records,
            faults,
            member,
            proving.of_records(records, member.fleet),
            {fault.pk: book.read(fault.code, vehicle) for fault in faults},
        ),
        "visits": dealer.visits(told, member),
        "questions": proving.questions(Proposal.objects.filter(vehicle=vehicle), member.fleet, told),
    }


def line(
    records: list[ServiceRecord],
    faults: list[Fault],
    member: Membership,
    claims: dict[int, Claim],
    meant: dict[int, Ruled],
) -> list[Event]:
    """`claims`: what the car says of each record. `meant`: what each fault is to this fleet."""
    events = [done(record, member, claims.get(record.pk)) for record in records]
    zone = member.fleet.zone
    for fault in faults:
        meaning = meant[fault.pk]
        on, status = when(fault.opened_at, zone), "unknown" if meaning.is_ignored else meaning.severity
        events.append(Event(fault.opened_at, "lamp", status, f"{fault.code} reported", meaning.text, on))
        if fault.closed_at:
            text = f"{fault.code} gone"
            events.append(Event(fault.closed_at, "ok", "ok", text, "two clean reads", when(fault.closed_at, zone)))
    return sorted(events, key=lambda event: event.at, reverse=True)[:MOST]


def done(record: ServiceRecord, member: Membership, claim: Claim | None) -> Event:
    """A technician takes back what they logged themselves, a manager anything."""
    parts = [f"by {record.by_name}"] if record.by_name else []
    if record.odometer_km is not None:
        at = show_distance(record.odometer_km, member.fleet.units)
        doubt = ", which does not fit the car’s readings" if record.odometer_is_doubted else ""
        parts.append(f"at {at}{', from the nearest reading' if record.odometer_is_stand_in else doubt}")
    parts += [part for part in (punctuality(record, member), record.notes) if part]
    if record.parts:
        parts.append(f"parts: {record.parts}")
    if record.because_of:
        parts.insert(0, f"with {record.because_of.task.name.lower()}")
    return Event(
        at=record.done_at,
        icon="wrench",
        status="",
        text=f"{record.task.name} done" if record.voided_at is None else f"{record.task.name}, taken back",
        aside=" · ".join(parts),
        on=f"{record.done_on:%-d %b %Y}",
        record=record,
        may_void=record.voided_at is None
        and record.because_of_id is None
        and (member.may(Role.MANAGER) or (member.may(Role.TECHNICIAN) and record.by_id == member.user_id)),
        gone=record.voided_at is not None,
        claim=claim if record.voided_at is None else None,
        steps=tuple(step(one) for one in record.checklist),
    )


def punctuality(record: ServiceRecord, member: Membership) -> str:
    """“400 km and 9 days early”, against the point that was in force then."""
    if record.early_km is None and record.early_days is None:
        return ""
    told = []
    if record.early_km is not None:
        told.append((record.early_km, show_distance(abs(record.early_km), member.fleet.units)))
    if record.early_days is not None:
        told.append((record.early_days, counted(abs(record.early_days), "day")))
    early = " and ".join(words for count, words in told if count > 0)
    late = " and ".join(words for count, words in told if count < 0)
    return ", ".join(part for part in (early and f"{early} early", late and f"{late} late") if part) or "on its mark"


def step(one: dict) -> str:
    """One line of the checklist, as it was worked off."""
    value = one.get("value")
    said = f"{one['text']}: {'done' if one.get('done') else 'not done'}"
    if value is None:
        return said
    return f"{said}, {number(value, 0 if float(value).is_integer() else 1)} {one.get('unit', '')}".rstrip()


def when(moment: datetime, zone) -> str:
    return f"{moment.astimezone(zone):%-d %b %Y %H:%M}"
