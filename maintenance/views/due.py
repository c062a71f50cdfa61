"""Home: the due list, and the same list as a file."""

from functools import partial

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fleet.kit import tables
from fleet.kit.asking import searched
from fleet.owners.access import role_required
from fleet.owners.models import Role
from fleet.owners.pieces import live
from maintenance.boards import due as board
from maintenance.boards import due_file
from maintenance.boards.due_asked import Asked


@role_required(Role.VIEWER)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    asked = Asked.read(request.GET, searched(request))
    look = partial(board.board, request.member, asked, page=request.GET.get("page", ""), now=timezone.now())
    return live(request, "maintenance/due.html", "maintenance/_due.html", look)


@role_required(Role.VIEWER)
@require_safe
def due_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All that the list of this address shows, on every page of it."""
    asked, now = Asked.read(request.GET, searched(request)), timezone.now()
    name = f"due-{request.member.fleet.day(now).isoformat()}.csv"
    return tables.answer(name, due_file.lines(request.member, asked, now))
