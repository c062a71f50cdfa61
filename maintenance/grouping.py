"""Vehicles are put into a group and taken out: their program may be another one from then on."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from fleet.owners.models import User
from maintenance import anchors
from vehicles.models import Belonging, Group


@transaction.atomic
def put_in(group: Group, vehicle_ids: Iterable[int], *, by: User, now: datetime) -> int:
    """How many came in. Of one that is in it already it stays written who put it in first."""
    held = set(Belonging.objects.filter(group=group).values_list("vehicle_id", flat=True))
    new = set(vehicle_ids) - held
    rows = [Belonging(group=group, vehicle_id=pk, by_name=str(by)[:120], at=now) for pk in sorted(new)]
    Belonging.objects.bulk_create(rows, ignore_conflicts=True)
    anchors.look_again(new, now=now)
    return len(new)


@transaction.atomic
def take_out(group: Group, vehicle_ids: Iterable[int], *, now: datetime) -> int:
    """How many went."""
    gone = Belonging.objects.filter(group=group, vehicle_id__in=list(vehicle_ids))
    keys = list(gone.values_list("vehicle_id", flat=True))
    gone.delete()
    anchors.look_again(keys, now=now)
    return len(keys)
