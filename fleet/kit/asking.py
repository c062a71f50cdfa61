"""What a person asks a list for."""

from django.http import HttpRequest

MOST = 80


def searched(request: HttpRequest, name: str = "q") -> str:
    """The words in that search box: trimmed, of a sane length, without NUL, which PostgreSQL takes for an attack."""
    return request.GET.get(name, "").replace("\0", "").strip()[:MOST]
