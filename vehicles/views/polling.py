"""When each car is asked next and why, and asking one now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from fleet.kit.asking import searched
from fleet.kit.htmx import page_or_fragment
from fleet.owners.access import role_required
from fleet.owners.models import Role
from vehicles.asking import outages, refreshing
from vehicles.boards import polling as polling_board
from vehicles.models import Vehicle
from vehicles.post import letterbox


@role_required(Role.MANAGER)
@require_safe
def polling(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    context = polling_board.board(
        request.member,
        q=searched(request),
        why=asked.get("why", ""),
        page=asked.get("page", ""),
        now=timezone.now(),
    )
    return page_or_fragment(request, "vehicles/polling.html", "vehicles/_polling.html", context)


@role_required(Role.TECHNICIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """POST puts the car first in line; GET tells how it goes."""
    seen = Vehicle.objects.seen_by(request.member).select_related("connection", "fleet__terms")
    vehicle, now = get_object_or_404(seen, pk=pk), timezone.now()

    if request.method == "POST":
        stands = refreshing.ask(vehicle, now=now)
        if stands.busy:
            letterbox.ring_polling()
            if not request.htmx:
                return redirect("vehicles:refresh", pk)
    else:
        stands = refreshing.progress(vehicle, now)

    context = {"vehicle": vehicle, "refresh": stands, "here": "vehicles"}
    return page_or_fragment(request, "vehicles/refresh.html", "vehicles/_refresh.html", context)


@role_required(Role.VIEWER)
@require_safe
def outage(request: HttpRequest) -> HttpResponse:
    """How far the cars have answered after an outage: the banner of every page, which renews itself until all have."""
    context = {"outage": outages.healing(request.member.fleet, timezone.now()), "here": "connect"}
    return page_or_fragment(request, "vehicles/outage.html", "vehicles/_outage.html", context)
