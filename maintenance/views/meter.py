"""The odometer of one car: its history, and what people say of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance import metering
from maintenance.boards import meter as board
from maintenance.meter_forms import AnswerForm, ReadingForm, ReasonForm, ReplaceForm, TypeForm
from maintenance.metering import CannotSay, Said
from maintenance.views.complete import wanted
from vehicles.domain import segments
from vehicles.domain.signals import Signal
from vehicles.models import Reading, Segment, Vehicle
from vehicles.waist import witness

BOTH = ["GET", "POST"]


@role_required(Role.VIEWER)
@require_safe
def meter(request: HttpRequest, pk: int) -> HttpResponse:
    vehicle = get_object_or_404(board.seen(request.member), pk=pk)
    context = board.board(vehicle, request.member, page=request.GET.get("page", ""), show=request.GET.get("show", ""))
    return render(request, "maintenance/meter.html", context)


@role_required(Role.TECHNICIAN)
@require_http_methods(BOTH)
def type_in(request: HttpRequest, pk: int) -> HttpResponse:
    vehicle, now = found(request, pk), timezone.now()
    first = {"on": vehicle.fleet.day(now), "at": now.astimezone(vehicle.fleet.zone).time()}
    form = TypeForm(request.POST if request.method == "POST" else None, fleet=vehicle.fleet, now=now, initial=first)
    if form.is_valid():
        try:
            km, told = form.cleaned_data["odometer_km"], said(request, form, now)
            reading = metering.type_in(vehicle, km, at=form.moment(), said=told)
        except CannotSay as cannot:
            form.refuse(cannot)
        else:
            return back(request, vehicle, board.after_typing(reading))
    return ask(request, vehicle, form, board.Asking("Type a reading", "Read it off the dash.", "Save the reading"))


@role_required(Role.MANAGER)
@require_http_methods(BOTH)
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    vehicle, now = found(request, pk), timezone.now()
    form = ReplaceForm(request.POST if request.method == "POST" else None, fleet=vehicle.fleet, now=now)
    if form.is_valid():
        try:
            moment, offset_km = form.moment(), form.cleaned_data["offset_km"]
            if offset_km is None:
                offset_km = witness.offset_for(vehicle, moment, form.cleaned_data["dash_km"])
            metering.replace(vehicle, begins_at=moment, offset_km=offset_km, said=said(request, form, now))
        except CannotSay as cannot:
            form.refuse(cannot)
        else:
            return back(request, vehicle, "The replacement is written down. Distance goes on across it.")
    return ask(request, vehicle, form, board.REPLACE)


@role_required(Role.TECHNICIAN)
@require_http_methods(BOTH)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Was the meter replaced? Who stands at the car may say yes; taking readings back is a manager’s."""
    vehicle, now = found(request, pk), timezone.now()
    step = witness.step_back(vehicle)
    if step is None:
        return back(request, vehicle, "Nothing is asked about this meter now.")
    sent, may_deny = request.POST if request.method == "POST" else None, request.member.plans
    form = AnswerForm(sent, fleet=vehicle.fleet, now=now, step=step, may_deny=may_deny)
    if form.is_valid():
        told = said(request, form, now)
        try:
            if form.cleaned_data["answer"] == "yes":
                dash = form.cleaned_data["dash_km"]
                offset_km = segments.offset_from(true_before_km=step.high_true_km, dash_after_km=dash)
                metering.replace(vehicle, begins_at=form.begins_at(), offset_km=offset_km, said=told)
                words = "The replacement is written down. Distance goes on across it."
            else:
                gone = metering.deny(vehicle, wrong=form.cleaned_data["answer"], said=told)
                words = f"{gone} readings taken back."
        except CannotSay as cannot:
            form.refuse(cannot)
        else:
            return back(request, vehicle, words)
    return ask(request, vehicle, form, board.question(step, request.member))


@role_required(Role.MANAGER)
@require_http_methods(BOTH)
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    held = Reading.objects.seen_by(request.member).filter(signal=Signal.ODOMETER).select_related("vehicle__fleet")
    one = get_object_or_404(held, pk=pk)
    form = ReadingForm(request.POST if request.method == "POST" else None, reading=one)
    if form.is_valid():
        act = getattr(metering, form.cleaned_data["act"])
        try:
            act(one, said(request, form, timezone.now()))
        except CannotSay as cannot:
            form.refuse(cannot)
        else:
            return back(request, one.vehicle, "Done. All readings were judged anew.")
    return ask(request, one.vehicle, form, board.about(one, request.member))


@role_required(Role.MANAGER)
@require_http_methods(BOTH)
def rescind(request: HttpRequest, pk: int) -> HttpResponse:
    segment = get_object_or_404(Segment.objects.seen_by(request.member).select_related("vehicle__fleet"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        metering.rescind(segment, said(request, form, timezone.now()))
        return back(request, segment.vehicle, "Taken back. All readings were judged anew.")
    return ask(request, segment.vehicle, form, board.RESCIND)


def found(request: HttpRequest, pk: int) -> Vehicle:
    return get_object_or_404(Vehicle.objects.seen_by(request.member).select_related("fleet"), pk=pk)


def said(request: HttpRequest, form, now) -> Said:
    return Said(request.user, form.cleaned_data["reason"], now)


def back(request: HttpRequest, vehicle: Vehicle, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(wanted(request, reverse("maintenance:meter", args=[vehicle.pk])))


def ask(request: HttpRequest, vehicle: Vehicle, form, asking: board.Asking) -> HttpResponse:
    context = {"form": form, "vehicle": vehicle, "asking": asking, "here": "vehicles"}
    context["unit"] = board.unit_of(request.member)
    return render(request, "maintenance/meter_act.html", context, status=422 if form.is_bound else 200)
