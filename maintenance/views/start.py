"""The guided first hour of a fleet."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fleet.owners import founding
from fleet.owners.access import role_required
from fleet.owners.models import Role
from fleet.owners.pieces import live
from maintenance.boards import start as board


@role_required(Role.MANAGER)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    look = partial(board.board, request.member, timezone.now())
    return live(request, "maintenance/start.html", "maintenance/_start.html", look)


@role_required(Role.MANAGER)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Whole or not: whoever knows their way needs no guide. The page itself stays where it is."""
    founding.end_first_hour(request.member.fleet, now=timezone.now())
    messages.success(request, "The first hour is over. Its page stays under “First hour” in Find or do.")
    return redirect("maintenance:due")
