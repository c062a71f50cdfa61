"""The rail beside every page: how fresh the data is, how much waits behind its keys, and whether we were deaf."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, DateTimeField, Max, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest

from fleet.owners import kept
from fleet.owners.models import Membership
from maintenance.boards.ages import STALE, ago
from maintenance.domain.status import Status
from maintenance.models import Alert, DueItem, WorkOrder
from vehicles.asking import outages
from vehicles.models import Vehicle

MOST = 999
WORDS = {"due": "overdue", "orders": "mine", "alerts": "new"}


class Counted(NamedTuple):
    """`fresh` and `last` are of cars: how many told something lately, and when the last did."""

    key: str
    n: int
    fresh: int
    last: datetime | None


def board(request: HttpRequest, now: datetime) -> dict:
    member = getattr(request, "member", None)
    if not member:
        return {"demo": demo() if settings.DEMO else []}
    seen = kept.lately(
        f"rail {member.user_id}", member.fleet, lambda: counted(member, now), worth=lambda found: found["cars"].n > 500
    )
    cars = seen["cars"]
    return {
        "fleets": member.fleets if len(member.fleets) > 1 else [],
        "last_data": ago(max(now - cars.last, timedelta())) if cars.last else "",
        "reporting": cars.fresh,
        "cars": cars.n,
        "waits": {key: (shown(seen[key].n), word) for key, word in WORDS.items() if key in seen},
        "outage": outages.healing(member.fleet, now) if "outage" in seen else None,
    }


def shown(n: int) -> str:
    return str(n) if n <= MOST else f"{MOST}+"


def counted(member: Membership, now: datetime) -> dict[str, Counted]:
    """By key what waits behind it; under “cars” the vehicles, under “outage” that one is not healed yet. One query.

    Where nothing waits there is no key.
    """
    cars = Vehicle.objects.seen_by(member).active()
    overdue = DueItem.objects.seen_by(member).standing().filter(rank=Status.OVERDUE.rank)
    mine = WorkOrder.objects.seen_by(member).open().filter(assignee=member.user_id)
    new = Alert.objects.seen_by(member).new(now).filter(vehicle__retired_at=None)
    fresh = Count("pk", filter=Q(seen_at__gte=now - STALE))
    rows = many("cars", cars, fresh, Max("seen_at")).union(
        *(many(key, found) for key, found in (("due", overdue), ("orders", mine), ("alerts", new))),
        many("outage", outages.unhealed()),
        all=True,
    )
    return {"cars": Counted("cars", 0, 0, None)} | {row[0]: Counted(*row) for row in rows}


def many(key: str, found: QuerySet, fresh=Value(0), last=Cast(None, DateTimeField())) -> QuerySet:  # noqa: B008 - values
    told = found.order_by().annotate(waits=Value(key)).values("waits").annotate(n=Count("pk"), fresh=fresh, last=last)
    return told.values_list("waits", "n", "fresh", "last")


def demo() -> list[dict]:
    """Who may sign in to the demo that ./run furnished."""
    first = {}
    for one in Membership.objects.select_related("user").order_by("pk")[:8]:
        first.setdefault(one.user.email, one.get_role_display().lower())
    return [{"email": email, "role": role} for email, role in first.items()]
