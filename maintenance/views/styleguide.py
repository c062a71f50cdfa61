"""Every part of the pages in every state, for those who build them; in public it is not there."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards import samples as board


@role_required(Role.VIEWER)
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "frame/styleguide.html", board.board(request.member, timezone.now()))
