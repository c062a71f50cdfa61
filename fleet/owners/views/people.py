"""Who works here, and who is asked to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fleet.kit.refusals import Refused
from fleet.owners import inviting
from fleet.owners import people as room
from fleet.owners.access import role_required
from fleet.owners.forms import InvitationForm
from fleet.owners.models import Invitation, Membership, Role


@role_required(Role.VIEWER)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the fleet, and for a manager those who are asked."""
    return page(request, InvitationForm())


def page(request: HttpRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    now, fleet = timezone.now(), request.member.fleet
    asked = Invitation.objects.for_fleet(fleet).filter(ended_at=None) if request.member.plans else []
    context = {
        "people": room.of_fleet(fleet),
        "asked": [(one, now >= one.expires_at) for one in asked],
        "form": form,
        "roles": Role.choices,
        "here": "settings",
        "tab": "people",
    }
    return render(request, "owners/people.html", context, status=status)


@role_required(Role.MANAGER)
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return page(request, form, 422)
    try:
        one = inviting.invite(request.member.fleet, **form.cleaned_data, by=request.user, now=timezone.now())
    except Refused as refused:
        form.refuse(refused)
        return page(request, form, 422)
    messages.success(request, f"{one.email} is asked to join. The letter leaves within seconds.")
    return redirect("owners:people")


def find(request: HttpRequest, pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.for_fleet(request.member.fleet), pk=pk)


@role_required(Role.MANAGER)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    one = find(request, pk)
    if one.ended_at:
        messages.error(request, "That invitation is over: it was used or withdrawn.")
    elif inviting.write_anew(one, by=request.user, now=timezone.now()):
        messages.success(request, f"Another letter goes to {one.email}. The first link is worth nothing now.")
    else:
        messages.error(request, f"A letter went to {one.email} a moment ago.")
    return redirect("owners:people")


@role_required(Role.MANAGER)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    one = find(request, pk)
    if not inviting.withdraw(one, now=timezone.now()):
        messages.error(request, "That invitation is over: it was used or withdrawn.")
    else:
        messages.success(request, f"The invitation of {one.email} is withdrawn.")
    return redirect("owners:people")


@role_required(Role.MANAGER)
@require_POST
def role(request: HttpRequest, pk: int) -> HttpResponse:
    asked = request.POST.get("role", "")
    return told(request, lambda **how: room.give_role(request.member.fleet, pk, asked, **how), "now", asked)


@role_required(Role.MANAGER)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    return told(request, lambda **how: room.remove(request.member.fleet, pk, **how), "left", "")


@role_required(Role.VIEWER)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Oneself, whatever one's role."""
    fleet = request.member.fleet
    try:
        room.remove(fleet, request.member.pk, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("owners:people")
    request.session.pop("fleet", None)
    messages.success(request, f"You left {fleet.name}.")
    return redirect("/")


def told(request: HttpRequest, act, what: str, role: str) -> HttpResponse:
    try:
        one: Membership | None = act(by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("owners:people")
    if one is None:
        raise Http404
    if what == "now":
        messages.success(request, f"{one.user} is {Role(role).label.lower()} now.")
    else:
        messages.success(request, f"{one.user} works here no more. Their open orders are free for others.")
    return redirect("owners:people")
