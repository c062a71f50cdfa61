"""Photos of an order: taken in with its sheet, shown to those who may see the order, removed."""

from datetime import datetime

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from fleet.kit.pictures import TOO_HEAVY
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards import order_photos
from maintenance.models import Photo, WorkOrder
from maintenance.orders import photos
from maintenance.refusals import Refused


def take(request: HttpRequest, order: WorkOrder, now: datetime) -> dict[str, str]:
    """Every photo that came with the sheet. What was not taken, as a sentence by its field."""
    lines = {order_photos.named(line): line for line in order.lines.all()}
    heavy = getattr(request, "too_heavy", set())
    wrong = {name: TOO_HEAVY for name in (order_photos.WHOLE, *lines) if name in heavy}
    if request.POST.get("act") == "photo" and not request.FILES and not wrong:
        wrong[order_photos.WHOLE] = "Choose a photo first."
    for name in (order_photos.WHOLE, *lines):
        for sent in request.FILES.getlist(name):
            try:
                photos.add(order, sent.read(), member=request.member, now=now, line=lines.get(name))
            except Refused as refused:
                wrong[name] = refused.message
    return wrong


def camera(request: HttpRequest, order: WorkOrder, wrong: dict[str, str]) -> HttpResponse:
    """The one place for photos that htmx sent a photo from."""
    found = order_photos.cameras(order, order.lines.all(), order.photos.all(), request.member, wrong).values()
    asked = request.POST.get("field", "")
    shown = next((one for one in found if one.name == asked), None)
    if shown is None:
        raise Http404
    context = {"camera": shown, "order": order}
    return render(request, "maintenance/_order_photos.html", context, status=422 if shown.wrong else 200)


def find(request: HttpRequest, pk: int) -> Photo:
    seen = Photo.objects.seen_by(request.member).select_related("order__vehicle", "order__fleet", "line")
    return get_object_or_404(seen, pk=pk)


@role_required(Role.VIEWER)
@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    words = order_photos.words(found, found.line.title if found.line else "", request.member)
    may_remove = photos.may_remove(found, request.member)
    context = {"photo": found, "order": found.order, "words": words, "may_remove": may_remove}
    return render(request, "maintenance/photo.html", context)


@role_required(Role.VIEWER)
@require_safe
def large(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    return picture(request, found.large)


@role_required(Role.VIEWER)
@require_safe
def small(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    return picture(request, found.small)


def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A browser keeps it, and asks each time whether it may still show it. It never changes under its name."""
    etag = f'"{name.rpartition("/")[2]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            with default_storage.open(name) as file:
                response = HttpResponse(file.read(), content_type="image/jpeg")
        except OSError:
            raise Http404 from None
        response["Content-Disposition"] = "inline"
        response["X-Content-Type-Options"] = "nosniff"
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response


@role_required(Role.TECHNICIAN)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    try:
        photos.remove(found, member=request.member, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"Photo removed from {found.order.called}.")
    return redirect("maintenance:order", found.order_id)
