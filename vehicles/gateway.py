"""Settings become a client here: the only seam between Django and Smartcar."""

from functools import cache

from django.conf import settings

from vehicles import budget
from vehicles.smartcar.client import Application, Smartcar


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


def is_set_up() -> bool:
    return bool(settings.SMARTCAR_CLIENT_ID)


def connect_url(*, state: str, external_id: str) -> str:
    """Where an owner consents; Connect sends the browser back to our own address."""
    back = f"{settings.PUBLIC_ORIGIN}/connect/back/"
    return smartcar().connect_url(state=state, external_id=external_id, redirect_uri=back, mode=settings.SMARTCAR_MODE)
