"""Programs: which vehicles, which tasks, how often. Every edit is a version, and the fleet is reviewed anew."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleet.kit.units import Units
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards.plans import programs as board
from maintenance.models import Program
from maintenance.plans import programs as room
from maintenance.plans import rechecks
from maintenance.program_form import ProgramForm, lines_form

MORE = 3  # empty lines that are asked for at once


@role_required(Role.VIEWER)
@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    return render(request, "maintenance/plans/programs.html", board.board(request.member, timezone.now()))


@role_required(Role.VIEWER)
@require_safe
def recheck(request: HttpRequest) -> HttpResponse:
    """The bar alone, which asks again until it is over."""
    context = {"recheck": board.newest(request.member.fleet, timezone.now())}
    return render(request, "maintenance/plans/_recheck.html", context)


@role_required(Role.MANAGER)
@require_POST
def recheck_stop(request: HttpRequest) -> HttpResponse:
    if not rechecks.stop(request.member.fleet, by_name=str(request.user), now=timezone.now()):
        messages.info(request, "It is over already, or tells faults anew and goes on to the end.")
    return redirect("maintenance:programs")


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return edit(request, Program(fleet=request.member.fleet), {"here": "plans"})


@role_required(Role.VIEWER)
@require_safe
def program(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(Program.objects.seen_by(request.member), pk=pk)
    return render(request, "maintenance/plans/program.html", board.sheet(held, request.member, timezone.now()))


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def program_edit(request: HttpRequest, pk: int) -> HttpResponse:
    standing = Program.objects.seen_by(request.member).filter(retired_at=None)
    return edit(request, get_object_or_404(standing.select_related("fleet__policy"), pk=pk), {"here": "plans"})


def edit(request: HttpRequest, held: Program, context: dict) -> HttpResponse:
    fleet, sent = held.fleet, request.POST if request.method == "POST" else None
    name, seen = held.name, held.version
    form = ProgramForm(sent, instance=held, fleet=fleet)
    tried = request.GET if sent is None else None
    lines = lines_form(sent, held, fleet, more=MORE if sent and sent.get("act") == "more" else 0, tried=tried)
    good = sent is not None and all([form.is_valid(), lines.is_valid()])
    groups = list(form.cleaned_data["groups"]) if good else []

    if good and not sent.get("act"):
        try:
            room.save(held, lines.lines(held), groups, seen=_version(sent, seen), by=request.user, now=timezone.now())
        except room.Overtaken:
            form.add_error(
                None, f"Somebody else has saved {name} meanwhile. Open it anew, and type your changes again."
            )
        else:
            messages.success(request, f"{held} is saved. The vehicles are looked through anew.")
            return redirect("maintenance:program", held.pk)

    context |= {"form": form, "line_forms": lines, "program": held, "seen": seen, "called": name}
    context |= {"distance_unit": Units(fleet.units).distance, "next_version": seen + 1 if held.pk else 1}
    if good and sent.get("act") == "preview":
        context["preview"] = board.preview(fleet, held, [group.pk for group in groups])
    bad = sent is not None and sent.get("act") != "more" and not (good and form.is_valid())
    return render(request, "maintenance/plans/program_form.html", context, status=422 if bad else 200)


def _version(sent, standing: int) -> int:
    typed = sent.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else standing


@role_required(Role.MANAGER)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(Program.objects.seen_by(request.member).select_related("fleet"), pk=pk)

    room.retire(held, by=request.user, now=timezone.now())

    messages.success(request, f"{held.name} is retired. Its vehicles take the next program that matches.")
    return redirect("maintenance:programs")


@role_required(Role.MANAGER)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(Program.objects.seen_by(request.member).select_related("fleet"), pk=pk)

    room.restore(held, by=request.user, now=timezone.now())

    messages.success(request, f"{held.name} matches again.")
    return redirect("maintenance:programs")
