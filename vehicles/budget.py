"""The calls Smartcar grants the whole application: 120, refilling 2 a minute, shared by all processes as one row."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vehicles.models import CallBucket
from vehicles.smartcar.errors import TryLater

CAPACITY = 120.0
PER_SECOND = 2 / 60
RESERVE = 20  # kept from polling, so that a new owner never waits for the fleet's housekeeping
NAME = "smartcar application"


def refilled(bucket: CallBucket, now: datetime) -> float:
    passed = max(0.0, (now - bucket.at).total_seconds())
    return min(CAPACITY, bucket.left + passed * PER_SECOND)


def spend(calls: int = 1) -> None:
    """Take calls out of the bucket, or raise TryLater with the time until there are enough again."""
    now = timezone.now()  # the client's doorstep: there is nobody above to hand the time in
    with transaction.atomic():
        CallBucket.objects.get_or_create(name=NAME, defaults={"left": CAPACITY, "at": now})
        bucket = CallBucket.objects.select_for_update().get(name=NAME)
        left = refilled(bucket, now)
        if left < calls:
            raise TryLater(timedelta(seconds=(calls - left) / PER_SECOND + 1), scope="app")
        bucket.left, bucket.at = left - calls, now
        bucket.save(update_fields=["left", "at"])


def left(now: datetime) -> float:
    """How many calls may be made right now."""
    bucket = CallBucket.objects.filter(name=NAME).first()
    return CAPACITY if bucket is None else refilled(bucket, now)


def drain(now: datetime) -> None:
    """Smartcar says that the bucket is empty, so it is, whatever we had counted."""
    CallBucket.objects.update_or_create(name=NAME, defaults={"left": 0.0, "at": now})
