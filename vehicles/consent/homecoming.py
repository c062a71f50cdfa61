"""A car is connected that somebody here has had before: what was left of then makes way, and what was ours is ours."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from fleet.owners.models import Owner
from vehicles.models import ConnectAttempt, Connection, Delivery, Parting, Vehicle
from vehicles.post import inbox
from vehicles.smartcar.resources import ConnectionSeen

log = logging.getLogger(__name__)

NEW = timedelta(days=2)  # later people have written services down on it, and it stays what it is


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


def sweep(*, now: datetime) -> int:
    """Cars that came under a new name and turn out, by their VIN, to be vehicles that this fleet had before.

    A new application at Smartcar names every car anew, and the VIN is only read after a car was taken in.
    """
    newcomers = Vehicle.objects.active().filter(enrolled_at__gte=now - NEW, smartcar_id__isnull=False).exclude(vin="")
    known = formers().filter(
        fleet_id=OuterRef("fleet_id"), vin=OuterRef("vin"), enrolled_at__lt=OuterRef("enrolled_at")
    )
    pairs = newcomers.filter(Exists(known)).order_by("pk").values_list("pk", flat=True)
    return sum(reunite(pk, now=now) for pk in pairs)


def formers() -> QuerySet[Vehicle]:
    """Vehicles that nothing connects any more, for whatever reason."""
    return Vehicle.objects.filter(Q(retired_at__isnull=False) | ~Q(connection__state=Connection.State.CONNECTED))


@transaction.atomic
def reunite(newcomer_pk: int, *, now: datetime) -> bool:
    """The vehicle of before takes over the name and the connection; what was made for the newcomer is retired."""
    newcomer = Vehicle.objects.active().select_for_update(of=("self",)).filter(pk=newcomer_pk).first()
    if newcomer is None or newcomer.smartcar_id is None:
        return False
    same = formers().filter(fleet_id=newcomer.fleet_id, vin=newcomer.vin, enrolled_at__lt=newcomer.enrolled_at)
    vehicle = same.select_for_update(of=("self",)).order_by("enrolled_at").first()
    if vehicle is None:
        return False
    came = {
        name: getattr(newcomer, name)
        for name in ("smartcar_id", "connection_id", "subscribed_at", "subscribe_after", "poll_after")
    }
    stub = {"smartcar_id": None, "connection_id": None, "vin": "", "retired_at": now}
    rest = dict.fromkeys(("subscribed_at", "subscribe_after", "poll_after"))
    Vehicle.objects.filter(pk=newcomer.pk).update(**stub, **rest, review_after=now)
    Vehicle.objects.filter(pk=vehicle.pk).update(**came, retired_at=None, lost_since=None, review_after=now)
    for attempt in ConnectAttempt.objects.filter(vehicles=newcomer):
        attempt.vehicles.remove(newcomer)
        attempt.vehicles.add(vehicle)
    told = Delivery.objects.filter(smartcar_id=came["smartcar_id"], received_at__gte=newcomer.enrolled_at)
    inbox.replay(told, now=now)
    log.info("vehicle %d is vehicle %d of before", newcomer.pk, vehicle.pk)
    return True
