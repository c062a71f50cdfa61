"""What the car bears out, what it denies, and what seems done without being logged."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from fleet.owners.pieces import live
from maintenance import answering, review
from maintenance.boards import proving as board
from maintenance.forms import ReasonForm
from maintenance.models import DueItem, Proof, Proposal
from maintenance.proving import saying, watching
from maintenance.refusals import Asked, Refused
from maintenance.views.complete import wanted
from vehicles.models import Fault


@role_required(Role.VIEWER)
@require_safe
def proofs(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    look = partial(
        board.board, request.member, show=asked.get("show", ""), page=asked.get("page", ""), now=timezone.now()
    )
    return live(request, "maintenance/proofs.html", "maintenance/_proofs.html", look)


@role_required(Role.TECHNICIAN)
@require_POST
def fixed(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody mended the cause of a trouble code; the car has the last word."""
    fault = get_object_or_404(Fault.objects.seen_by(request.member).select_related("vehicle__fleet"), pk=pk)

    if fault.closed_at is None:
        now = timezone.now()
        with transaction.atomic():
            proof = watching.claim_fixed(fault, by_name=str(request.user), now=now)
            review.review([fault.vehicle_id], now=now)
        proof.refresh_from_db()
        said = saying.sentence(proof, request.member.fleet.zone)
        messages.success(request, f"{fault.code} on {fault.vehicle.name} noted as fixed. {said}")
    else:
        messages.success(request, f"{fault.code} on {fault.vehicle.name} is gone already.")
    return redirect(wanted(request, reverse("maintenance:vehicle", args=[fault.vehicle_id])))


@role_required(Role.TECHNICIAN)
@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, this service was done."""
    proposal = get_object_or_404(
        Proposal.objects.seen_by(request.member).select_related("vehicle__fleet", "task"), pk=pk
    )
    home = wanted(request, reverse("maintenance:vehicle", args=[proposal.vehicle_id]))

    try:
        record = answering.log(proposal, by=request.user, now=timezone.now())
    except Asked as asked:
        messages.error(request, f"{asked.message} Please log it by hand.")
        return redirect(by_hand(proposal) or home)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        said = f"{proposal.task.name} on {proposal.vehicle.name} logged for {record.done_on:%-d %B %Y}."
        messages.success(request, said, extra_tags=f"undo-{record.pk}")
    return redirect(home)


def by_hand(proposal: Proposal) -> str:
    """The form of this job with the day filled in."""
    item = DueItem.objects.filter(vehicle_id=proposal.vehicle_id, task_id=proposal.task_id).first()
    if item is None:
        return ""
    return f"{reverse('maintenance:complete', args=[item.pk])}?{urlencode({'on': proposal.done_on.isoformat()})}"


@role_required(Role.TECHNICIAN)
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """No, it was not: what was it instead?"""
    found = Proposal.objects.seen_by(request.member).select_related("vehicle__fleet", "task")
    question = board.alone(get_object_or_404(found, pk=pk), request.member.fleet)
    home = wanted(request, reverse("maintenance:vehicle", args=[question.proposal.vehicle_id]))
    asks = {
        "title": "Not so",
        "about": question.title,
        "grounds": question.grounds,
        "label": "What it was instead, or how you know",
        "send": "Save",
    }
    return reasoned(request, asks, home, lambda **said: answering.refuse(question.proposal, **said))


@role_required(Role.TECHNICIAN)
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The car says otherwise, and somebody looked: why is it wrong?"""
    found = Proof.objects.seen_by(request.member).select_related("vehicle__fleet", "record__task", "fault")
    proof = get_object_or_404(found, pk=pk)
    home = wanted(request, reverse("maintenance:vehicle", args=[proof.vehicle_id]))
    asks = {
        "title": "The car is wrong",
        "about": f"{proof.vehicle.name}: {saying.claim(proof)}",
        "grounds": saying.sentence(proof, request.member.fleet.zone),
        "label": "What was found",
        "send": "Settle it",
    }
    return reasoned(request, asks, home, lambda **said: answering.settle(proof, **said))


def reasoned(request: HttpRequest, asks: dict, home: str, act: Callable[..., None]) -> HttpResponse:
    """A page that asks for one reason and does one thing with it."""
    form = ReasonForm(request.POST if request.method == "POST" else None, label=asks["label"])
    if form.is_valid():
        try:
            act(by=request.user, why=form.cleaned_data["why"], now=timezone.now())
        except Refused as refused:
            form.add_error("why", refused.message)
        else:
            messages.success(request, "Noted; nobody is asked about it any more.")
            return redirect(home)
    context = asks | {"form": form, "here": "proofs", "next_url": home}
    return render(request, "maintenance/reason.html", context, status=422 if form.is_bound else 200)
