"""A car is connected that somebody here has had before: what was left of then makes way, and what was ours is ours."""

from datetime import datetime

from fleet.owners.models import Owner
from vehicles import inbox
from vehicles.models import ConnectAttempt, Connection, Parting, Vehicle
from vehicles.smartcar.resources import ConnectionSeen


def make_way(owner: Owner, seen: list[ConnectionSeen], *, now: datetime) -> None:
    """Call off partings, free names that other rows still bear, and wake this fleet's own retired vehicles."""
    for one in seen:
        recall(one.user_id, one.vehicle_id, now=now)
        free_name(one.id, owner.fleet_id)
        bring_back(owner.fleet_id, one.vehicle_id)
    walk = ConnectAttempt.objects.filter(owner=owner).order_by("-began_at").first()
    if walk is not None:
        inbox.forget_parked([one.vehicle_id for one in seen], before=walk.began_at)


def recall(user_id: str, car_id: str, *, now: datetime) -> int:
    """The owner consented anew: what was still to be taken back from this user and car stays where it is."""
    waiting = Parting.objects.filter(user_id=user_id, smartcar_id=car_id, done_at=None)
    return waiting.update(done_at=now, after=None, error="the owner came back")


def free_name(connection_id: str, fleet_id: int) -> None:
    """A maker's account that went from one fleet to another keeps its id at Smartcar; the row of then does not.

    Or the retired car of the one fleet would hang on the connection, and with it on the owner, of the other.
    """
    for row in Connection.objects.filter(connection_id=connection_id).exclude(fleet_id=fleet_id):
        Connection.objects.filter(pk=row.pk).update(connection_id=f"past:{row.pk}:{connection_id}"[:200])


def bring_back(fleet_id: int, car_id: str) -> Vehicle | None:
    """The vehicle of this fleet that was retired under this name bears it again, with its history and its plans."""
    if Vehicle.objects.filter(smartcar_id=car_id).exists():
        return None
    retired = Vehicle.objects.filter(fleet_id=fleet_id, smartcar_id=None, retired_at__isnull=False)
    vehicle = retired.filter(connection__smartcar_id=car_id).order_by("-retired_at").first()
    if vehicle is not None:
        Vehicle.objects.filter(pk=vehicle.pk).update(smartcar_id=car_id, retired_at=None)
    return vehicle
