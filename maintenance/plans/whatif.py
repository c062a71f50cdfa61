"""What another interval would change, judged for every vehicle of a line before anything is saved.

Reads plain values, a fixed number of queries for a whole fleet: a person waits for the answer.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from maintenance import gathering, ledger, standins
from maintenance.domain import held, whatif
from maintenance.domain.plan import Anchor, Completion, Facts, Lack, Missing, Sight
from maintenance.domain.status import Status
from maintenance.models import Care, DueItem, Pace, Policy, ProgramLine, ServiceRecord
from maintenance.sights import sight
from vehicles.models import Capability, Gauge, Source


class Moved(NamedTuple):
    """An item that would stand elsewhere."""

    item: int
    vehicle: int
    name: str
    plate: str
    before: str
    after: str


@dataclass(slots=True)
class Outcome:
    """The items of one line by their status, as they stand and as they would. Jobs are a year’s, of the whole fleet.

    `unpaced`: vehicles of which nobody knows how fast they come around, left out of both sums. `held`: items that are
    due already and stay so by the terms that they became due by.
    """

    cars: int = 0
    before: Counter = field(default_factory=Counter)
    after: Counter = field(default_factory=Counter)
    jobs_before: float = 0.0
    jobs_after: float = 0.0
    unpaced: int = 0
    held: int = 0
    enter: list[Moved] = field(default_factory=list)
    leave: list[Moved] = field(default_factory=list)


def look(row: ProgramLine, draft: ProgramLine, *, now: datetime) -> Outcome:
    """`draft` is the line as it was typed, unsaved. Both come with their task, their program and its fleet."""
    fleet = row.program.fleet
    policy, today = Policy.of(fleet), fleet.day(now)
    severe = dict(Care.objects.filter(fleet=fleet).exclude(severe=1).values_list("vehicle_id", "severe"))
    hours = newest_hours(row, fleet.zone) if row.every_hours or draft.every_hours else {}
    facts, done = facts_of(row, today, fleet.zone, hours), completions_of(row)
    lines = {}
    found = Outcome()
    for one in items_of(row):
        factor = severe.get(one.vehicle_id, 1.0)
        if factor not in lines:
            line, then = (gathering.as_line(each, row.task.name, policy, factor) for each in (row, draft))
            lines[factor] = line, replace(then, program_version=row.program.version + 1)
        line, then = lines[factor]
        known = facts(one)
        start = Anchor(ledger.KINDS[one.anchor], one.anchor_on, one.anchor_km, one.anchor_hours, one.anchor_by)
        verdict, _ = held.judge(then, one.held_line, start, done.get(one.vehicle_id, ()), known)
        count(found, one, verdict.status)
        found.held += verdict.status.is_reached and "moved_on" in verdict.trace
        pair = whatif.jobs_a_year(line, known), whatif.jobs_a_year(then, known)
        if None in pair:
            found.unpaced += 1
        else:
            found.jobs_before += pair[0]
            found.jobs_after += pair[1]
    return found


def count(found: Outcome, one: "Item", after: Status) -> None:
    found.cars += 1
    found.before[one.status] += 1
    found.after[after.value] += 1
    overdue = Status.OVERDUE.value
    if (one.status == overdue) != (after.value == overdue):
        moved = Moved(one.pk, one.vehicle_id, one.name, one.plate, one.status, after.value)
        (found.enter if after.value == overdue else found.leave).append(moved)


class Item(NamedTuple):
    pk: int
    vehicle_id: int
    name: str
    plate: str
    registered_on: date | None
    meter_asked_at: datetime | None
    status: str
    held_line: dict | None
    anchor: str
    anchor_on: date | None
    anchor_km: float | None
    anchor_hours: float | None
    anchor_by: str


def items_of(row: ProgramLine) -> Iterator[Item]:
    found = DueItem.objects.standing().filter(line=row).order_by("vehicle__name", "pk")
    car = ("vehicle__name", "vehicle__plate", "vehicle__registered_on", "vehicle__meter_asked_at")
    start = ("anchor", "anchor_on", "anchor_km", "anchor_hours", "anchor_by")
    for told in found.values_list("pk", "vehicle_id", *car, "status", "held_line", *start):
        yield Item(*told)


def facts_of(row: ProgramLine, today: date, zone, hours: dict[int, Sight]):
    """How to read the facts of one of the items. Three queries for all of them."""
    ours = {"vehicle__due_items__line": row}
    seen = gathering.seen(Gauge.objects.filter(**ours))
    states = Capability.objects.filter(**ours, signal__in=gathering.AXES).exclude(state=Capability.State.GIVEN)
    lacks = {(pk, signal): state for pk, signal, state in states.values_list("vehicle_id", "signal", "state")}
    paces, _ = gathering.paces(Pace.objects.filter(**ours))

    def read(one: Item) -> Facts:
        odometer, oil = (
            sight(seen.get((one.vehicle_id, signal)), lacks.get((one.vehicle_id, signal))) for signal in gathering.AXES
        )
        return Facts(
            today=today,
            odometer=Missing(Lack.METER) if one.meter_asked_at is not None else odometer,
            oil=oil,
            registered_on=one.registered_on,
            hours=hours.get(one.vehicle_id, Missing(Lack.UNSUPPORTED)),
            paces=paces.get(one.vehicle_id, {}),
            zone=zone,
        )

    return read


def completions_of(row: ProgramLine) -> dict[int, list[Completion]]:
    """The standing records of the task on these vehicles, in their order."""
    done = ledger.done(Q(vehicle__due_items__line=row, task=row.task))
    return {vehicle_id: [one.completion for one in records] for (vehicle_id, _), records in done.items()}


def newest_hours(row: ProgramLine, zone) -> dict[int, Sight]:
    """Engine hours as somebody typed them last, at whatever job."""
    told = list(
        ServiceRecord.objects.standing()
        .filter(vehicle__due_items__line=row, hours__isnull=False)
        .values_list("vehicle_id", "done_at", "hours")
    )
    starts = DueItem.objects.filter(
        vehicle__due_items__line=row, left_at=None, anchor_hours__isnull=False, anchor_on__isnull=False
    )
    told += [
        (pk, standins.noon(on, zone), hours)
        for pk, on, hours in starts.values_list("vehicle_id", "anchor_on", "anchor_hours")
    ]
    return {pk: Sight(hours, at, Source.BENCH.value) for pk, at, hours in sorted(told)}
