"""The outbox, for managers."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from fleet.owners.pieces import live
from maintenance.boards import outbox as board


@role_required(Role.MANAGER)
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    look = partial(board.board, request.member, page=request.GET.get("page", ""))
    return live(request, "maintenance/outbox.html", "maintenance/_outbox.html", look)
