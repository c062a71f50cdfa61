"""Several rows of the due list at once: work orders for them, somebody who does them, or a snooze."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fleet.kit.units import Units
from fleet.owners.access import role_required
from fleet.owners.models import Membership, Role, User
from maintenance import sheets, snoozing
from maintenance.domain.sums import counted
from maintenance.forms import SnoozeForm
from maintenance.models import DueItem, Policy
from maintenance.orders import many as orders
from maintenance.orders import moving
from maintenance.refusals import Refused
from maintenance.views.complete import wanted

MOST = 200
TITLES = {"order": "Work orders for", "assign": "Assign", "snooze": "Snooze"}
SAYS = {
    "order": "One order for each vehicle.",
    "assign": "What has a work order changes hands with all of it; the rest gets one order for each vehicle.",
    "snooze": "Nobody is told of them for a while; when they are due does not move. Each wakes by itself when it"
    " becomes overdue.",
}


@role_required(Role.TECHNICIAN)
@require_http_methods(["GET", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """What was ticked, and the one form that is about all of it."""
    member, now = request.member, timezone.now()
    sent = request.POST if request.method == "POST" else request.GET
    items = chosen(member, sent.getlist("item"))
    home = wanted(request, "/")
    if not items:
        messages.info(request, "Tick at least one job first.")
        return redirect(home)
    act = sent.get("act") if sent.get("act") in ACTS else "order"
    if act == "assign" and not member.plans:
        raise PermissionDenied
    form = a_form(act, member, request.POST if request.method == "POST" else None, now)
    if form.is_valid():
        try:
            told = ACTS[act](member, items, form.cleaned_data, now)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, told)
            return redirect(home)
    cars = len({item.vehicle_id for item in items})
    about = f"{counted(len(items), 'job')} of {counted(cars, 'vehicle')}"
    about = {"title": f"{TITLES[act]} {about}", "says": SAYS[act]}
    context = {"form": form, "items": items, "act": act, "about": about, "here": "due", "next_url": home}
    context["distance_unit"] = Units(member.fleet.units).distance
    return render(request, "maintenance/due_many.html", context, status=422 if form.is_bound else 200)


def chosen(member: Membership, keys: list[str]) -> list[DueItem]:
    """Those of them that stand in this fleet, by vehicle."""
    pks = {int(key) for key in keys[:MOST] if key.isascii() and key.isdigit() and len(key) < 18}
    found = DueItem.objects.seen_by(member).standing().filter(pk__in=pks)
    return list(found.select_related("vehicle__fleet", "task").order_by("vehicle__name", "vehicle_id", "-rank", "pk"))


def a_form(act: str, member: Membership, sent, now: datetime):
    if act == "snooze":
        policy = Policy.of(member.fleet)
        rules = {"units": member.fleet.units, "today": member.fleet.day(now)}
        return SnoozeForm(sent, most_days=policy.snooze_days, most_km=policy.snooze_km, **rules)
    people = [(str(one.user_id), str(one.user)) for one in moving.workers(member.fleet_id)]
    form = sheets.OrderForm(sent, people=people if member.plans else [(str(member.user_id), str(member.user))])
    del form.fields["typed"]
    if act == "assign":
        form.fields["assignee"].required = True
        del form.fields["planned_on"], form.fields["notes"]
    return form


def write_orders(member: Membership, items: list[DueItem], said: dict, now: datetime) -> str:
    assignee = User.objects.get(pk=said["assignee"]) if said["assignee"] else None
    rest = {name: said[name] for name in ("planned_on", "notes", "key")}
    return orders.write_each(member.fleet, items, by=member.user, assignee=assignee, now=now, **rest).says


def assign(member: Membership, items: list[DueItem], said: dict, now: datetime) -> str:
    to = User.objects.get(pk=said["assignee"])
    return orders.assign_each(items, to, member=member, key=said["key"], now=now)


@transaction.atomic
def snooze(member: Membership, items: list[DueItem], said: dict, now: datetime) -> str:
    """All of them or none."""
    for item in items:
        snoozing.snooze(item, by=member.user, now=now, **said)
    return f"{counted(len(items), 'job')} {'keeps' if len(items) == 1 else 'keep'} still."


ACTS = {"order": write_orders, "assign": assign, "snooze": snooze}
