"""Stickers to print, for one vehicle or for many."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fleet.kit.asking import searched
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards import stickers as board


@role_required(Role.VIEWER)
@require_safe
def stickers(request: HttpRequest) -> HttpResponse:
    car, group, page = (request.GET.get(name, "") for name in ("car", "group", "page"))
    context = board.board(request.member, car=car, group=group, q=searched(request), page=page)
    return render(request, "maintenance/stickers.html", context)
