"""Alerts: the list, one of them, and what people do with it."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from fleet.owners.pieces import live
from maintenance import inbox
from maintenance.boards import inbox as board
from maintenance.domain.sums import counted
from maintenance.models import Alert
from maintenance.orders import moving
from maintenance.refusals import Refused
from maintenance.views.complete import wanted

MOST = 200


@role_required(Role.VIEWER)
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("show", "kind", "page")}
    look = partial(board.board, request.member, now=timezone.now(), **asked)
    return live(request, "maintenance/alerts.html", "maintenance/_alerts.html", look)


@role_required(Role.VIEWER)
@require_safe
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    return sheet(request, find(request, pk))


def sheet(request: HttpRequest, found: Alert, *, wrong: Refused | None = None) -> HttpResponse:
    context = board.sheet(found, request.member, timezone.now())
    people = moving.workers(request.member.fleet_id) if request.member.plans else []
    context |= {"people": [one.user for one in people]}
    context |= {"wrong": wrong, "typed": request.POST if wrong else {}}
    return render(request, "maintenance/alert.html", context, status=422 if wrong else 200)


def find(request: HttpRequest, pk: int) -> Alert:
    return get_object_or_404(board.with_car(Alert.objects.seen_by(request.member)), pk=pk)


@role_required(Role.TECHNICIAN)
@require_POST
def acknowledge(request: HttpRequest) -> HttpResponse:
    """One or many, as they were on the screen."""
    seen = [one for text in request.POST.getlist("seen")[:MOST] if (one := inbox.seen_of(text))]
    done = inbox.acknowledge(seen, member=request.member, now=timezone.now())
    if not seen:
        messages.info(request, "Tick at least one alert first.")
    elif done:
        messages.success(request, f"{counted(done, 'alert')} acknowledged.")
    if seen and done < len(seen):
        left = len(seen) - done
        messages.info(request, f"{counted(left, 'alert')} changed meanwhile and {'is' if left == 1 else 'are'} as new.")
    return redirect(wanted(request, "/alerts/"))


@role_required(Role.TECHNICIAN)
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Snooze, wake, take, give or say: whatever key was pressed."""
    found, sent, now = find(request, pk), request.POST, timezone.now()
    member = request.member
    try:
        if sent.get("act") == "snooze":
            days = sent.get("days", "")
            days = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
            inbox.snooze(found, days, why=said(sent, "why"), member=member, now=now)
        elif sent.get("act") == "wake":
            inbox.wake(found, member=member, now=now)
        elif sent.get("act") == "take":
            inbox.assign(found, member.user, member=member, now=now)
        elif sent.get("act") == "give":
            to = {str(one.user_id): one.user for one in moving.workers(member.fleet_id)}
            inbox.assign(found, to.get(sent.get("to", "")), member=member, now=now)
        else:
            inbox.say(found, said(sent, "text"), member=member, now=now)
    except Refused as refused:
        return sheet(request, found, wrong=refused)
    return redirect("maintenance:alert", pk)


def said(sent, name: str) -> str:
    return sent.get(name, "").replace("\0", "")
