"""How many items stand where: by urgency for the tiles, by week for the workload, and the time they take."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, DateField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from fleet.owners import kept
from fleet.owners.models import Membership
from maintenance.boards.due_asked import WEEK, monday_of
from maintenance.domain.status import Status
from maintenance.models import DueItem, OrderLine, Policy, WorkOrder
from vehicles.models import Vehicle

WEEKS = 8
ITEMS, BOOKED, TIME, HOURS = range(4)  # of which kind a row is
NO_NUMBER = Cast(None, IntegerField())
NO_DAY = Cast(None, DateField())  # PostgreSQL wants to know of what there is none


@dataclass(slots=True)
class Tally:
    """`booked` are jobs of open orders that have a day or are begun, `expected` items that are in no such order.

    The same in minutes by what their tasks are estimated to take; `vague` counts the jobs of each week without.
    """

    ranks: Counter[int] = field(default_factory=Counter)
    booked: Counter[date] = field(default_factory=Counter)
    expected: Counter[date] = field(default_factory=Counter)
    booked_minutes: Counter[date] = field(default_factory=Counter)
    expected_minutes: Counter[date] = field(default_factory=Counter)
    vague: Counter[date] = field(default_factory=Counter)
    workshop_hours: int | None = None  # a week, as the policy has it


def lately(member: Membership, today: date) -> Tally:
    """Of the whole fleet, with weeks as their Mondays; of a large fleet it may be some seconds old."""
    first = monday_of(today)
    return kept.lately(
        f"tally {first}", member.fleet, lambda: count(member, first), worth=lambda told: told.ranks.total() > 2_000
    )


def count(member: Membership, first: date) -> Tally:
    """Counted on the index of the list itself; what is retired is taken off afterwards, for it is little."""
    ends = first + WEEK * WEEKS - timedelta(days=1)
    items = DueItem.objects.seen_by(member).filter(left_at=None).order_by()
    retired = Vehicle.objects.seen_by(member).filter(retired_at__isnull=False).order_by().values("pk")
    lines = OrderLine.objects.filter(order__fleet=member.fleet_id, order__state__in=WorkOrder.OPEN, outcome="")
    booked = lines.exclude(order__planned_on=None, order__state=WorkOrder.State.OPEN).order_by()
    near = items.filter(Q(rank__gte=Status.DUE.rank) | Q(sort_on__lte=ends)).exclude(vehicle_id__in=retired)
    found = counted(items, ends, +1).union(
        counted(items.filter(vehicle_id__in=retired), ends, -1),
        booked_of(booked, ends),
        taken(near),
        decided(member),
        all=True,
    )
    tally = Tally()
    for what, rank, day, planned, minutes, n in found:
        if what == HOURS:
            tally.workshop_hours = n
        elif what == TIME:
            add(tally, tally.expected_minutes, week_of(rank, day, first), minutes, n)
        elif what == BOOKED:
            when = monday_of(max(planned or first, first))
            tally.booked[when] += n
            expect(tally, rank, day, first, -n)  # what is booked is not expected as well
            add(tally, tally.booked_minutes, when, minutes, n)
            add(tally, tally.expected_minutes, week_of(rank, day, first), minutes, -n)
        else:
            tally.ranks[rank] += n
            expect(tally, rank, day, first, n)
    return tally


def add(tally: Tally, to: Counter[date], week: date | None, minutes: int | None, n: int) -> None:
    if week is not None and minutes is None:
        tally.vague[week] += n
    elif week is not None:
        to[week] += n * minutes


def near_day(path: str, ends: date) -> Case:
    return Case(When(**{f"{path}__lte": ends}, then=F(path)), default=NO_DAY, output_field=DateField())


def counted(items: QuerySet[DueItem], ends: date, sign: int) -> QuerySet:
    """Rows of kind, rank, day up to the last week, day planned, minutes of such a job, and how many."""
    told = items.annotate(what=Value(ITEMS), day=near_day("sort_on", ends), planned=NO_DAY, takes=NO_NUMBER)
    return told.values_list("what", "rank", "day", "planned", "takes").annotate(n=Count("pk") * sign)


def booked_of(lines: QuerySet[OrderLine], ends: date) -> QuerySet:
    takes = Coalesce("item__task__minutes", "task__minutes")
    told = lines.annotate(what=Value(BOOKED), day=near_day("item__sort_on", ends), takes=takes)
    return told.values_list("what", "item__rank", "day", "order__planned_on", "takes").annotate(n=Count("pk"))


def taken(near: QuerySet[DueItem]) -> QuerySet:
    """By what such a job takes. Only of the weeks ahead: tasks are looked up for few."""
    told = near.annotate(what=Value(TIME), planned=NO_DAY, takes=F("task__minutes"))
    return told.values_list("what", "rank", "sort_on", "planned", "takes").annotate(n=Count("pk"))


def decided(member: Membership) -> QuerySet:
    told = Policy.objects.seen_by(member).order_by()
    told = told.annotate(what=Value(HOURS), rank=NO_NUMBER, day=NO_DAY, planned=NO_DAY, takes=NO_NUMBER)
    return told.values_list("what", "rank", "day", "planned", "takes", "workshop_hours")


def expect(tally: Tally, rank: int | None, day: date | None, first: date, n: int) -> None:
    if week := week_of(rank, day, first):
        tally.expected[week] += n


def week_of(rank: int | None, day: date | None, first: date) -> date | None:
    """What is due already is work of this week; of the rest what has a day within the weeks ahead."""
    if rank is not None and rank >= Status.DUE.rank:
        return first
    return monday_of(max(day, first)) if rank is not None and day is not None else None
