"""A rule was edited: the fleet is reviewed anew in the background, some vehicles at a time.

Only so many are rung for at once, so that what the cars say meanwhile never waits behind a large fleet.
"""

from datetime import datetime, timedelta

from django.db import transaction

from fleet.kit import clocks
from fleet.owners.models import Fleet
from maintenance.models import Recheck
from vehicles.models import Vehicle
from vehicles.waist import episodes

CHUNK = 2_000
LEASE = timedelta(seconds=30)
PAUSE = timedelta(seconds=1)
BATCH = 20
FOLDED = 100  # cars in one transaction


@transaction.atomic
def begin(fleet: Fleet, why: str, *, by_name: str, now: datetime, refolds: bool = False) -> Recheck:
    """One at a time for a fleet: a newer one goes over all vehicles, so that it takes the place of an older."""
    Fleet.objects.select_for_update().get(pk=fleet.pk)
    older = Recheck.objects.for_fleet(fleet).filter(over_at=None)
    refolds = refolds or older.filter(refolds=True).exists()
    older.update(over_at=now, look_after=None)
    cars = Vehicle.objects.for_fleet(fleet).active().count()
    counts = {"cars": cars, "ahead": cars, "left": cars}
    return Recheck.objects.create(
        fleet=fleet, why=why[:120], by_name=by_name, began_at=now, refolds=refolds, look_after=now, **counts
    )


def stop(fleet: Fleet, *, by_name: str, now: datetime) -> bool:
    """The vehicles that were not reached keep their verdicts until each is reviewed of itself, by its next reading.

    One that tells faults anew goes on: half of a fleet by other rules of what a fault is would be no state to be in.
    """
    going = Recheck.objects.for_fleet(fleet).filter(over_at=None, refolds=False)
    return going.update(over_at=now, look_after=None, stopped_by=by_name[:120]) > 0


def sweep(*, now: datetime, chunk: int = CHUNK) -> int:
    """Ring for the next vehicles of each, at most `chunk` waiting at once, and count how many are left."""
    waiting = Recheck.objects.filter(over_at=None)
    claimed = clocks.claim(waiting, "look_after", lease=LEASE, limit=BATCH, now=now)
    for recheck in claimed:
        clocks.wind(recheck, "look_after", go_on(recheck, now, chunk))
    return len(claimed)


def go_on(recheck: Recheck, now: datetime, chunk: int) -> datetime | None:
    """Returns when to look again; None when it is over."""
    cars = Vehicle.objects.for_fleet(recheck.fleet_id).active()
    waiting = cars.filter(review_after=recheck.began_at).count()
    if recheck.ahead and waiting < chunk:
        following = list(cars.filter(pk__gt=recheck.place).order_by("pk").values_list("pk", flat=True)[:chunk])
        for place in range(0, len(following) if recheck.refolds else 0, FOLDED):
            episodes.refold_those_with_any(following[place : place + FOLDED], now=now)
        Vehicle.objects.filter(pk__in=following).update(review_after=recheck.began_at)
        waiting += len(following)
        is_last = len(following) < chunk  # vehicles may have come and gone since they were counted
        recheck.ahead = 0 if is_last else max(1, recheck.ahead - len(following))
        recheck.place = following[-1] if following else recheck.place
    recheck.left = min(recheck.cars, recheck.ahead + waiting)
    over = not recheck.ahead and not waiting
    recheck.over_at = now if over else None
    Recheck.objects.filter(pk=recheck.pk, over_at=None).update(
        ahead=recheck.ahead, left=recheck.left, place=recheck.place, over_at=recheck.over_at
    )
    return None if over else now + PAUSE


def running(fleet: Fleet) -> Recheck | None:
    """The one under way, or the last one."""
    return Recheck.objects.for_fleet(fleet).order_by("-began_at").first()
