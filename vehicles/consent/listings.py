"""Smartcar's lists: how a page is fetched, what its entries mean to us, and what it means that one is missing."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import F, Q

from fleet.watch import alarms
from vehicles.consent import mending, parting
from vehicles.line import budget, gateway
from vehicles.line.credentials import application
from vehicles.models import ConnectAttempt, Connection, Generation, Parting, Vehicle
from vehicles.models.connection import PARTED, REVOKED
from vehicles.smartcar.resources import ConnectionSeen, SubscriptionSeen
from vehicles.smartcar.v2 import management
from vehicles.smartcar.v2.resources import ManagedConnection

log = logging.getLogger(__name__)

MISSES = 2
DAY = timedelta(days=1)
SILENT = timedelta(hours=36)
TOO_MANY = 20  # an empty list against so many connections is Smartcar's trouble, not theirs
LOST = "cars listed but not found"

Pair = tuple[str, str]  # user and vehicle


class Listing(Protocol):
    def page(self, cursor: str) -> tuple[list, str]: ...

    def take(self, rows: list, *, now: datetime) -> int:
        """Believe what is listed. How many nobody here knows."""

    def missing(self, listed: int, *, since: datetime, now: datetime) -> dict[str, int]:
        """The walk is whole: what it did not show. The result is told to the operator."""


def kinds() -> dict[str, Listing]:
    found = {"connections v3": ConnectionsV3(), "subscriptions": Subscriptions()}
    return found | ({"connections v2": ConnectionsV2()} if gateway.speaks_v2() else {})


class ConnectionsV3:
    generation = Generation.V3

    def page(self, cursor: str) -> tuple[list[ConnectionSeen], str]:
        return gateway.smartcar().connections_page(cursor, mode=settings.SMARTCAR_MODE)

    def take(self, rows: list, *, now: datetime) -> int:
        """Ours are listed. Whoever is listed and not ours is counted, and never taken in."""
        pairs = {(row.user_id, row.vehicle_id): row for row in rows}
        ours = of_pairs(pairs)
        for connection in ours:
            if connection.generation == self.generation:
                row = pairs[connection.user_id, connection.car_id]
                is_listed(connection, getattr(row, "permissions", ()), now)
        return len(pairs.keys() - {(one.user_id, one.car_id) for one in ours})

    def missing(self, listed: int, *, since: datetime, now: datetime) -> dict[str, int]:
        believed = Connection.objects.filter(generation=self.generation).exclude(state=Connection.State.DISCONNECTED)
        absent = believed.filter(Q(listed_at=None) | Q(listed_at__lt=since), consented_at__lt=since)
        if not listed and absent.count() >= TOO_MANY:
            log.error("the list of %s connections is empty; nobody is counted as missing", self.generation)
            return {"empty": absent.count()}
        pks = list(absent.values_list("pk", flat=True))
        Connection.objects.filter(pk__in=pks).update(misses=F("misses") + 1)
        gone = list(Connection.objects.filter(pk__in=pks, misses__gte=MISSES))
        for connection in gone:
            parting.lose(connection, REVOKED, now=now)
        return {"missed": len(pks) - len(gone), "gone": len(gone)}


class ConnectionsV2(ConnectionsV3):
    generation = Generation.V2

    def page(self, cursor: str) -> tuple[list[ManagedConnection], str]:
        budget.spend()
        token = next(iter(settings.SMARTCAR_MANAGEMENT_TOKENS), "")
        return management.connections_page(application(), token, cursor, mode=settings.SMARTCAR_MODE)


def of_pairs(pairs: dict[Pair, object]) -> list[Connection]:
    """Our connections of these users and cars, whatever their state and generation."""
    users, cars = {user for user, _ in pairs}, {car for _, car in pairs}
    rows = Connection.objects.filter(user_id__in=users).prefetch_related("vehicles")
    rows = rows.filter(Q(smartcar_id__in=cars) | Q(smartcar_id="", vehicles__smartcar_id__in=cars)).distinct()
    return [row for row in rows if (row.user_id, row.car_id) in pairs]


def is_listed(connection: Connection, permissions: tuple[str, ...], now: datetime) -> None:
    Connection.objects.filter(pk=connection.pk).update(listed_at=now, misses=0)
    if permissions and set(permissions) != set(connection.permissions):
        Connection.objects.filter(pk=connection.pk).update(permissions=list(permissions))
        Vehicle.objects.pollable().filter(connection=connection).update(poll_after=now)
    if connection.state != Connection.State.DISCONNECTED:
        return
    if connection.reason == REVOKED and connection.vehicles.active().exists():
        mending.take_up(connection, now)
    elif connection.reason == PARTED and not is_under_way(connection, now):
        parting.take_back(connection, Parting.What.DISCONNECT, connection.car_id, now)


def is_under_way(connection: Connection, now: datetime) -> bool:
    """Whether it is being taken back already, was yesterday, or the owner may just be coming back."""
    lately = Q(after__isnull=False) | Q(done_at__gte=now - DAY)
    partings = Parting.objects.filter(lately, user_id=connection.user_id, smartcar_id=connection.car_id)
    walks = ConnectAttempt.objects.filter(owner_id=connection.owner_id, began_at__gte=now - DAY)
    return partings.exists() or walks.exists()


class Subscriptions:
    def page(self, cursor: str) -> tuple[list[SubscriptionSeen], str]:
        return gateway.smartcar().subscriptions_page(settings.SMARTCAR_WEBHOOK_ID, cursor)

    def take(self, rows: list[SubscriptionSeen], *, now: datetime) -> int:
        """Deliveries for cars that we look after are as they should be; those for any other car are called off."""
        pairs = {(row.user_id, row.vehicle_id): row for row in rows}
        standing = [one for one in of_pairs(pairs) if one.state != Connection.State.DISCONNECTED]
        active = Vehicle.objects.active().filter(smartcar_id__in=[one.car_id for one in standing])
        cars = set(active.values_list("smartcar_id", flat=True))
        wanted = {(one.user_id, one.car_id) for one in standing if one.car_id in cars}
        active.filter(smartcar_id__in=[car for _, car in wanted]).update(subscription_listed_at=now)
        stray = pairs.keys() - wanted
        for user_id, car_id in stray:
            parting.call_off(user_id, car_id, now=now)
        return len(stray)

    def missing(self, listed: int, *, since: datetime, now: datetime) -> dict[str, int]:
        """Subscribe again what should be listed and is not. v2 has no list: there silence has to do."""
        unheard = Q(seen_by_webhook_at=None) | Q(seen_by_webhook_at__lt=now - SILENT)
        unlisted = Q(subscription_listed_at=None) | Q(subscription_listed_at__lt=since)
        settled = Vehicle.objects.pollable().filter(subscribe_after=None)
        v3 = settled.filter(unlisted, connection__generation=Generation.V3)
        v3 = v3.filter(Q(subscribed_at=None) | Q(subscribed_at__lt=since))
        v2 = settled.filter(unheard, connection__generation=Generation.V2)
        v2 = v2.filter(Q(subscribed_at=None) | Q(subscribed_at__lt=now - SILENT))
        again = v3.order_by().values("pk").union(v2.order_by().values("pk"))
        pks = [row["pk"] for row in again]
        return {"again": Vehicle.objects.filter(pk__in=pks).update(subscribed_at=None, subscribe_after=now)}


def alarm(*, now: datetime) -> None:
    """Listed as connected, answered as not there, for a day: nobody but Smartcar's support can mend it."""
    n = lost(now - DAY).count()
    words = (
        f"Smartcar lists {n} of our cars as connected, but has answered for a day that they do not exist." if n else ""
    )
    alarms.report(LOST, words and f"{words} They are kept. Ask Smartcar's support; the page below names them.", now=now)


def lost(before: datetime):
    """Cars that are connected, have been answered with 404 since before then, and were not heard of since."""
    unseen = Q(seen_at=None) | Q(seen_at__lt=F("lost_since"))
    return Vehicle.objects.pollable().filter(unseen, lost_since__lt=before, connection__misses=0)
