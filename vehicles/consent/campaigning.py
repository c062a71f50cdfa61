"""A campaign: all owners of one make that have to reconnect are asked in one go, each by a letter and by a list."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Upper

from fleet.kit import clocks, mail
from fleet.owners.models import Fleet, User
from vehicles.consent import campaign_letters
from vehicles.models import Appeal, Campaign, Connection, Vehicle

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
BATCH = 15  # with a mail server that hangs they end within the lease
LADDER = tuple(timedelta(minutes=m) for m in (1, 10, 60, 360, 1_440))
MANY, SHARE = 3, 0.2  # so many cars of one make, and such a share of them, within a day: that is the maker
WITHIN = timedelta(days=1)


def needing(fleet: Fleet) -> QuerySet[Vehicle]:
    """The cars that only their owner can bring back."""
    return Vehicle.objects.for_fleet(fleet).active().filter(connection__state=Connection.State.NEEDS_OWNER)


def suggestions(fleet: Fleet, *, now: datetime) -> dict[str, int]:
    """Makes of which many cars fell silent for want of their owner within a day, with how many."""
    failed = by_make(needing(fleet).filter(connection__state_since__gte=now - WITHIN))
    failed = {make: n for make, n in failed.items() if n >= MANY}
    if not failed:
        return {}
    cars = Vehicle.objects.for_fleet(fleet).active().exclude(connection=None)
    of_all = by_make(cars.annotate(upper=Upper("make")).filter(upper__in=failed))
    many = {make: n for make, n in failed.items() if n >= SHARE * of_all[make]}
    open_ones = Campaign.objects.for_fleet(fleet).filter(state=Campaign.State.OPEN)
    asked = set(open_ones.values_list("make", flat=True))
    return {make: n for make, n in sorted(many.items()) if make not in asked}


def by_make(vehicles: QuerySet[Vehicle]) -> dict[str, int]:
    """How many of each make, which the makers write one way and another."""
    made = vehicles.exclude(make="").annotate(upper=Upper("make"))
    return dict(made.values_list("upper").annotate(n=Count("pk")).order_by("upper"))


@transaction.atomic
def begin(fleet: Fleet, *, make: str, reason: str, by: User, now: datetime) -> Campaign | None:
    """Ask every owner of this make whose cars need it. None where nobody does, or they are being asked already."""
    make = make.upper()
    cars = list(needing(fleet).filter(make__iexact=make).select_related("connection__owner"))
    under_way = Campaign.objects.for_fleet(fleet).filter(make=make, state=Campaign.State.OPEN)
    if not cars or under_way.exists():
        return None
    campaign = Campaign.objects.create(fleet=fleet, make=make, reason=reason, by=by, began_at=now)
    of_owner = defaultdict(list)
    for car in cars:
        of_owner[car.connection.owner].append(car)
    for owner, theirs in of_owner.items():
        appeal = Appeal.objects.create(campaign=campaign, owner=owner, mail_after=now if owner.email else None)
        appeal.vehicles.set(theirs)
    return campaign


@transaction.atomic
def end(campaign: Campaign, state: str, *, now: datetime) -> bool:
    """No letter leaves any more. Cars that are still away stay on the connections page."""
    ended = Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.OPEN).update(state=state, ended_at=now)
    Appeal.objects.filter(campaign=campaign).update(mail_after=None)
    return ended == 1


def write_again(appeal: Appeal, *, now: datetime) -> bool:
    """Another letter to an owner who has not come back. An hour apart at least: a click is not a reason."""
    if not appeal.owner.email or (appeal.mailed_at and now - appeal.mailed_at < timedelta(hours=1)):
        return False
    asked = Appeal.objects.filter(pk=appeal.pk, campaign__state=Campaign.State.OPEN, mail_after=None)
    return asked.update(mail_after=now, attempts=0, error="") == 1


def sweep(*, now: datetime) -> int:
    """Send the letters whose time has come."""
    waiting = Appeal.objects.select_related("owner", "campaign__fleet", "campaign__by")
    waiting = waiting.filter(mail_after__isnull=False, campaign__state=Campaign.State.OPEN)
    rows = clocks.claim(waiting, "mail_after", lease=LEASE, limit=BATCH, now=now, attempts="attempts")
    for appeal in rows:
        try:
            send(appeal, now)
        except Exception as error:  # one owner's letter must not hold up the others
            log.exception("appeal %d put back", appeal.pk)
            put_back(appeal, type(error).__name__, now)
    return len(rows)


def send(appeal: Appeal, now: datetime) -> None:
    away = [car for car in appeal.vehicles.active().select_related("connection__grant") if not is_back(car)]
    if not away:
        clocks.wind(appeal, "mail_after", None)
        return
    letter = campaign_letters.write(appeal, away)
    message_id = f"<appeal-{appeal.pk}-{int(now.timestamp()) // 86_400}@{mail.domain(settings.PUBLIC_ORIGIN)}>"
    reply_to = appeal.campaign.by.email if appeal.campaign.by else ""
    try:
        mail.send(appeal.owner.email, letter, message_id=message_id, reply_to=reply_to)
    except mail.Refused:
        Appeal.objects.filter(pk=appeal.pk).update(error="the address is refused")
        clocks.wind(appeal, "mail_after", None)
    except mail.NotNow as error:
        put_back(appeal, str(error), now)
    else:
        Appeal.objects.filter(pk=appeal.pk).update(mailed_at=now, error="")
        clocks.wind(appeal, "mail_after", None)


def put_back(appeal: Appeal, why: str, now: datetime) -> None:
    Appeal.objects.filter(pk=appeal.pk).update(error=why[:200])
    is_over = appeal.attempts > len(LADDER)
    clocks.wind(appeal, "mail_after", None if is_over else now + LADDER[appeal.attempts - 1])


def is_back(vehicle: Vehicle) -> bool:
    return vehicle.connection is not None and vehicle.connection.state == Connection.State.CONNECTED
