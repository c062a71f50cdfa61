"""What people did to a vehicle, as events of its timeline.

A row has several moments: it began, it was over. It is asked for by the newest of those that the page can show, so
that the end of an old thing stands beside what is new.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from operator import or_

from django.db.models import Case, DateTimeField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.urls import reverse

from fleet.kit.units import show_distance
from fleet.owners.models import Membership
from maintenance.boards import meter_words
from maintenance.boards.order_sheet import WORDS as STEPS
from maintenance.models import OrderStep, Proof, ServiceRecord, Snooze
from maintenance.proving import saying
from vehicles.models import MeterNote, Vehicle

SIZE = 50
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ENDS = {
    "woken": "woken",
    "replaced": "snoozed anew",
    "dropped": "gone with its job",
}


@dataclass(frozen=True, slots=True)
class Event:
    """`key` orders what has the same moment: a rank, and the row."""

    at: datetime
    icon: str
    status: str
    text: str
    aside: str
    href: str = ""
    key: tuple = ()
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Until:
    """Where the page before ended: at this moment, with this key. Shown is what comes after it, which is older."""

    at: datetime
    key: tuple[int, int, int] | None = None  # rank, kind, pk; None: nothing of that moment

    def covers(self, at: datetime, key: tuple[int, int, int]) -> bool:
        return at < self.at or bool(self.key) and at == self.at and key < self.key

    def rows(self, field: str, rank: int) -> Q:
        """Rows whose event of this field comes after; of the same rank at the same moment one too many at most."""
        before = Q(**{f"{field}__lt": self.at})
        if self.key is None or rank > self.key[0]:
            return before
        same = Q(**{field: self.at})
        return before | (same if rank < self.key[0] else same & Q(pk__lte=self.key[2]))


@dataclass(frozen=True, slots=True)
class Moment:
    """A field whose moment is an event where `when` holds; `rank` is the first number of its event's key."""

    field: str
    rank: int
    when: Q = field(default_factory=Q)


def work(vehicle: Vehicle, member: Membership, until: Until) -> Iterator[Event]:
    records = ServiceRecord.objects.filter(vehicle=vehicle)
    records = records.select_related("task", "because_of__task", "voided_by", "proof")
    for one in newest(records, until, Moment("done_at", 3), Moment("voided_at", 4)):
        parts = [f"with {one.because_of.task.name.lower()}"] if one.because_of else []
        parts += [f"by {one.by_name}"] if one.by_name else []
        if one.odometer_km is not None:
            parts.append(f"at {show_distance(one.odometer_km, member.fleet.units)}")
        if (proof := getattr(one, "proof", None)) and not one.voided_at:
            parts.append(head(proof))
        text = f"{one.task.name} done"
        yield Event(one.done_at, "wrench", "", text, ", ".join(parts), key=(3, one.pk), is_gone=bool(one.voided_at))
        if one.voided_at:
            by = f"by {one.voided_by}" if one.voided_by else ""
            yield Event(one.voided_at, "undo", "", f"{one.task.name} taken back", by, key=(4, one.pk))


def claims(vehicle: Vehicle, member: Membership, until: Until) -> Iterator[Event]:
    """What was called fixed, what the car said of it and of other work, and who settled it by hand."""
    where = reverse("maintenance:proofs")
    held = Proof.objects.filter(vehicle=vehicle).select_related("record__task", "fault")
    claimed = Moment("claimed_at", 3, Q(record=None)), Moment("settled_at", 9), Moment("answered_at", 10)
    for one in newest(held, until, *claimed):
        name = one.record.task.name if one.record else one.fault.code if one.fault else one.facts.get("code", "A code")
        if one.record is None:
            by = ", ".join(filter(None, (f"by {one.claimed_by}" if one.claimed_by else "", head(one))))
            yield Event(one.claimed_at, "wrench", "", f"{name} called fixed", by, key=(3, one.pk))
        if one.settled_at:
            told, status = saying.HEADS[one.state], saying.STATUSES[one.state]
            yield Event(one.settled_at, "check", status, f"{name}: {told}", "", where, key=(9, one.pk))
        if one.answered_at:
            by = ", ".join(filter(None, (one.answered_why, f"by {one.answered_by}")))
            yield Event(one.answered_at, "user", "info", f"{name}: settled by hand", by, where, key=(10, one.pk))


