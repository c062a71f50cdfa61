"""Settings become a client here: the only seam between Django and Smartcar."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings

from vehicles import budget
from vehicles.domain.measurements import Snapshot
from vehicles.models import Connection
from vehicles.smartcar.client import Application, Smartcar


class Line(Protocol):
    """What we do with one connection, whichever generation it speaks. Every call may raise a SmartcarProblem."""

    def read(self, vehicle_id: str, now: datetime) -> Snapshot: ...
    def subscribe(self, webhook_id: str, vehicle_id: str) -> None: ...
    def unsubscribe(self, webhook_id: str, vehicle_id: str) -> None: ...
    def disconnect(self, connection_id: str, vehicle_id: str) -> None: ...


@cache
def smartcar() -> Smartcar:
    """The client of this process, with origins and credentials from the settings. It counts every call it makes."""
    application = Application(
        application_id=settings.SMARTCAR_APPLICATION_ID,
        client_id=settings.SMARTCAR_CLIENT_ID,
        client_secret=settings.SMARTCAR_CLIENT_SECRET,
        connect_origin=settings.SMARTCAR_ORIGINS["connect"],
        iam_origin=settings.SMARTCAR_ORIGINS["iam"],
        vehicle_origin=settings.SMARTCAR_ORIGINS["vehicle"],
        management_v3_origin=settings.SMARTCAR_ORIGINS["management_v3"],
    )
    return Smartcar(application, spend=budget.spend)


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
    """How this connection is spoken with."""
    return LineV3(smartcar(), connection.user_id)


def is_set_up() -> bool:
    return bool(settings.SMARTCAR_CLIENT_ID)


def connect_url(*, state: str, external_id: str) -> str:
    """Where an owner consents; Connect sends the browser back to our own address."""
    back = f"{settings.PUBLIC_ORIGIN}/connect/back/"
    return smartcar().connect_url(state=state, external_id=external_id, redirect_uri=back, mode=settings.SMARTCAR_MODE)
