"""The page behind the link of an invitation. Looking at it takes nothing; only a press of the button does."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fleet.owners import inviting
from fleet.owners.forms import JoinForm
from fleet.owners.models import Invitation, User


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    response = answer(request, inviting.read(token))
    response["Referrer-Policy"] = "origin"  # the address is the key; with less, the form would come from nowhere
    response["Cache-Control"] = "no-store"
    return response


def answer(request: HttpRequest, one: Invitation | None) -> HttpResponse:
    now = timezone.now()
    if not inviting.is_good(one, now):
        return over(request, one)
    known = User.objects.filter(email__iexact=one.email).first()
    if request.user.is_authenticated:
        if request.user != known:
            return shown(request, one, "other")
        if request.method == "POST":
            return joined(request, one, inviting.join(one, known, now=now) is not None)
        return shown(request, one, "join")
    if known is not None:
        return shown(request, one, "sign-in")
    form = JoinForm(request.POST or None, email=one.email)
    if request.method != "POST" or not form.is_valid():
        return shown(request, one, "new", form=form, status=422 if form.is_bound else 200)
    user = inviting.join_new(one, **form.cleaned_data, now=now)
    if user is None:
        return over(request, inviting.read(inviting.token(one)))
    request.session["fleet"] = one.fleet_id
    return perform_login(request, user, email_verification="none", redirect_url="/")


def shown(request: HttpRequest, one: Invitation, state: str, *, status: int = 200, **more) -> HttpResponse:
    context = {"invitation": one, "state": state, "form": None} | more
    return render(request, "owners/invitation.html", context, status=status)


def joined(request: HttpRequest, one: Invitation, is_in: bool) -> HttpResponse:
    if not is_in:
        return over(request, one)
    request.session["fleet"] = one.fleet_id
    messages.success(request, f"Welcome to {one.fleet.name}.")
    return redirect("/")


def over(request: HttpRequest, one: Invitation | None) -> HttpResponse:
    is_theirs = one is not None and request.user.is_authenticated and one.used_by_id == request.user.pk
    if is_theirs:
        return redirect("/")
    return render(request, "owners/invitation_over.html", {"invitation": one}, status=410)
