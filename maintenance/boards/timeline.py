"""Everything that happened on one vehicle, newest first, a page at a time."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime

from fleet.owners.models import Membership
from maintenance.boards import happenings, tidings
from maintenance.boards.happenings import SIZE
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


def board(vehicle: Vehicle, member: Membership, *, before: str, now: datetime) -> dict:
    """One page of it. Each kind is asked for one page at most, however long the car has been with us."""
    until = moment(before) or now + timedelta(days=1)
    events = sorted(
        (event for of in KINDS for event in of(vehicle, member, until) if event.at < until),
        key=lambda event: (event.at, event.key),
        reverse=True,
    )
    page, more = events[:SIZE], len(events) > SIZE
    if more:  # what shares the moment of the last one stays with it
        page = [event for event in events if event.at >= page[-1].at]
    older = f"?{urlencode({'before': page[-1].at.isoformat()})}" if more else ""
    return {"vehicle": vehicle, "events": page, "older": older, "is_newest": not moment(before), "here": "vehicles"}


def moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
