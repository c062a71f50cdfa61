"""What a person reads where a page cannot be had. Nothing here asks the database, for that may be the cause."""

import sys
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

WORDS = {
    400: ("That request was not understood", "Nothing was changed. Go back, load the page again and try once more."),
    403: ("This is not yours to open", "Your role in this fleet does not include it. A manager can tell you why."),
    404: ("There is nothing here", "It was never here, is gone, or belongs to somebody else."),
    405: ("This address only takes answers", "It is where a form is sent to, and there is no page to look at."),
    413: ("That was too large", "Nothing of it was kept. Send fewer or smaller files at once."),
    429: ("Too many tries", "Somebody at your address tried this too often, so it rests for a while."),
    500: ("Something broke on our side", "A change is kept whole or not at all: nothing was half saved."),
    503: ("The database does not answer", "What cars send meanwhile is asked for again later; nothing was half saved."),
}
OLD_FORM = (
    "The form was too old",
    "The browser sent no valid key with it, mostly because you signed out or in meanwhile. Nothing was changed: go "
    "back, load the page again and send it once more.",
)
WAITS = {429: "in a few minutes", 500: "in a minute", 503: "in a minute"}
# Where not even our template can be drawn: some static file is missing, say.
LAST = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Something broke</title></head><body><main><h1>{}</h1><p>{}</p>"
    '<p><a href="/">To the due list</a></p></main></body></html>'
)


def said(request: HttpRequest, status: int, words: tuple[str, str] | None = None) -> HttpResponse:
    """A page of our own with this status; `words`: title and sentence, where the usual ones do not do."""
    title, sentence = words or WORDS[status]
    context = {"title": title, "words": sentence, "wait": WAITS.get(status, ""), "back": before(request)}
    try:
        page = render_to_string("frame/lone.html", context)
    except Exception:  # drawing the page of a failure must not be the next one
        page = LAST.format(title, sentence)
    return HttpResponse(page, status=status)


def before(request: HttpRequest) -> str:
    """The page of ours that led here; empty when none did, or when it was this one."""
    came = request.headers.get("Referer", "")
    try:
        ours = {request.get_host()}
    except DisallowedHost:
        return ""
    if not came or not url_has_allowed_host_and_scheme(came, ours, require_https=request.is_secure()):
        return ""
    parts = urlsplit(came)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "" if path == request.get_full_path() else path


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    return said(request, 400)


def not_yours(request: HttpRequest, exception: Exception) -> HttpResponse:
    return said(request, 403)


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    return said(request, 404)


def too_often(request: HttpRequest) -> HttpResponse:
    return said(request, 429)


def old_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    return said(request, 403, OLD_FORM)


def broken(request: HttpRequest) -> HttpResponse:
    """Called while the error is being handled, so what it is can be seen."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = said(request, 503)
        response["Retry-After"] = "30"
        return response
    return said(request, 500)


class FailureMiddleware:
    """An empty answer, such as Django's own to a wrong method, gets words, for a person would see a white page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or "html" not in request.headers.get("Accept", ""):
            return response
        worded = said(request, 405)
        worded["Allow"] = response["Allow"]
        return worded
