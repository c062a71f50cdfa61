"""The part of a page that renews itself while somebody looks at it."""

import json
import re
from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from fleet.kit.htmx import page_or_fragment
from fleet.owners import pulse

SECONDS = 12
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')  # another one with each drawing of the same


def live(
    request: HttpRequest, page: str, part: str, board: Callable[[], dict], *, where: str = "", status: int = 200
) -> HttpResponse:
    """The page, or only its part; 204 when the browser holds the same part already, so that nothing moves.

    `where` the part renews itself from, if that is not the address of this request: a form is answered with the page
    it stands on.

    The stamp is the fleet's pulse with the minute, and a digest of the part. While the pulse stands still within one
    minute nothing is asked or drawn; ages move by the minute.
    """
    fleet = request.member.fleet
    moment = f"{pulse.of(fleet)}-{int(timezone.now().timestamp()) // 60}"
    held = request.GET.get("stamp", "") if request.htmx else ""
    if held.partition(".")[0] == moment:
        return HttpResponse(status=204)
    context = board()
    with timezone.override(fleet.zone):
        body = render_to_string(part, context, request)
    digest = sha256(TOKEN.sub(r"\1", body).encode()).hexdigest()[:16]
    stamp = json.dumps({"stamp": f"{moment}.{digest}"})
    if held.partition(".")[2] == digest:
        response = HttpResponse(status=204)
        response["X-Stamp"] = stamp  # the browser sends it from now on
        return response
    query = request.GET.copy()
    query.pop("stamp", None)
    path = where or request.path
    again = f"{path}?{query.urlencode()}" if query else path
    # The template engine has escaped what it had to in `body`; a second time would show its tags.
    shown = {"live": mark_safe(body), "again": again, "stamp": stamp, "seconds": SECONDS}  # noqa: S308
    return page_or_fragment(request, page, "frame/live.html", context | shown, status=status)
