"""Letting go of a connection or of a vehicle: asked once more, then done at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fleet.owners.access import role_required
from fleet.owners.models import Role
from vehicles.consent import parting
from vehicles.models import Connection, Vehicle


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, pk: int) -> HttpResponse:
    ours = Connection.objects.seen_by(request.member).select_related("owner")
    found = get_object_or_404(ours, pk=pk)
    cars = list(found.vehicles.active())

    if request.method == "POST":
        if found.state != Connection.State.DISCONNECTED:
            parting.part(found, now=timezone.now())
        messages.success(request, f"{named(cars) or found.owner} is disconnected. Smartcar is told in the background.")
        return redirect("vehicles:connect")

    return render(request, "vehicles/part.html", {"connection": found, "cars": cars, "here": "connect"})


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Vehicle.objects.seen_by(request.member).select_related("connection__owner"), pk=pk)

    if request.method == "POST":
        parting.retire(found, now=timezone.now())
        messages.success(request, f"{found.name} is retired. Its history is kept.")
        return redirect("maintenance:vehicles")

    return render(request, "vehicles/retire.html", {"vehicle": found, "here": "vehicles"})


def named(cars: list[Vehicle]) -> str:
    return ", ".join(car.name for car in cars[:3]) + (f" and {len(cars) - 3} more" if len(cars) > 3 else "")
