"""Who works in a fleet, and as what."""

from datetime import datetime

from django.db import transaction

from fleet.kit.refusals import Refused
from fleet.owners import news
from fleet.owners.models import Fleet, Membership, Role, User


def of_fleet(fleet: Fleet) -> list[Membership]:
    """Everybody, managers first, each with the user."""
    found = Membership.objects.filter(fleet=fleet).select_related("user")
    return sorted(found, key=lambda one: (-Role(one.role).rank, str(one.user).lower()))


def locked(fleet: Fleet, pk: int) -> Membership | None:
    """As it stands now. The fleet is held until the transaction ends, so that two managers cannot remove each other."""
    Fleet.objects.select_for_update().get(pk=fleet.pk)
    return Membership.objects.select_related("user").filter(fleet=fleet, pk=pk).first()


def is_last_manager(one: Membership) -> bool:
    managers = Membership.objects.filter(fleet_id=one.fleet_id, role=Role.MANAGER, user__is_active=True)
    return one.role == Role.MANAGER and not managers.exclude(pk=one.pk).exists()


@transaction.atomic
def give_role(fleet: Fleet, pk: int, role: str, *, by: User, now: datetime) -> Membership | None:
    """None where that person is not here any more. Raises Refused."""
    one = locked(fleet, pk)
    if one is None or one.role == role:
        return one
    if role not in Role.values:
        raise Refused("role", "Choose one of the roles.")
    if is_last_manager(one):
        raise Refused("role", f"{one.user} is the only manager. Make somebody else a manager first.")
    worked, one.role = one.works, role
    one.save(update_fields=["role"])
    if worked and not one.works:
        news.parted.send(Fleet, fleet=fleet, user=one.user, by=by, now=now)
    return one


@transaction.atomic
def remove(fleet: Fleet, pk: int, *, by: User, now: datetime) -> Membership | None:
    """They see nothing of this fleet from the next click on. None where they had gone. Raises Refused."""
    one = locked(fleet, pk)
    if one is None:
        return None
    if is_last_manager(one):
        raise Refused("", f"{one.user} is the only manager. Make somebody else a manager first.")
    one.delete()
    news.parted.send(Fleet, fleet=fleet, user=one.user, by=by, now=now)
    return one
