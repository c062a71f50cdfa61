"""The part of a page that renews itself while somebody looks at it."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from fleet.kit.htmx import page_or_fragment

SECONDS = 12


def live(request: HttpRequest, page: str, part: str, context: dict) -> HttpResponse:
    """The page, or only its part; 204 when the browser holds the same part already, so that nothing moves."""
    with timezone.override(request.member.fleet.zone):
        body = render_to_string(part, context, request)
    stamp = sha256(body.encode()).hexdigest()[:16]
    if request.htmx and request.GET.get("stamp") == stamp:
        return HttpResponse(status=204)
    query = request.GET.copy()
    query["stamp"] = stamp
    # The template engine has escaped what it had to in `body`; a second time would show its tags.
    shown = {"live": mark_safe(body), "again": f"{request.path}?{query.urlencode()}", "seconds": SECONDS}  # noqa: S308
    return page_or_fragment(request, page, "frame/live.html", context | shown)
