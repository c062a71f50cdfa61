"""What a browser asks for to install the portal: its manifest, its worker, and the icon that every browser tries."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

GROUND, PAPER = "#22302a", "#edf0ec"
DAY = "public, max-age=86400"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    home = reverse("maintenance:due")
    said = {
        "name": "Fettle",
        "short_name": "Fettle",
        "description": "Looks after a fleet of connected cars: what is due, who should know, who did it.",
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "theme_color": GROUND,
        "background_color": PAPER,
        "icons": [
            icon("icon-192", 192),
            icon("icon-512", 512),
            icon("icon-maskable", 512, purpose="maskable"),
        ],
        "shortcuts": [
            {"name": "Due", "url": home},
            {"name": "My work orders", "short_name": "Orders", "url": reverse("maintenance:orders") + "?show=mine"},
        ],
    }
    response = JsonResponse(said, content_type="application/manifest+json")
    response["Cache-Control"] = DAY
    return response


def icon(name: str, size: int, **more) -> dict:
    return {"src": static(f"img/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png"} | more


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(static("img/favicon.ico"))
    response["Cache-Control"] = DAY
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """At the root, for there alone it may look after the sheets; asked for anew each time, for an old one is a bug."""
    response = render(request, "frame/worker.js", {"icon": static("img/icon-192.png")}, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
