"""Groups of vehicles as a choice above a list."""

from django.db.models import QuerySet

from fleet.owners import kept
from fleet.owners.models import Membership
from vehicles.models import Belonging, Group


def names(member: Membership) -> list[tuple[int, str]]:
    """All groups of the fleet, read again when its pulse has moved."""
    return kept.while_still(
        "groups", member.fleet, lambda: list(Group.objects.seen_by(member).values_list("pk", "name"))
    )


def read(text: str) -> int:
    """The key that an address names, of whatever fleet; 0 where it names none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def vehicles(group: int, member: Membership) -> QuerySet:
    """The keys of the vehicles in it; none where it belongs to another fleet."""
    return Belonging.objects.filter(group=group, group__fleet=member.fleet_id).values("vehicle_id")
