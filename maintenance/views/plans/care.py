"""One vehicle apart from its program: another program, harder use, a pause, jobs that are due once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fleet.kit.units import Units
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance import caring
from maintenance.care_forms import USES, CareForm, OnceForm, PauseForm
from maintenance.domain.matching import choose
from maintenance.models import Care, DueItem, Program
from maintenance.plans import matching
from maintenance.refusals import Refused
from vehicles.models import Vehicle


def found(request: HttpRequest, pk: int) -> Vehicle:
    cars = Vehicle.objects.seen_by(request.member).active().select_related("fleet", "care__program")
    return get_object_or_404(cars, pk=pk)


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def care(request: HttpRequest, pk: int) -> HttpResponse:
    vehicle, now = found(request, pk), timezone.now()
    held = getattr(vehicle, "care", None) or Care(vehicle=vehicle)
    sent = request.POST if request.method == "POST" else None
    act = sent.get("act", "") if sent else ""
    about = {"fleet": request.member.fleet, "matches": followed_by_itself(vehicle), "initial": as_typed(held)}
    form = CareForm(sent if act == "care" else None, **about)
    pausing = PauseForm(
        sent if act == "pause" else None, initial={"paused_until": held.paused_until, "paused_why": held.paused_why}
    )
    try:
        if act == "go-on":
            caring.go_on(vehicle, now=now)
            return done(request, vehicle, f"{vehicle.name} is no longer paused.")
        if act == "pause" and pausing.is_valid():
            said = pausing.cleaned_data
            caring.pause(vehicle, until=said["paused_until"], why=said["paused_why"], by=request.user, now=now)
            return done(request, vehicle, f"{vehicle.name} is paused until {said['paused_until']:%-d %B %Y}.")
        if act == "care" and form.is_valid():
            why, program = form.cleaned_data["severe_why"], form.cleaned_data["program"]
            caring.set_care(vehicle, program=program, severe=form.severe, severe_why=why, by=request.user, now=now)
            return done(request, vehicle, f"The care of {vehicle.name} is saved.")
    except Refused as refused:
        pausing.refuse(refused)
    is_paused = held.paused_until is not None and held.paused_until > request.member.fleet.day(now)
    context = {"vehicle": vehicle, "form": form, "pausing": pausing, "care": held, "is_paused": is_paused}
    status = 422 if form.is_bound or pausing.is_bound else 200
    return render(request, "maintenance/plans/care.html", context | {"here": "vehicles"}, status=status)


def followed_by_itself(vehicle: Vehicle) -> str:
    """The name of the program that matches, whatever was given by hand."""
    car = matching.car(vehicle, matching.groups_of([vehicle.pk]))
    key = choose(matching.asking_of(vehicle.fleet), car)
    return Program.objects.filter(pk=key).values_list("name", flat=True).first() or ""


def as_typed(held: Care) -> dict:
    use = f"{held.severe:g}"
    known = use in dict(USES)
    share = None if known else f"{held.severe * 100:g}"
    return {
        "program": held.program_id,
        "use": use if known else "other",
        "share": share,
        "severe_why": held.severe_why,
    }


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def once(request: HttpRequest, pk: int) -> HttpResponse:
    vehicle = found(request, pk)
    form = OnceForm(request.POST if request.method == "POST" else None, fleet=request.member.fleet)
    if form.is_valid():
        try:
            item = caring.ask_once(vehicle, by=request.user, now=timezone.now(), **form.asked)
        except Refused as refused:
            form.refuse(refused)
        else:
            return done(request, vehicle, f"{item.task.name} is asked for once on {vehicle.name}.")
    unit = Units(request.member.fleet.units).distance
    context = {"vehicle": vehicle, "form": form, "distance_unit": unit, "here": "vehicles"}
    return render(request, "maintenance/plans/once.html", context, status=422 if form.is_bound else 200)


@role_required(Role.MANAGER)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    items = DueItem.objects.seen_by(request.member).standing().select_related("vehicle", "task")
    item = get_object_or_404(items, pk=pk)
    if item.line_id is not None:
        messages.warning(request, f"{item.task.name} comes from a program. Take it out there.")
        return redirect("maintenance:vehicle", item.vehicle_id)

    caring.drop(item, now=timezone.now())

    return done(request, item.vehicle, f"{item.task.name} is no longer asked for on {item.vehicle.name}.")


def done(request: HttpRequest, vehicle: Vehicle, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("maintenance:vehicle", vehicle.pk)
