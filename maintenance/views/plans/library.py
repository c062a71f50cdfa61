"""The library of tasks, and the decisions of a fleet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards.plans import library as board
from maintenance.library_forms import PolicyForm, TaskForm
from maintenance.models import Policy, Task
from maintenance.plans import policy as deciding
from maintenance.plans import tasks as room
from maintenance.refusals import Refused
from vehicles.models import FaultTerms


@role_required(Role.VIEWER)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    return render(request, "maintenance/plans/tasks.html", board.tasks(request.member) | {"tab": "tasks"})


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def task_new(request: HttpRequest) -> HttpResponse:
    return edit(request, Task(fleet=request.member.fleet))


@role_required(Role.VIEWER)
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """To be read by whoever does the work."""
    held = get_object_or_404(Task.objects.seen_by(request.member).prefetch_related("includes", "included_in"), pk=pk)
    context = board.sheet(held, request.member) | {"tab": "tasks"}
    return render(request, "maintenance/plans/task.html", context)


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def task_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit(request, get_object_or_404(Task.objects.seen_by(request.member), pk=pk))


def edit(request: HttpRequest, held: Task) -> HttpResponse:
    called = held.name
    form = TaskForm(request.POST if request.method == "POST" else None, instance=held, fleet=request.member.fleet)
    if form.is_valid():
        try:
            room.save(held, form.cleaned_data["includes"], by=request.user, now=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{held.name} is saved.")
            return redirect("maintenance:task", held.pk)
    context = {"form": form, "task": held, "called": called, "tab": "tasks", "here": "plans"}
    return render(request, "maintenance/plans/task_form.html", context, status=422 if form.is_bound else 200)


@role_required(Role.MANAGER)
@require_POST
def task_retire(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(Task.objects.seen_by(request.member), pk=pk)
    try:
        room.retire(held, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.warning(request, refused.message)
        return redirect("maintenance:task-edit", held.pk)
    messages.success(request, f"{held.name} is retired. What was done of it stays in the history.")
    return redirect("maintenance:tasks")


@role_required(Role.MANAGER)
@require_POST
def task_restore(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(Task.objects.seen_by(request.member), pk=pk)
    room.restore(held, by=request.user, now=timezone.now())
    messages.success(request, f"{held.name} is offered again.")
    return redirect("maintenance:tasks")


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    fleet = request.member.fleet
    held = Policy.of(fleet)
    sent = request.POST if request.method == "POST" else None
    form = PolicyForm(sent, policy=held, faults=FaultTerms.of(fleet), units=fleet.units)
    if form.is_valid():
        anew = deciding.save(form.decided(), faults=form.decided_of_faults(), by=request.user, now=timezone.now())
        messages.success(request, f"Saved.{' The vehicles are looked through anew.' if anew else ''}")
        return redirect("maintenance:programs" if anew else "maintenance:policy")
    context = {"form": form, "policy": held, "tab": "policy", "here": "plans"}
    return render(request, "maintenance/plans/policy.html", context, status=422 if form.is_bound else 200)
