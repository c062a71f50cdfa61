"""What the address of the due list asks for: which items, in which order. A view of the list is its address alone."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from fleet.owners.models import Membership
from maintenance.boards import grouped, pages
from maintenance.domain.status import Status
from maintenance.models import DueItem, OrderLine

WEEK = timedelta(days=7)
TITLES = {
    "": "Overdue and due soon",
    "overdue": "Overdue",
    "soon": "Due now and soon",
    "unknown": "Cannot tell",
    "faults": "Open faults",
    "all": "All items",
}
RANKS = {
    "": Q(rank__gte=Status.SOON.rank),
    "overdue": Q(rank=Status.OVERDUE.rank),
    "soon": Q(rank__in=(Status.SOON.rank, Status.DUE.rank)),
    "unknown": Q(rank=Status.UNKNOWN.rank),
    "all": Q(),
}
ORDERS = {"": "Urgency", "vehicle": "Vehicle", "week": "Week"}
REACHED = Q(rank__gte=Status.DUE.rank)
AHEAD = Q(rank__lt=Status.DUE.rank)  # what cannot be told as a whole may have a day all the same


@dataclass(frozen=True, slots=True)
class Asked:
    """`week` is a Monday and takes the place of `show`; `group` the key of a group of vehicles, of whatever fleet."""

    show: str = ""
    q: str = ""
    week: date | None = None
    group: int = 0
    mine: bool = False
    by: str = ""

    @classmethod
    def read(cls, query: QueryDict, q: str) -> Self:
        """Whatever a strange address says, something can be shown."""
        show, by = query.get("show", ""), query.get("by", "")
        return cls(
            show=show if show in TITLES else "",
            q=q,
            week=a_monday(query.get("week", "")),
            group=grouped.read(query.get("group", "")),
            mine=query.get("mine") == "1",
            by=by if by in ORDERS else "",
        )

    @property
    def keep(self) -> dict:
        """The query of this view, without the page."""
        return {
            "show": self.show,
            "week": self.week.isoformat() if self.week else "",
            "q": self.q,
            "group": self.group or "",
            "mine": "1" if self.mine else "",
            "by": self.by,
        }

    @property
    def here(self) -> str:
        return pages.address(self.keep, 0) or "?"

    def but(self, **changed) -> str:
        """The address of this view with something else about it."""
        return replace(self, **changed).here

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.group or self.mine)

    def narrow(self, items: QuerySet[DueItem], member: Membership) -> QuerySet[DueItem]:
        """Those of the group, of me, and of the words; whatever their status and day."""
        if self.group:
            items = items.filter(vehicle_id__in=grouped.vehicles(self.group, member))
        if self.mine:
            lines = OrderLine.objects.filter(item=OuterRef("pk"), outcome="", order__assignee=member.user_id)
            items = items.filter(Exists(lines))
        for word in self.q.split():
            named = Q(vehicle__name__icontains=word) | Q(vehicle__plate__icontains=word)
            items = items.filter(named | Q(task__name__icontains=word))
        return items

    def items(self, member: Membership, today: date) -> QuerySet[DueItem]:
        """All that this view shows, in no order yet."""
        found = self.narrow(DueItem.objects.seen_by(member).standing(), member)
        return found.filter(of_week(self.week, today) if self.week else RANKS.get(self.show, RANKS[""]))


def a_monday(text: str) -> date | None:
    """The Monday of the week that this day is in."""
    try:
        day = date.fromisoformat(text)
        return monday_of(day)
    except (ValueError, OverflowError):
        return None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def of_week(monday: date, today: date) -> Q:
    """What falls into this week. What is due already is work of the present one, however long it has been due."""
    ends = min(monday, date.max - WEEK) + timedelta(days=6)
    if monday == monday_of(today):
        return REACHED | AHEAD & Q(sort_on__lte=ends)
    if monday < today:
        return Q(pk__in=())
    return AHEAD & Q(sort_on__range=(monday, ends))
