"""How often forecasts held, and the cars that have none, for managers."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from fleet.owners.pieces import live
from maintenance.boards import forecast as board


@role_required(Role.MANAGER)
@require_safe
def forecast(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    look = partial(
        board.board, request.member, why=asked.get("why", ""), page=asked.get("page", ""), now=timezone.now()
    )
    return live(request, "maintenance/forecast.html", "maintenance/_forecast.html", look)
