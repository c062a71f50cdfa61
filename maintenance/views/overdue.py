"""The ranking of what is overdue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards import overdue as board


@role_required(Role.VIEWER)
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    context = board.board(request.member, group=asked.get("group", ""), page=asked.get("page", ""), now=timezone.now())
    return render(request, "maintenance/overdue.html", context)
