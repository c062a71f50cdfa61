"""The screen on the workshop's wall."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from fleet.kit import failures
from fleet.owners import wall as address
from fleet.owners.access import role_required
from fleet.owners.models import Membership, Role
from fleet.owners.pieces import live
from maintenance.boards import wall as board


@role_required(Role.VIEWER)
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    return shown(request)


@require_safe
def by_address(request: HttpRequest, token: str) -> HttpResponse:
    """The same screen for whoever has its secret address. It shows that fleet, whoever is signed in here."""
    fleet = address.read(token)
    if fleet is None:
        return failures.said(request, 404)
    request.member = Membership(fleet=fleet, role=Role.VIEWER)
    request.member.fleets = []
    response = shown(request)
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    add_never_cache_headers(response)
    return response


def shown(request: HttpRequest) -> HttpResponse:
    look = partial(board.board, request.member, timezone.now())
    return live(request, "maintenance/wall.html", "maintenance/_wall.html", look)