def head(proof: Proof) -> str:
    return "settled by hand" if proof.answered_at else saying.HEADS[proof.state]


def orders(vehicle: Vehicle, member: Membership, until: Until) -> Iterator[Event]:
    steps = OrderStep.objects.filter(order__vehicle=vehicle).select_related("order__assignee")
    for one in newest(steps, until, Moment("at", 5)):
        text = f"{one.order.called} {STEPS.get(one.what, one.what).lower()}"
        aside = ", ".join(filter(None, (one.note, f"by {one.by_name}")))
        seen = member.role != "technician" or one.order.assignee_id in (None, member.user_id)
        href = reverse("maintenance:order", args=[one.order_id]) if seen else ""
        yield Event(one.at, "orders", "", text, aside, href, key=(5, one.pk))


def said(vehicle: Vehicle, member: Membership, until: Until) -> Iterator[Event]:
    """What people said of the meter."""
    notes = MeterNote.objects.filter(vehicle=vehicle).select_related("reading", "segment")
    where = reverse("maintenance:meter", args=[vehicle.pk])
    for one in newest(notes, until, Moment("at", 6)):
        aside = ", ".join(filter(None, (one.reason, f"by {one.by_name}" if one.by_name else "")))
        yield Event(
            one.at, "src-bench", "", meter_words.of_note(one, member.fleet.units), aside, where, key=(6, one.pk)
        )


def snoozes(vehicle: Vehicle, member: Membership, until: Until) -> Iterator[Event]:
    held = Snooze.objects.filter(vehicle=vehicle).select_related("task")
    for one in newest(held, until, Moment("set_at", 7), Moment("ended_at", 8, Q(ended_why__in=ENDS))):
        ends = [f"until {one.until_on:%-d %b %Y}"] if one.until_on else []
        ends += [f"until {show_distance(one.until_km, member.fleet.units)}"] if one.until_km is not None else []
        aside = ", ".join(filter(None, (" or ".join(ends), one.reason, f"by {one.by_name}")))
        yield Event(one.set_at, "snoozed", "snoozed", f"{one.task.name} snoozed", aside, key=(7, one.pk))
        if one.ended_at and one.ended_why in ENDS:
            text = f"{one.task.name} {ENDS[one.ended_why]}"
            yield Event(one.ended_at, "snoozed", "", text, "its snooze ended", key=(8, one.pk))


def newest(rows: QuerySet, until: Until, *moments: Moment) -> list:
    """Those with the newest events after `until`, in the order of these: the first that can be shown decides."""
    shown = [until.rows(one.field, one.rank) & one.when & Q(**{f"{one.field}__isnull": False}) for one in moments]
    last = [
        Case(When(is_shown, then=F(one.field)), default=Value(LONG_AGO), output_field=DateTimeField())
        for is_shown, one in zip(shown, moments, strict=True)
    ]
    ranks = sorted(zip(shown, moments, strict=True), key=lambda pair: -pair[1].rank)
    found = rows.filter(reduce(or_, shown)).annotate(last_moment=Greatest(*last) if len(last) > 1 else last[0])
    found = found.annotate(
        last_rank=Case(
            *(When(is_shown & Q(**{one.field: F("last_moment")}), then=Value(one.rank)) for is_shown, one in ranks),
            default=Value(-1),
            output_field=IntegerField(),
        )
    )
    return list(found.order_by("-last_moment", "-last_rank", "-pk")[: SIZE + 2])
