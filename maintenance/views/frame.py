"""What stands around every page: how fresh the data is, and the fleets of this person."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from maintenance.boards import rail


def frame(request: HttpRequest) -> dict:
    """Looked up only by a template that shows it."""
    now = timezone.now()
    return {"rail": SimpleLazyObject(lambda: rail.board(request, now))}
