"""Faults, and the rules that a fleet has for them."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleet.kit.asking import searched
from fleet.owners.access import role_required
from fleet.owners.models import Role
from fleet.owners.pieces import live
from maintenance.boards import faults as board
from maintenance.fault_rule_form import FaultRuleForm
from maintenance.faulting import rules
from maintenance.models import FaultRule

FIELDS = ("code", "is_prefix", "make", "model", "verdict", "name", "reason")


@role_required(Role.VIEWER)
@require_safe
def faults(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    look = partial(
        board.board,
        request.member,
        show=asked.get("show", ""),
        q=searched(request),
        page=asked.get("page", ""),
        now=timezone.now(),
    )
    return live(request, "maintenance/faults.html", "maintenance/_fault_list.html", look)


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def fault_rules(request: HttpRequest) -> HttpResponse:
    """All rules, and a new one."""
    first = {"code": request.GET.get("code", "")[:20]}
    form = FaultRuleForm(request.POST if request.method == "POST" else None, initial=first)

    if form.is_valid() and request.POST.get("act") != "preview":
        try:
            rules.lay(request.member.fleet, by=request.user, now=timezone.now(), **form.cleaned_data)
        except rules.Taken:
            form.add_error("code", TAKEN)
        else:
            messages.success(request, f"The rule for {form.cleaned_data['code']} is in force.")
            return redirect("maintenance:fault-rules")

    return page(request, form, FaultRule(fleet=request.member.fleet), board.rules(request.member))


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def fault_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(FaultRule.objects.seen_by(request.member).select_related("fleet"), pk=pk)
    first = {name: getattr(rule, name) for name in FIELDS}
    form = FaultRuleForm(request.POST if request.method == "POST" else None, initial=first)

    if form.is_valid() and request.POST.get("act") != "preview":
        try:
            rules.change(rule, by=request.user, now=timezone.now(), **form.cleaned_data)
        except rules.Taken:
            form.add_error("code", TAKEN)
        else:
            messages.success(request, f"The rule for {form.cleaned_data['code']} is saved.")
            return redirect("maintenance:fault-rules")

    return page(request, form, rule, {"rule": rule, "here": "faults"})


@role_required(Role.MANAGER)
@require_POST
def remove_fault_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(FaultRule.objects.seen_by(request.member).select_related("fleet"), pk=pk)

    rules.remove(rule, now=timezone.now())

    messages.success(request, f"The rule for {rule.code} is removed.")
    return redirect("maintenance:fault-rules")


TAKEN = "There is a rule for this code, make and model already. Change that one."


def page(request: HttpRequest, form: FaultRuleForm, rule: FaultRule, context: dict) -> HttpResponse:
    """The form with what it would do; a rule that cannot be is answered with 422."""
    good = form.is_bound and form.is_valid()
    if good:
        told = FaultRule(pk=rule.pk, fleet=rule.fleet, **form.cleaned_data)
        context["preview"] = rules.preview(rule.fleet, told)
    status = 422 if form.is_bound and not good else 200
    return render(request, "maintenance/fault_rules.html", context | {"form": form}, status=status)
