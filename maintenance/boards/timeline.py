"""Everything that happened on one vehicle, newest first: work, faults, alerts, orders, snoozes, what people said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from fleet.kit.units import show_distance
from fleet.owners.models import Membership
from maintenance.boards import meter_words
from maintenance.boards.order_sheet import WORDS as STEPS
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Alert, OrderStep, ServiceRecord, Snooze
from vehicles.models import Fault, MeterNote, Reading, Standing, Vehicle

SIZE = 50
ENDS = {
    "woken": "woken",
    "replaced": "snoozed anew",
    "dropped": "gone with its job",
}
TOLD_ELSEWHERE = (Alert.Kind.FAULT, Alert.Kind.METER)  # what they are about stands in the line itself


@dataclass(frozen=True, slots=True)
class Event:
    """`key` orders what has the same moment."""

    at: datetime
    icon: str
    status: str
    text: str
    aside: str
    href: str = ""
    key: tuple = ()
    is_gone: bool = False


def board(vehicle: Vehicle, member: Membership, *, before: str, now: datetime) -> dict:
    """One page of it. Each kind is asked for one page at most, however long the car has been with us."""
    until = moment(before) or now + timedelta(days=1)
    events = sorted(
        (event for of in KINDS for event in of(vehicle, member, until) if event.at < until),
        key=lambda event: (event.at, event.key),
        reverse=True,
    )
    page, more = events[:SIZE], len(events) > SIZE
    if more:  # what shares the moment of the last one stays with it
        page = [event for event in events if event.at >= page[-1].at]
    older = f"?{urlencode({'before': page[-1].at.isoformat()})}" if more else ""
    return {"vehicle": vehicle, "events": page, "older": older, "is_newest": not moment(before), "here": "vehicles"}


def moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def work(vehicle: Vehicle, member: Membership, until: datetime) -> Iterator[Event]:
    records = ServiceRecord.objects.filter(vehicle=vehicle).filter(Q(done_at__lt=until) | Q(voided_at__lt=until))
    records = records.select_related("task", "because_of__task", "voided_by")
    for one in newest(records, "-done_at"):
        parts = [f"with {one.because_of.task.name.lower()}"] if one.because_of else []
        parts += [f"by {one.by_name}"] if one.by_name else []
        if one.odometer_km is not None:
            parts.append(f"at {show_distance(one.odometer_km, member.fleet.units)}")
        text = f"{one.task.name} done"
        yield Event(one.done_at, "wrench", "", text, ", ".join(parts), key=(3, one.pk), is_gone=bool(one.voided_at))
        if one.voided_at:
            by = f"by {one.voided_by}" if one.voided_by else ""
            yield Event(one.voided_at, "undo", "", f"{one.task.name} taken back", by, key=(4, one.pk))


def faults(vehicle: Vehicle, member: Membership, until: datetime) -> Iterator[Event]:
    held = newest(Fault.objects.filter(vehicle=vehicle, opened_at__lt=until), "-opened_at")
    book = Rulebook([vehicle.fleet_id] if held else [])
    where = f"{reverse('maintenance:vehicle', args=[vehicle.pk])}#faults"
    for one in held:
        meaning = book.read(one.code, vehicle)
        status = "unknown" if meaning.is_ignored else str(meaning.severity)
        yield Event(one.opened_at, "lamp", status, f"{one.code} reported", meaning.text, where, key=(1, one.pk))
        if one.closed_at:
            yield Event(one.closed_at, "ok", "ok", f"{one.code} gone", "two clean reads", key=(2, one.pk))


def alerts(vehicle: Vehicle, member: Membership, until: datetime) -> Iterator[Event]:
    """When each reached the level that it has; and its end. Of a code the line itself tells both."""
    held = Alert.objects.filter(vehicle=vehicle, level_at__lt=until).exclude(kind__in=TOLD_ELSEWHERE)
    names = dict(member.fleet.tasks.values_list("key", "name"))
    for one in newest(held, "-level_at"):
        about = names.get(one.subject, one.subject) if one.kind in (Alert.Kind.DUE, Alert.Kind.PROOF) else ""
        text = f"{about or one.get_kind_display()}: {LEVELS.get(one.level, one.level)}"
        yield Event(one.level_at, "alerts", one.level, text, "alert", key=(1, one.pk))
        if one.closed_at:
            aside = f"after {show_days(one.closed_at - one.opened_at)}"
            over = f"{about or one.get_kind_display()}: alert over"
            yield Event(one.closed_at, "ok", "ok", over, aside, key=(2, one.pk))


LEVELS = {"soon": "soon", "due": "due now", "overdue": "overdue", "warning": "warning", "critical": "critical"}


def orders(vehicle: Vehicle, member: Membership, until: datetime) -> Iterator[Event]:
    steps = OrderStep.objects.filter(order__vehicle=vehicle, at__lt=until).select_related("order__assignee")
    for one in newest(steps, "-at"):
        text = f"{one.order.called} {STEPS.get(one.what, one.what).lower()}"
        aside = ", ".join(filter(None, (one.note, f"by {one.by_name}")))
        seen = member.role != "technician" or one.order.assignee_id in (None, member.user_id)
        href = reverse("maintenance:order", args=[one.order_id]) if seen else ""
        yield Event(one.at, "orders", "", text, aside, href, key=(5, one.pk))


def said(vehicle: Vehicle, member: Membership, until: datetime) -> Iterator[Event]:
    """What people said of the meter."""
    notes = MeterNote.objects.filter(vehicle=vehicle, at__lt=until).select_related("reading", "segment")
    where = reverse("maintenance:meter", args=[vehicle.pk])
    for one in newest(notes, "-at"):
        aside = ", ".join(filter(None, (one.reason, f"by {one.by_name}" if one.by_name else "")))
        yield Event(
            one.at, "src-bench", "", meter_words.of_note(one, member.fleet.units), aside, where, key=(6, one.pk)
        )


def doubts(vehicle: Vehicle, member: Membership, until: datetime) -> Iterator[Event]:
    """Readings that are not believed; all others are the curve of the car, and no events."""
    held = Reading.objects.filter(vehicle=vehicle, signal="odometer", standing=Standing.SUSPECT, at__lt=until)
    where = reverse("maintenance:meter", args=[vehicle.pk])
    for one in newest(held, "-at"):
        text = f"Odometer {show_distance(one.number, member.fleet.units)} doubted"
        yield Event(one.at, "odometer", "warning", text, "it counts for nothing", where, key=(0, one.pk))


def snoozes(vehicle: Vehicle, member: Membership, until: datetime) -> Iterator[Event]:
    held = Snooze.objects.filter(vehicle=vehicle, set_at__lt=until).select_related("task")
    for one in newest(held, "-set_at"):
        ends = [f"until {one.until_on:%-d %b %Y}"] if one.until_on else []
        ends += [f"until {show_distance(one.until_km, member.fleet.units)}"] if one.until_km is not None else []
        aside = ", ".join([" or ".join(ends), one.reason, f"by {one.by_name}"])
        yield Event(one.set_at, "snoozed", "snoozed", f"{one.task.name} snoozed", aside, key=(7, one.pk))
        if one.ended_at and one.ended_why in ENDS:
            text = f"{one.task.name} {ENDS[one.ended_why]}"
            yield Event(one.ended_at, "snoozed", "", text, "its snooze ended", key=(8, one.pk))


KINDS = (work, faults, alerts, orders, said, doubts, snoozes)


def newest(rows, order: str) -> Iterable:
    return list(rows.order_by(order, "-pk")[: SIZE + 1])


def show_days(span: timedelta) -> str:
    return "less than a day" if span < timedelta(days=1) else f"{span.days} day{'' if span.days == 1 else 's'}"
