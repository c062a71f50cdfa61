"""Who is asking, for which fleet, and whether they may."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject

from fleet.kit import failures
from fleet.owners import backend, pulse
from fleet.owners.models import Membership, Role

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


def find_member(request: HttpRequest) -> Membership | None:
    """The signed-in user's membership in the current fleet; `?fleet=` in a mail's link changes the current fleet."""
    if not request.user.is_authenticated:
        return None
    held = getattr(request.user, "held", None) if request.method in SAFE else None  # who joins has one more by then
    if held is None:
        held = backend.held_by(request.user.pk)
    asked = request.GET.get("fleet", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else request.session.get("fleet")
    member = next((one for one in held if one.fleet_id == wanted), next(iter(held), None))
    if member is None:
        return None
    # The rail lists the others, and nobody reads the user a second time.
    member.user, member.fleets = request.user, sorted((one.fleet for one in held), key=lambda fleet: fleet.name)
    if request.session.get("fleet") != member.fleet_id:
        request.session["fleet"] = member.fleet_id
    return member


def wrote(request: HttpRequest) -> None:
    """Somebody did something: whoever looks at a page of their fleet sees it with its next renewal."""
    if request.member:
        pulse.beat([request.member.fleet_id])


class MemberMiddleware:
    """`request.member`, looked up once when somebody asks; signed-in pages are never stored by a browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = SimpleLazyObject(lambda: find_member(request))
        response = self.get_response(request)
        if request.method not in SAFE and response.status_code < 400 and request.user.is_authenticated:
            wrote(request)
        if has_left(request):
            response["Clear-Site-Data"] = '"storage"'  # drafts, and the job sheet that opens without a network
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


def has_left(request: HttpRequest) -> bool:
    """Somebody signed out by this request."""
    where = request.resolver_match
    return where is not None and where.url_name == "account_logout" and not request.user.is_authenticated


def role_required(role: Role, *, fleetless: bool = False):
    """Anonymous goes to the sign-in; a wrong role gets 403 before anything is looked up.

    `fleetless`: somebody who belongs to no fleet may come in as well.
    """

    def wrap(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs):
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if not request.member and fleetless:
                return view(request, *args, **kwargs)
            if not request.member:
                return render(request, "owners/no_fleet.html", status=403)
            if not request.member.may(role):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.role = role
        return guarded

    return wrap


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """A whole page for a browser; for htmx, which would swap the sign-in into a corner, an order to go there.

    What follows the sign-in is the page that one was at: the address of a form, or of a part, is no page.
    """
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        here = request.htmx.current_url_abs_path or settings.LOGIN_REDIRECT_URL
        response["HX-Redirect"] = redirect_to_login(here).url
        return response
    here = request.get_full_path() if request.method in SAFE else failures.before(request)
    return redirect_to_login(here or settings.LOGIN_REDIRECT_URL)
