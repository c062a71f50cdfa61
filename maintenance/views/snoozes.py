"""“Not now”, and “wake it”."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fleet.kit.units import Units
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance import snoozing
from maintenance.boards import snoozes as board
from maintenance.forms import SnoozeForm
from maintenance.models import DueItem, Policy
from maintenance.refusals import Refused
from maintenance.views.complete import wanted


@role_required(Role.TECHNICIAN)
@require_http_methods(["GET", "POST"])
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(DueItem.objects.seen_by(request.member).select_related("vehicle__fleet", "task"), pk=pk)
    fleet, now = request.member.fleet, timezone.now()
    policy = Policy.of(fleet)
    rules = {"units": fleet.units, "today": fleet.day(now)}
    rules |= {"most_days": policy.snooze_days, "most_km": policy.snooze_km}
    form = SnoozeForm(request.POST if request.method == "POST" else None, **rules)

    if form.is_valid():
        try:
            made = snoozing.snooze(item, by=request.user, now=now, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            until = board.still(made, fleet).until
            messages.success(request, f"{item.task.name} on {item.vehicle.name} keeps still until {until}.")
            return redirect(home(request, item))

    context = {"form": form, "item": item, "vehicle": item.vehicle, "here": "due", "next_url": wanted(request, "")}
    context["distance_unit"] = Units(fleet.units).distance
    return render(request, "maintenance/snooze.html", context, status=422 if form.is_bound else 200)


@role_required(Role.TECHNICIAN)
@require_POST
def wake(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(DueItem.objects.seen_by(request.member).select_related("vehicle", "task"), pk=pk)

    snoozing.wake(item, now=timezone.now())

    messages.success(request, f"{item.task.name} on {item.vehicle.name} is heard of again.")
    return redirect(home(request, item))


def home(request: HttpRequest, item: DueItem) -> str:
    return wanted(request, reverse("maintenance:vehicle", args=[item.vehicle_id]))
