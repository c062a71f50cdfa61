"""A grant as it lies in the database, and an owner's car that hangs on it."""

from datetime import timedelta

from django.utils import timezone

from fleet.owners.models import Owner
from tests.scenes import a_car, a_fleet
from vehicles.line import grants
from vehicles.models import Connection, Generation, Grant, Vehicle
from vehicles.smartcar.v2.tokens import TokenPair


def a_grant(*, run_out: bool = False, fleet=None, **fields) -> Grant:
    fleet = fleet or a_fleet()
    owner, _ = Owner.objects.get_or_create(fleet=fleet, name="Halifax Leasing")
    grant = grants.keep(owner, TokenPair("access-0", "refresh-0", 7200), now=timezone.now())
    if run_out:
        fields["access_until"] = timezone.now() - timedelta(hours=1)
    Grant.objects.filter(pk=grant.pk).update(**fields)
    grant.refresh_from_db()
    return grant


def a_v2_car(grant: Grant, **fields) -> Vehicle:
    car = a_car(grant.fleet, **fields)
    about = {"generation": Generation.V2, "grant": grant, "smartcar_id": car.smartcar_id, "owner": grant.owner}
    Connection.objects.filter(pk=car.connection_id).update(**about)
    return Vehicle.objects.select_related("connection").get(pk=car.pk)
