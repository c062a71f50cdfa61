"""On which screens a person wants to be told."""

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fleet.kit.refusals import Refused
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance import devices as room
from maintenance.channels import push
from maintenance.models import Device


@role_required(Role.VIEWER)
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    context = {
        "devices": list(request.user.devices.all()),
        "this": request.session.get(room.OF_SESSION),
        "key": push.public_key() if push.is_on() else "",
        "here": "settings",
        "tab": "notices",
    }
    return render(request, "maintenance/devices.html", context)


@role_required(Role.VIEWER)
@require_POST
def turn_on(request: HttpRequest) -> JsonResponse:
    """The JSON of a browser's subscription. 200 with its name, or 422 with the reason."""
    try:
        subscription = room.Subscription.read(json.loads(request.body))
    except (ValueError, RecursionError):
        return JsonResponse({"wrong": "That is no push subscription."}, status=422)
    except Refused as refused:
        return JsonResponse({"wrong": refused.message}, status=422)
    agent = request.headers.get("User-Agent", "")
    device = room.turn_on(request.user, subscription, agent=agent, now=timezone.now())
    request.session[room.OF_SESSION] = device.pk
    messages.success(request, f"Notices appear on this device now ({device.label}).")
    return JsonResponse({"label": device.label})


@role_required(Role.VIEWER)
@require_POST
def turn_off(request: HttpRequest, pk: int) -> HttpResponse:
    device = room.turn_off(request.user, pk)
    if device is None:
        raise Http404
    messages.success(request, f"{device.label} is told nothing any more.")
    return redirect("maintenance:devices")


@role_required(Role.VIEWER)
@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    device = get_object_or_404(Device, pk=pk, user=request.user)
    if wrong := room.try_out(device, now=timezone.now()):
        messages.error(request, wrong)
    else:
        messages.success(request, f"A message is on its way to {device.label}.")
    return redirect("maintenance:devices")
