"""Everything that happened on one vehicle, newest first, a page at a time."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime

from fleet.owners.models import Membership
from maintenance.boards import happenings, tidings
from maintenance.boards.happenings import SIZE, Until
from vehicles.models import Vehicle

KINDS = (
    happenings.work,
    happenings.claims,
    happenings.orders,
    happenings.said,
    happenings.snoozes,
    tidings.faults,
    tidings.alerts,
    tidings.readings,
    tidings.ties,
)
KEY = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,18})")


def board(vehicle: Vehicle, member: Membership, *, before: str, now: datetime) -> dict:
    """One page of it. Each kind is asked for one page at most, however long the car has been with us."""
    asked = mark(before)
    until = asked or Until(now + timedelta(days=1))
    events = sorted(
        (
            (event.at, (event.key[0], kind, event.key[1]), event)
            for kind, of in enumerate(KINDS)
            for event in of(vehicle, member, until)
        ),
        key=lambda one: one[:2],
        reverse=True,
    )
    events = [one for one in events if until.covers(*one[:2])]
    page, more = events[:SIZE], len(events) > SIZE
    older = f"?{urlencode({'before': written(*page[-1][:2])})}" if more else ""
    shown = [event for _, _, event in page]
    return {"vehicle": vehicle, "events": shown, "older": older, "is_newest": asked is None, "here": "vehicles"}


def written(at: datetime, key: tuple[int, int, int]) -> str:
    """The end of a page as its address has it: the moment, and the key of the last event."""
    return f"{at.isoformat()}~{'.'.join(map(str, key))}"


def mark(text: str) -> Until | None:
    """The end of the page before; a moment alone stands for all that is older than it."""
    moment, _, key = text.partition("~")
    try:
        at = parse_datetime(moment)
    except ValueError:
        return None
    if at is None or at.tzinfo is None:
        return None
    found = KEY.fullmatch(key)
    return Until(at, tuple(map(int, found.groups())) if found else None)
