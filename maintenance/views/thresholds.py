"""Thresholds: the list, and each with its values, who is past it now, and what an edit would change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards import thresholds as board
from maintenance.models import Threshold
from maintenance.threshold_form import ThresholdForm
from maintenance.watching import rules


@role_required(Role.MANAGER)
@require_safe
def thresholds(request: HttpRequest) -> HttpResponse:
    return render(request, "maintenance/thresholds.html", board.board(request.member))


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    fleet = request.member.fleet
    form = ThresholdForm(request.POST if request.method == "POST" else None, fleet=fleet)

    if form.is_valid() and not wants_preview(request):
        rule = rules.make(fleet, by=request.user, now=timezone.now(), **form.rule_fields)
        messages.success(request, f"{rule.name} is watched.")
        return redirect("maintenance:threshold", rule.pk)

    return page(request, form, {})


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def threshold(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(Threshold.objects.seen_by(request.member).select_related("fleet", "program"), pk=pk)
    form = ThresholdForm(request.POST if request.method == "POST" else None, fleet=rule.fleet, rule=rule)

    if form.is_valid() and not wants_preview(request) and rule.retired_at is None:
        rules.change(rule, by=request.user, now=timezone.now(), **form.rule_fields)
        messages.success(request, f"{form.cleaned_data['name']} saved.")
        return redirect("maintenance:threshold", rule.pk)

    return page(request, form, {"rule": rule, "past": board.of_rule(rule, timezone.now())})


@role_required(Role.MANAGER)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(Threshold.objects.seen_by(request.member), pk=pk)

    rules.retire(rule, by=request.user, now=timezone.now())

    messages.success(request, f"{rule.name} is retired.")
    return redirect("maintenance:thresholds")


def wants_preview(request: HttpRequest) -> bool:
    return request.POST.get("act") == "preview"


def page(request: HttpRequest, form: ThresholdForm, context: dict) -> HttpResponse:
    context |= {"form": form, "here": "thresholds"}
    good = form.is_bound and form.is_valid()
    if good:
        told = Threshold(fleet=form.fleet, **form.rule_fields)
        context["preview"] = board.preview(told, form.fleet)
    return render(request, "maintenance/threshold.html", context, status=422 if form.is_bound and not good else 200)
