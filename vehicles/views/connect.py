"""Connecting an owner: out to Smartcar, back again, and what came of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fleet.kit.asking import searched
from fleet.kit.htmx import page_or_fragment
from fleet.owners.access import role_required
from fleet.owners.models import Owner, Role
from fleet.owners.pieces import live
from vehicles.boards import connect_words
from vehicles.boards import owners as owners_board
from vehicles.consent import campaigning, connect, moving
from vehicles.forms import OwnerForm
from vehicles.line import gateway
from vehicles.models import ConnectAttempt, Connection


@role_required(Role.MANAGER)
@require_safe
def owners(request: HttpRequest) -> HttpResponse:
    return show(request, OwnerForm(fleet=request.member.fleet))


def show(request: HttpRequest, form: OwnerForm, status: int = 200) -> HttpResponse:
    """The page with this form; what stands above the form renews itself, so that nothing typed is lost."""

    def look() -> dict:
        asked, fleet, now = request.GET, request.member.fleet, timezone.now()
        context = owners_board.board(
            request.member, q=searched(request), show=asked.get("show", ""), page=asked.get("page", ""), now=now
        )
        context |= {"form": form, "is_set_up": gateway.is_set_up(), "moving": moving.progress(fleet)}
        return context | {"suggestions": campaigning.suggestions(fleet, now=now)}

    where = reverse("vehicles:connect")
    return live(request, "vehicles/connect.html", "vehicles/_cockpit.html", look, where=where, status=status)


@role_required(Role.MANAGER)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """For an owner of the list, or for the one that was typed."""
    form = OwnerForm(request.POST, fleet=request.member.fleet)
    asked = request.POST.get("owner", "")
    if asked:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
            return show(request, form, status=422)
        owner = get_object_or_404(Owner.objects.seen_by(request.member), pk=int(asked))
    elif form.is_valid():
        owner = form.find_or_create()
    else:
        return show(request, form, status=422)

    if not gateway.is_set_up():
        return redirect("vehicles:connect")
    where = connect.begin(owner, by=request.user, session_key=request.session.session_key, now=timezone.now())
    return redirect(where)


@role_required(Role.MANAGER)
@require_POST
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """For a connection that is known and needs its owner."""
    known = Connection.objects.seen_by(request.member).select_related("owner", "grant")
    connection = get_object_or_404(known, pk=pk)

    if not gateway.is_set_up():
        return redirect("vehicles:connect")
    where = connect.mend(connection, by=request.user, session_key=request.session.session_key, now=timezone.now())
    return redirect(where)


@role_required(Role.MANAGER)
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """All that the fleet has on v2 goes over to v3, in the workers."""
    moving.begin(request.member.fleet, now=timezone.now())
    return redirect("vehicles:connect")


@role_required(Role.MANAGER)
@require_POST
def move_stop(request: HttpRequest) -> HttpResponse:
    """Between two cars: what has not moved stays where it is."""
    moving.stop(request.member.fleet, by=request.user, now=timezone.now())
    return redirect("vehicles:connect")


@role_required(Role.MANAGER)
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    try:
        found = connect.come_back(
            request.GET, by=request.user, session_key=request.session.session_key, now=timezone.now()
        )
    except connect.BadState:
        return render(request, "vehicles/bad_state.html", {"here": "connect"}, status=400)
    return redirect("vehicles:attempt", found.pk)


@role_required(Role.MANAGER)
@require_safe
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ConnectAttempt.objects.seen_by(request.member).select_related("owner"), pk=pk)
    context = {
        "attempt": found,
        "outcome": connect_words.outcome(found.error),
        "cars": found.vehicles.all() if found.stage == ConnectAttempt.Stage.DONE else [],
        "here": "connect",
    }
    return page_or_fragment(request, "vehicles/attempt.html", "vehicles/_attempt.html", context)
