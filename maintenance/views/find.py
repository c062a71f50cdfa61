"""Find or do: the page, and the list of the palette."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fleet.kit.asking import searched
from fleet.kit.htmx import page_or_fragment
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards import find as board


@role_required(Role.VIEWER)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    context = board.board(request.member, searched(request))
    return page_or_fragment(request, "maintenance/find.html", "maintenance/_found.html", context)
