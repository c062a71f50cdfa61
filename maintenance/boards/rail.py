"""The rail beside every page."""

from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest

from fleet.owners.models import Fleet, Membership
from maintenance.boards.ages import STALE, ago
from vehicles.models import Vehicle

KEEP_SECONDS = 10
kept: dict[tuple, tuple[float, dict]] = {}  # in this process: a number beside the page may be ten seconds old


def board(request: HttpRequest, now: datetime) -> dict:
    member = getattr(request, "member", None)
    if not member:
        return {"demo": demo() if settings.DEMO else []}
    fleets = list(Fleet.objects.filter(memberships__user_id=member.user_id).order_by("name"))
    seen = reporting(member.fleet, now)
    last = seen["last"]
    return {
        "fleets": fleets if len(fleets) > 1 else [],
        "last_data": ago(max(now - last, timedelta())) if last else "",
        "reporting": seen["reporting"],
        "cars": seen["cars"],
    }


def reporting(fleet: Fleet, now: datetime) -> dict:
    key = (fleet.pk, fleet.created_at)
    until, held = kept.get(key, (0.0, {}))
    if monotonic() < until:
        return held
    held = (
        Vehicle.objects.for_fleet(fleet)
        .active()
        .aggregate(last=Max("seen_at"), cars=Count("pk"), reporting=Count("pk", filter=Q(seen_at__gte=now - STALE)))
    )
    if len(kept) > 1_000:
        kept.clear()
    kept[key] = (monotonic() + KEEP_SECONDS, held)
    return held


def demo() -> list[dict]:
    """Who may sign in to the demo that ./run furnished."""
    first = {}
    for one in Membership.objects.select_related("user").order_by("pk")[:8]:
        first.setdefault(one.user.email, one.get_role_display().lower())
    return [{"email": email, "role": role} for email, role in first.items()]
