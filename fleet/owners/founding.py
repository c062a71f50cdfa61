"""A fleet begins, and says of itself how it reckons."""

from datetime import datetime, timedelta

from django.db import transaction

from fleet.kit.refusals import Refused
from fleet.owners import news
from fleet.owners.models import Fleet, Membership, Role, User

TWICE = timedelta(minutes=10)  # a form that is sent again within this is the same form


@transaction.atomic
def found(user: User, *, name: str, units: str, time_zone: str, now: datetime) -> Fleet:
    """A new fleet, managed by this person. Sent twice it is one.

    Raises Refused: this person manages another one of that name.
    """
    User.objects.select_for_update().get(pk=user.pk)
    same = Fleet.objects.filter(name__iexact=name, memberships__user=user, memberships__role=Role.MANAGER).first()
    if same is not None:
        if now - same.created_at < TWICE:
            return same
        raise Refused("name", f"You manage a fleet called {same.name} already.")
    fleet = Fleet.objects.create(name=name, units=units, time_zone=time_zone, created_at=now)
    Membership.objects.create(user=user, fleet=fleet, role=Role.MANAGER)
    return fleet


@transaction.atomic
def settle(fleet: Fleet, *, name: str, units: str, time_zone: str, by: User, now: datetime) -> Fleet:
    """What the fleet says of itself from now on. What is stored stays: distances are kept in km, moments in UTC."""
    after = Fleet.objects.select_for_update().get(pk=fleet.pk)
    before = Fleet(pk=after.pk, name=after.name, units=after.units, time_zone=after.time_zone)
    after.name, after.units, after.time_zone = name, units, time_zone
    after.save(update_fields=["name", "units", "time_zone"])
    news.settled.send(Fleet, fleet=after, before=before, by=by, now=now)
    return after


def end_first_hour(fleet: Fleet, *, now: datetime) -> None:
    Fleet.objects.filter(pk=fleet.pk, settled_at=None).update(settled_at=now)
