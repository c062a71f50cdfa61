"""Settings become a client here: the only seam between Django and Smartcar."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Protocol

from django.conf import settings
from django.utils import timezone

from vehicles.domain.measurements import Snapshot
from vehicles.domain.signals import Signal
from vehicles.line import budget, grants
from vehicles.line.credentials import application
from vehicles.models import Connection, Generation, Grant, Terms
from vehicles.smartcar import v2
from vehicles.smartcar.client import Smartcar
from vehicles.smartcar.mending import reauthenticate_url
from vehicles.smartcar.v2 import SmartcarV2
from vehicles.waist import capabilities


class Line(Protocol):
    """What we do with one connection, whichever generation it speaks. Every call may raise a SmartcarProblem."""

    def read(self, vehicle_id: str, now: datetime) -> Snapshot: ...
    def subscribe(self, webhook_id: str, vehicle_id: str) -> None: ...
    def unsubscribe(self, webhook_id: str, vehicle_id: str) -> None: ...
    def disconnect(self, connection_id: str, vehicle_id: str) -> None: ...


@cache
def smartcar() -> Smartcar:
    """The client of this process, with origins and credentials from the settings. It counts every call it makes."""
    return Smartcar(application(), spend=budget.spend)


@dataclass(frozen=True, slots=True)
class LineV3:
    """One application token for all; whose car it is travels as the user's id."""

    client: Smartcar
    user_id: str

    def read(self, vehicle_id: str, now: datetime) -> Snapshot:
        return self.client.signals(vehicle_id, self.user_id, now=now)

    def subscribe(self, webhook_id: str, vehicle_id: str) -> None:
        self.client.subscribe(webhook_id, self.user_id, vehicle_id)

    def unsubscribe(self, webhook_id: str, vehicle_id: str) -> None:
        self.client.unsubscribe(webhook_id, self.user_id, vehicle_id)

    def disconnect(self, connection_id: str, vehicle_id: str) -> None:
        self.client.disconnect(connection_id)


def line(connection: Connection) -> Line:
    """How this connection, saved or put together from what is left of one, is spoken with."""
    return by_v2(connection) if connection.generation == Generation.V2 else by_v3(connection)


def by_v3(connection: Connection) -> Line:
    return LineV3(smartcar(), connection.user_id)


def by_v2(connection: Connection) -> Line:
    """A batch pays for each of its paths: what is not kept, or not given by this car, is not asked for."""
    without = set() if Terms.of_id(connection.fleet_id).keeps_location else {Signal.LOCATION}
    if connection.pk is not None:
        without |= capabilities.hopeless(connection, now=timezone.now())
    return speaker(connection.grant, permitted=connection.permissions or None, without=without)


def speaker(grant: Grant | None, **about) -> SmartcarV2:
    """The v2 client on a grant. Its token is looked up anew for every call, and renewed when it is time."""
    return SmartcarV2(
        application(),
        partial(grants.bearer, grant),
        distrust=partial(grants.distrust, grant),
        spend=budget.spend,
        management_token=next(iter(settings.SMARTCAR_MANAGEMENT_TOKENS), ""),
        **about,
    )


def is_set_up() -> bool:
    return bool(settings.SMARTCAR_CLIENT_ID)


def speaks_v2() -> bool:
    return bool(settings.SMARTCAR_LEGACY_CLIENT_SECRET)


def way_back() -> str:
    """Our own address, to which Connect sends the browser."""
    return f"{settings.PUBLIC_ORIGIN}/connect/back/"


def connect_url(generation: str, *, state: str, external_id: str) -> str:
    """Where an owner consents."""
    about = {"state": state, "external_id": external_id, "redirect_uri": way_back(), "mode": settings.SMARTCAR_MODE}
    if generation == Generation.V2:
        return v2.connect_url(application(), **about)
    return smartcar().connect_url(**about)


def mend_url(connection: Connection, *, state: str, external_id: str) -> str:
    """Where an owner renews the sign-in at the maker, for a car that is known."""
    return reauthenticate_url(
        application(),
        vehicle_id=connection.car_id,
        redirect_uri=way_back(),
        state=state,
        external_id=external_id,
        given=connection.mend_url,
    )
