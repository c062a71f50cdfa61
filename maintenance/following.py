"""What the news of a fleet and its people mean for plans and work."""

from datetime import datetime

from django.dispatch import receiver

from fleet.owners import news
from fleet.owners.models import Fleet, User
from maintenance.orders import leaving
from maintenance.plans import rechecks


@receiver(news.settled)
def reckon_anew(sender, *, fleet: Fleet, before: Fleet, by: User, now: datetime, **_) -> None:
    """Where a day begins at another moment, a service may fall due on another day."""
    if fleet.time_zone != before.time_zone:
        rechecks.begin(fleet, "another time zone", by_name=str(by), now=now)


@receiver(news.parted)
def free_work(sender, *, fleet: Fleet, user: User, by: User, now: datetime, **_) -> None:
    leaving.free(fleet, user, by=by, now=now)
