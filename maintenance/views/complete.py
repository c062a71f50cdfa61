"""At the bench: say that work is done, and take it back."""

from contextlib import suppress
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from fleet.kit.htmx import page_or_fragment
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance import workshop
from maintenance.boards import complete as board
from maintenance.forms import CompleteForm
from maintenance.models import DueItem, Proof, ServiceRecord
from maintenance.orders import outside
from maintenance.proving import saying


@role_required(Role.TECHNICIAN)
@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    items = DueItem.objects.seen_by(request.member).select_related("vehicle__fleet", "task", "line__program")
    item = get_object_or_404(items, pk=pk, vehicle__retired_at=None)
    now = timezone.now()
    context = board.board(item, request.member.fleet, now, said=beforehand(request))
    form = CompleteForm(request.POST if request.method == "POST" else None, board=context)

    if form.is_valid():
        try:
            record = outside.complete(item, member=request.member, now=now, **form.job())
        except workshop.Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, thanks(record), extra_tags=f"undo-{record.pk}")
            return go(request, reverse("maintenance:vehicle", args=[item.vehicle_id]))

    context |= {"form": form, "next_url": wanted(request, "")}
    page, part = "maintenance/complete.html", "maintenance/_complete.html"
    return page_or_fragment(request, page, part, context, status=422 if form.is_bound else 200)


def beforehand(request: HttpRequest) -> dict:
    """What the address already says: jobs to do together, the day of a visit that is being logged."""
    said: dict = {"also": request.GET.getlist("also")}
    with suppress(ValueError):
        said["done_on"] = date.fromisoformat(request.GET.get("on", ""))
    return said


def thanks(record: ServiceRecord) -> str:
    """The receipt: what was logged, and whether the car will bear it out."""
    others = ServiceRecord.objects.filter(key__startswith=f"{record.key}+").select_related("task")
    names = " and ".join([record.task.name, *(other.task.name for other in others)])
    said = f"{names} on {record.vehicle.name} done."
    proof = Proof.objects.filter(record=record).first()
    return f"{said} {saying.sentence(proof, record.fleet.zone)}" if proof else said


@role_required(Role.TECHNICIAN)
@require_POST
def void(request: HttpRequest, pk: int) -> HttpResponse:
    records = ServiceRecord.objects.seen_by(request.member).select_related("vehicle", "task")
    record = get_object_or_404(records, pk=pk)

    try:
        workshop.void(record, by=request.user, now=timezone.now())
    except workshop.Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{record.task.name} on {record.vehicle.name} taken back.")

    return redirect(wanted(request, reverse("maintenance:vehicle", args=[record.vehicle_id])))


def wanted(request: HttpRequest, otherwise: str) -> str:
    """Where this person came from, if that is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else otherwise


def go(request: HttpRequest, otherwise: str) -> HttpResponse:
    """A redirect for a browser; for htmx, which would follow it into a fragment, the order to go there."""
    where = wanted(request, otherwise)
    if not request.htmx:
        return redirect(where)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = where
    return response
