"""What happened on one vehicle, newest first."""

from dataclasses import dataclass
from datetime import datetime

from fleet.kit.units import show_distance
from fleet.owners.models import Membership, Role
from maintenance.models import ServiceRecord
from vehicles.domain import codes
from vehicles.models import Fault

MOST = 40


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


def line(records: list[ServiceRecord], faults: list[Fault], member: Membership) -> list[Event]:
    events = [done(record, member) for record in records]
    zone = member.fleet.zone
    for fault in faults:
        meaning = codes.explain(fault.code)
        on = when(fault.opened_at, zone)
        events.append(Event(fault.opened_at, "lamp", meaning.severity, f"{fault.code} reported", meaning.text, on))
        if fault.closed_at:
            text = f"{fault.code} gone"
            events.append(Event(fault.closed_at, "ok", "ok", text, "two clean reads", when(fault.closed_at, zone)))
    return sorted(events, key=lambda event: event.at, reverse=True)[:MOST]


def done(record: ServiceRecord, member: Membership) -> Event:
    """A technician takes back what they logged themselves, a manager anything."""
    parts = [f"by {record.by_name}"] if record.by_name else []
    if record.odometer_km is not None:
        at = show_distance(record.odometer_km, member.fleet.units)
        parts.append(f"at {at}{', from the nearest reading' if record.odometer_is_stand_in else ''}")
    if record.notes:
        parts.append(record.notes)
    return Event(
        at=record.done_at,
        icon="wrench",
        status="",
        text=f"{record.task.name} done" if record.voided_at is None else f"{record.task.name}, taken back",
        aside=" · ".join(parts),
        on=f"{record.done_on:%-d %b %Y}",
        record=record,
        may_void=record.voided_at is None
        and (member.may(Role.MANAGER) or (member.may(Role.TECHNICIAN) and record.by_id == member.user_id)),
        gone=record.voided_at is not None,
    )


def when(moment: datetime, zone) -> str:
    return f"{moment.astimezone(zone):%-d %b %Y %H:%M}"
