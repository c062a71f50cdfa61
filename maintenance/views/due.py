"""Home: the due list."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fleet.kit.asking import searched
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards import due as board
from maintenance.views.pieces import live


@role_required(Role.VIEWER)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    look = partial(
        board.board,
        request.member,
        show=asked.get("show", ""),
        q=searched(request),
        page=asked.get("page", ""),
        now=timezone.now(),
    )
    return live(request, "maintenance/due.html", "maintenance/_due.html", look)
