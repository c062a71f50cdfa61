"""The rail beside every page."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest

from fleet.owners import kept
from fleet.owners.models import Fleet, Membership
from maintenance.boards.ages import STALE, ago
from vehicles.models import Vehicle


def board(request: HttpRequest, now: datetime) -> dict:
    member = getattr(request, "member", None)
    if not member:
        return {"demo": demo() if settings.DEMO else []}
    seen = reporting(member.fleet, now)
    last = seen["last"]
    return {
        "fleets": member.fleets if len(member.fleets) > 1 else [],
        "last_data": ago(max(now - last, timedelta())) if last else "",
        "reporting": seen["reporting"],
        "cars": seen["cars"],
    }


def reporting(fleet: Fleet, now: datetime) -> dict:
    cars = Vehicle.objects.for_fleet(fleet).active()
    fresh = Count("pk", filter=Q(seen_at__gte=now - STALE))
    return kept.lately(
        "reporting",
        fleet,
        lambda: cars.aggregate(last=Max("seen_at"), cars=Count("pk"), reporting=fresh),
        worth=lambda found: found["cars"] > 500,
    )


def demo() -> list[dict]:
    """Who may sign in to the demo that ./run furnished."""
    first = {}
    for one in Membership.objects.select_related("user").order_by("pk")[:8]:
        first.setdefault(one.user.email, one.get_role_display().lower())
    return [{"email": email, "role": role} for email, role in first.items()]
