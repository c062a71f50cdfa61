"""What a person asks a list for."""

from django.http import HttpRequest

MOST = 80


def searched(request: HttpRequest) -> str:
    """The words in the search box: trimmed, of a sane length, and without NUL, which PostgreSQL takes for an attack."""
    return request.GET.get("q", "").replace("\0", "").strip()[:MOST]
