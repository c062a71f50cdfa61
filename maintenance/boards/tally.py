"""How many items stand where: by urgency for the tiles, by week for the workload. One query for both."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, DateField, F, QuerySet, Value, When
from django.db.models.functions import Cast

from fleet.owners import kept
from fleet.owners.models import Membership
from maintenance.boards.due_asked import WEEK, monday_of
from maintenance.domain.status import Status
from maintenance.models import DueItem, OrderLine, WorkOrder
from vehicles.models import Vehicle

WEEKS = 8
NO_DAY = Cast(None, DateField())  # PostgreSQL wants to know of what there is none


@dataclass(slots=True)
class Tally:
    """`booked` are jobs of open orders that have a day or are begun, `expected` items that are in no such order."""

    ranks: Counter[int] = field(default_factory=Counter)
    booked: Counter[date] = field(default_factory=Counter)
    expected: Counter[date] = field(default_factory=Counter)


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
    found = counted(items, ends, +1).union(
        counted(items.filter(vehicle_id__in=retired), ends, -1), booked_of(booked, ends), all=True
    )
    tally = Tally()
    for rank, day, is_booked, planned, n in found:
        if is_booked:
            tally.booked[monday_of(max(planned or first, first))] += n
            expect(tally, rank, day, first, -n)  # what is booked is not expected as well
        else:
            tally.ranks[rank] += n
            expect(tally, rank, day, first, n)
    return tally


def counted(items: QuerySet[DueItem], ends: date, sign: int) -> QuerySet:
    """Rows of rank, day up to the last week, whether booked, day planned, and how many."""
    near = Case(When(sort_on__lte=ends, then=F("sort_on")), default=NO_DAY, output_field=DateField())
    told = items.annotate(day=near, is_booked=Value(0), planned=NO_DAY)
    return told.values_list("rank", "day", "is_booked", "planned").annotate(n=Count("pk") * sign)


def booked_of(lines: QuerySet[OrderLine], ends: date) -> QuerySet:
    near = Case(When(item__sort_on__lte=ends, then=F("item__sort_on")), default=NO_DAY, output_field=DateField())
    told = lines.annotate(day=near, is_booked=Value(1))
    return told.values_list("item__rank", "day", "is_booked", "order__planned_on").annotate(n=Count("pk"))


def expect(tally: Tally, rank: int | None, day: date | None, first: date, n: int) -> None:
    """What is due already is work of this week; of the rest what has a day within the weeks ahead."""
    if rank is not None and rank >= Status.DUE.rank:
        tally.expected[first] += n
    elif rank is not None and day is not None:
        tally.expected[monday_of(max(day, first))] += n
