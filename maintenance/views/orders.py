"""Work orders: the list, a new one, and the job sheet with what people do on it."""

from datetime import datetime
from functools import partial
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from fleet.kit.asking import searched
from fleet.owners.access import role_required
from fleet.owners.models import Role, User
from fleet.owners.pieces import live
from maintenance import sheets
from maintenance.boards import order_after, order_new, order_sheet
from maintenance.boards import orders as board
from maintenance.domain.orders import Move
from maintenance.models import WorkOrder
from maintenance.orders import keeping, moving, sending, settling, subjects, writing
from maintenance.refusals import Refused
from maintenance.views import photos

RECEIPTS = {
    Move.START: "{} started.",
    Move.HOLD: "{} is on hold.",
    Move.RESUME: "{} resumed.",
    Move.CANCEL: "{} cancelled.",
}


@role_required(Role.VIEWER)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    look = partial(
        board.board, request.member, show=asked.get("show", ""), page=asked.get("page", ""), now=timezone.now()
    )
    return live(request, "maintenance/orders.html", "maintenance/_orders.html", look)


@role_required(Role.TECHNICIAN)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A manager gives it to anybody; who works here may write one for themselves, or for whoever takes it."""
    member, now = request.member, timezone.now()
    asked = asked_for(request.POST if request.method == "POST" else request.GET)
    vehicle = asked.of(member)
    if vehicle is None:
        context = order_new.choosing(member, searched(request))
        return render(request, "maintenance/order_new.html", context, status=422 if request.POST else 200)
    people = [(str(one.user_id), str(one.user)) for one in moving.workers(member.fleet_id)]
    people = people if member.plans else [(str(member.user_id), str(member.user))]
    form = sheets.OrderForm(request.POST if request.method == "POST" else None, people=people)

    if form.is_valid():
        try:
            written = write(member, vehicle, asked, form.cleaned_data, now)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            return shown(request, written)

    context = order_new.board(vehicle, asked, member, now) | {"form": form}
    if not form.is_bound and (held := held_already(context["choices"])):
        messages.info(request, f"{held.called} is open for this already.")
        return redirect(held.href or "maintenance:orders")
    return render(request, "maintenance/order_new.html", context, status=422 if form.is_bound else 200)


def asked_for(sent) -> order_new.Asked:
    def keys(name: str) -> frozenset[int]:
        asked = sent.getlist(name)[:200]
        return frozenset(int(one) for one in asked if one.isascii() and one.isdigit() and len(one) < 18)

    return order_new.Asked(keys("item") | keys("also"), keys("fault"), keys("alert"), max(keys("vehicle"), default=0))


def held_already(choices: list[order_new.Choice]) -> board.Held | None:
    """The open order of all that was asked for, if there is one."""
    chosen = [choice for choice in choices if choice.is_chosen]
    return chosen[0].held if chosen and all(choice.held for choice in chosen) else None


def write(member, vehicle, asked: order_new.Asked, said: dict, now: datetime) -> writing.Written:
    found = subjects.gather(
        member.fleet, items=asked.items, faults=asked.faults, alerts=asked.alerts, typed=said["typed"], now=now
    )
    return writing.write(
        member.fleet,
        vehicle,
        found,
        by=member.user,
        assignee=User.objects.get(pk=said["assignee"]) if said["assignee"] else None,
        planned_on=said["planned_on"],
        notes=said["notes"],
        key=said["key"],
        now=now,
    )


def shown(request: HttpRequest, written: writing.Written) -> HttpResponse:
    """The new order, or the one that had it all along."""
    names = " and ".join(order.called for order in written.others)
    if written.order is not None:
        left = f" What {names} holds already was left there." if names else ""
        messages.success(request, f"{written.order.called} written.{left}")
        return redirect("maintenance:order", written.order.pk)
    messages.info(request, f"{names} {'is' if len(written.others) == 1 else 'are'} open for this already.")
    first = WorkOrder.objects.seen_by(request.member).filter(pk=written.others[0].pk).first()
    return redirect("maintenance:order", first.pk) if first else redirect("maintenance:orders")


def find(request: HttpRequest, pk: int) -> WorkOrder:
    seen = WorkOrder.objects.seen_by(request.member).select_related("vehicle", "assignee", "fleet")
    return get_object_or_404(seen, pk=pk)


@role_required(Role.VIEWER)
@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    return sheet(request, found, timezone.now())


def sheet(request: HttpRequest, found: WorkOrder, now: datetime, *, wrong=None, form=None, status=200) -> HttpResponse:
    context = order_sheet.board(found, request.member, now, wrong=wrong)
    if form is None:
        form = sheets.FinishForm(**finishing(context, request))
    if is_late(request):
        amiss = [*(wrong or {}).values(), *(error for errors in form.errors.values() for error in errors)]
        return JsonResponse({"wrong": " ".join(amiss)}, status=status)
    people = moving.workers(found.fleet_id) if context["may_assign"] else []
    context |= {"form": form, "people": [one.user for one in people], "key": uuid4().hex}
    return render(request, "maintenance/order.html", context, status=status)


def finishing(context: dict, request: HttpRequest) -> dict:
    return {"meter": context["meter"], "units": request.member.fleet.units, "today": context["today"]}


@role_required(Role.TECHNICIAN)
@require_POST
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """One form, many keys: whatever is pressed, what was typed is kept first, and photos too."""
    found, now, act = find(request, pk), timezone.now(), request.POST.get("act", "")
    if words := sending.receipt(found, act, key_of(request)):
        return told(request, found, words)
    if is_late(request) and said(request, "as") != str(request.user.pk):
        return refuse(request, Refused("", "Somebody else filled in this sheet. Sign in as they do to send it."), found)
    typed, wrong = sheets.read(request.POST, list(found.lines.all()))
    try:
        keeping.keep(found, typed, member=request.member, notes=said(request, "notes", found.notes)[:2_000])
    except Refused as refused:
        return refuse(request, refused)
    wrong |= photos.take(request, found, now)
    if act == "photo" and request.htmx:
        return photos.camera(request, found, wrong)
    if act == "keep" and request.htmx:
        response = render(request, "maintenance/_order_kept.html", {"at": now, "wrong": wrong})
        return response if wrong else trigger_client_event(response, "kept")
    if wrong:
        return sheet(request, found, now, wrong=wrong, status=422)
    if act == "finish":
        return finish(request, found, {pk: line.meant for pk, line in typed.items()}, now)
    if act in (Move.START, Move.HOLD, Move.RESUME):
        return go(request, found, Move(act), now)
    return told(request, found, "The photo is kept." if act == "photo" else "What you typed is kept.")


def said(request: HttpRequest, name: str, otherwise: str = "") -> str:
    return request.POST.get(name, otherwise).replace("\0", "")


def key_of(request: HttpRequest) -> str:
    return said(request, "key")[:64]


def is_late(request: HttpRequest) -> bool:
    """Sent by the browser itself, once the network was back: nobody looks at the answer now."""
    return request.headers.get("X-Late") == "1"


def told(request: HttpRequest, found: WorkOrder, words: str) -> HttpResponse:
    if is_late(request):
        return JsonResponse({"said": words})
    messages.success(request, words)
    return redirect("maintenance:order", found.pk)


def finish(request: HttpRequest, found: WorkOrder, outcomes: dict[int, str], now: datetime) -> HttpResponse:
    context = order_sheet.board(found, request.member, now)
    form = sheets.FinishForm(request.POST, **finishing(context, request))
    if form.is_valid():
        visit = {"done_on": form.cleaned_data["done_on"], "odometer_km": form.cleaned_data["odometer_km"]}
        visit |= {"confirmed": form.cleaned_data["confirm"], "member": request.member, "now": now}

        def settle() -> str:
            left = settling.finish(found, outcomes, **visit)
            words = f"{left} {'job is' if left == 1 else 'jobs are'} still to do." if left else "Done."
            return " ".join([f"{found.called}: {words}", *order_after.watched(found, now)])

        try:
            words = sending.once(found, "finish", key_of(request), settle, member=request.member, now=now)
        except Refused as refused:
            form.refuse(refused)
        else:
            return told(request, found, words)
    found.refresh_from_db()
    return sheet(request, found, now, form=form, status=422)


def go(request: HttpRequest, found: WorkOrder, move: Move, now: datetime) -> HttpResponse:
    reason = said(request, "why" if move is Move.CANCEL else "hold")

    def act() -> str:
        moving.move(found, move, member=request.member, now=now, reason=reason, note=said(request, "hold_note"))
        return RECEIPTS[move].format(found.called)

    try:
        words = sending.once(found, move.value, key_of(request), act, member=request.member, now=now)
    except Refused as refused:
        return refuse(request, refused, found)
    return told(request, found, words)


def refuse(request: HttpRequest, refused: Refused, found: WorkOrder | None = None) -> HttpResponse:
    if is_late(request):
        return JsonResponse({"wrong": refused.message}, status=422)
    messages.error(request, refused.message)
    return redirect("maintenance:order", found.pk) if found else redirect("maintenance:orders")


@role_required(Role.TECHNICIAN)
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    found, to = find(request, pk), request.POST.get("to", "")
    people = {str(one.user_id): one.user for one in moving.workers(found.fleet_id)}
    if to and to not in people:
        return refuse(request, Refused("", "Choose somebody who works in this fleet."), found)
    try:
        given = moving.assign(found, people.get(to), member=request.member, now=timezone.now())
    except Refused as refused:
        return refuse(request, refused)
    said = f"is with {given.assignee} now" if given.assignee else "is free to take"
    messages.success(request, f"{found.called} {said}.")
    return redirect("maintenance:order", found.pk)


@role_required(Role.MANAGER)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return go(request, find(request, pk), Move.CANCEL, timezone.now())
