"""The fleet, those who work in it, the workshop's screen, and oneself."""

from django.conf import settings as configured
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleet.kit.refusals import Refused
from fleet.owners import founding, wall
from fleet.owners.access import role_required
from fleet.owners.forms import FleetForm, YoursForm, blank, zones
from fleet.owners.models import Role


@role_required(Role.VIEWER)
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """The fleet's own page: everybody reads it, a manager changes it."""
    return page(request, FleetForm(initial=blank(request.member.fleet)))


@role_required(Role.MANAGER)
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    form = FleetForm(request.POST)
    if not form.is_valid():
        return page(request, form, 422)
    founding.settle(request.member.fleet, **form.cleaned_data, by=request.user, now=timezone.now())
    messages.success(request, "The fleet is saved.")
    return redirect("owners:settings")


def page(request: HttpRequest, form: FleetForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "zones": zones(), "wall": wall_address(request), "here": "settings", "tab": "fleet"}
    return render(request, "owners/settings.html", context, status=status)


def wall_address(request: HttpRequest) -> str:
    token = wall.token(request.member.fleet) if request.member.plans else ""
    return configured.PUBLIC_ORIGIN + reverse("maintenance:wall-by-address", args=[token]) if token else ""


@role_required(Role.MANAGER)
@require_POST
def wall_make(request: HttpRequest) -> HttpResponse:
    wall.make_anew(request.member.fleet)
    messages.success(request, "The screen has a new address. An older one shows nothing any more.")
    return redirect(reverse("owners:settings") + "#wall")


@role_required(Role.MANAGER)
@require_POST
def wall_take_back(request: HttpRequest) -> HttpResponse:
    wall.take_back(request.member.fleet)
    messages.success(request, "The address of the screen shows nothing any more.")
    return redirect(reverse("owners:settings") + "#wall")


@role_required(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def yours(request: HttpRequest) -> HttpResponse:
    form = YoursForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("owners:yours")
    context = {"form": form, "here": "settings", "tab": "yours"}
    return render(request, "owners/yours.html", context, status=422 if form.is_bound else 200)


@role_required(Role.MANAGER, fleetless=True)
@require_http_methods(["GET", "HEAD", "POST"])
def fleet_new(request: HttpRequest) -> HttpResponse:
    """For somebody who belongs nowhere yet, and for managers: who was asked to help does not open a fleet."""
    form = FleetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fleet = founding.found(request.user, **form.cleaned_data, now=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            request.session["fleet"] = fleet.pk
            return redirect("maintenance:start")
    context = {"form": form, "zones": zones(), "here": "settings"}
    return render(request, "owners/fleet_new.html", context, status=422 if form.is_bound else 200)
