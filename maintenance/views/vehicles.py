"""The vehicles: the list, the page of each, and what a manager may set on it."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from fleet.kit import tables
from fleet.kit.asking import searched
from fleet.kit.htmx import page_or_fragment
from fleet.kit.units import Units, km_to
from fleet.owners.access import role_required
from fleet.owners.models import Role
from fleet.owners.pieces import live
from maintenance import anchors, review, standins
from maintenance.boards import course as year
from maintenance.boards import history as past
from maintenance.boards import timeline as events
from maintenance.boards import vehicle as page
from maintenance.boards import vehicles as board
from maintenance.boards import vehicles_file
from maintenance.boards.vehicles_asked import Asked
from maintenance.forms import BaselineForm, VehicleForm
from maintenance.models import DueItem
from vehicles.domain import segments
from vehicles.models import Vehicle
from vehicles.waist import meters


@role_required(Role.VIEWER)
@require_safe
def vehicles(request: HttpRequest) -> HttpResponse:
    asked = Asked.read(request.GET, searched(request))
    look = partial(board.board, request.member, asked, page=request.GET.get("page", ""), now=timezone.now())
    return live(request, "maintenance/vehicles.html", "maintenance/_vehicles.html", look)


@role_required(Role.VIEWER)
@require_safe
def vehicles_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All that the list of this address shows, on every page of it."""
    asked, now = Asked.read(request.GET, searched(request)), timezone.now()
    name = f"vehicles-{request.member.fleet.day(now).isoformat()}.csv"
    return tables.answer(name, vehicles_file.lines(request.member, asked, now))


@role_required(Role.VIEWER)
@require_safe
def vehicle(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()

    def look() -> dict:
        found = page.find(request.member, pk, now)
        if found is None:
            raise Http404
        return page.board(found, request.member, now)

    return live(request, "maintenance/vehicle.html", "maintenance/_vehicle.html", look)


@role_required(Role.VIEWER)
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was: it changes seldom and stands far down, so the page of the vehicle comes and renews itself without."""
    found = get_object_or_404(Vehicle.objects.seen_by(request.member), pk=pk)
    context = past.board(found, request.member)
    return page_or_fragment(request, "maintenance/history.html", "maintenance/_past_of.html", context)


@role_required(Role.VIEWER)
@require_safe
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """Drawn when somebody comes to it: it reads a year, and the page of the vehicle renews itself without it."""
    found = get_object_or_404(Vehicle.objects.seen_by(request.member), pk=pk)
    context = year.board(found, request.member, timezone.now())
    return page_or_fragment(request, "maintenance/course.html", "maintenance/_courses.html", context)


@role_required(Role.VIEWER)
@require_safe
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Vehicle.objects.seen_by(request.member), pk=pk)
    before = request.GET.get("before", "")
    context = events.board(found, request.member, before=before, now=timezone.now())
    return render(request, "maintenance/timeline.html", context)


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Vehicle.objects.seen_by(request.member), pk=pk)
    form = VehicleForm(request.POST or None, instance=found)

    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=form.Meta.fields)
        review.review([found.pk], now=timezone.now())
        messages.success(request, f"{found.name} saved.")
        return redirect("maintenance:vehicle", found.pk)

    context = {"form": form, "vehicle": Vehicle.objects.get(pk=pk), "here": "vehicles"}
    return render(request, "maintenance/edit.html", context, status=422 if form.is_bound else 200)


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def baselines(request: HttpRequest, pk: int) -> HttpResponse:
    """When was each task last done? Until somebody says it, distance and time cannot be judged."""
    found = get_object_or_404(Vehicle.objects.seen_by(request.member).select_related("fleet"), pk=pk)
    now = timezone.now()
    items = DueItem.objects.filter(vehicle=found, line__isnull=False).select_related("task")
    clusters = meters.segments_of([found.pk]).get(found.pk, ())
    forms = [baseline_form(request, item, found, clusters, now) for item in items]

    if request.method == "POST" and all([form.is_valid() for form in forms]):
        changed = [form.start(found) for form in forms if form.has_changed()]
        anchors.set_starts(changed, by=request.user, now=now)
        messages.success(request, f"Last services of {found.name} saved.")
        return redirect("maintenance:vehicle", found.pk)

    unit = Units(request.member.fleet.units).distance
    context = {"forms": forms, "vehicle": found, "distance_unit": unit, "here": "vehicles"}
    return render(request, "maintenance/baselines.html", context, status=422 if request.method == "POST" else 200)


def baseline_form(request: HttpRequest, item: DueItem, vehicle: Vehicle, clusters, now) -> BaselineForm:
    fleet = request.member.fleet
    km = item.anchor_km
    if km is not None and item.anchor_on is not None:  # what a person reads and types is the dash of that day
        km = segments.dash_km(clusters, km, standins.noon(item.anchor_on, fleet.zone))
    first = {
        "kind": item.anchor,
        "on": item.anchor_on,
        "odometer_km": "" if km is None else round(km_to(km, Units(fleet.units).distance)),
    }
    return BaselineForm(
        request.POST or None, item=item, units=fleet.units, today=fleet.day(now), prefix=f"i{item.pk}", initial=first
    )
