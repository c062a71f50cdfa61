"""The screen on the workshop's wall."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards import wall as board
from maintenance.views.pieces import live


@role_required(Role.VIEWER)
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    look = partial(board.board, request.member, timezone.now())
    return live(request, "maintenance/wall.html", "maintenance/_wall.html", look)
