"""One view answers both: the page, and the piece of it that htmx asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page_or_fragment(
    request: HttpRequest, page: str, fragment: str, context: dict, *, status: int = 200
) -> HttpResponse:
    """The fragment when htmx swaps a part; the page for everyone else, and when htmx restores its history."""
    part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    response = render(request, fragment if part else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
