"""Who we are at Smartcar, from the settings."""

from django.conf import settings

from vehicles.smartcar.client import Application


def application() -> Application:
    return Application(
        application_id=settings.SMARTCAR_APPLICATION_ID,
        client_id=settings.SMARTCAR_CLIENT_ID,
        client_secret=settings.SMARTCAR_CLIENT_SECRET,
        legacy_client_secret=settings.SMARTCAR_LEGACY_CLIENT_SECRET,
        **{f"{host}_origin": origin for host, origin in settings.SMARTCAR_ORIGINS.items()},
    )
