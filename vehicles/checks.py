"""What looks wrong in the settings and may be right all the same: said at the start, refused nowhere."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register
def client_id_is_of_v3(app_configs, **told) -> list[Warning]:
    """Every id of v3 credentials seen so far begins with client_, but nobody has promised it."""
    client_id = settings.SMARTCAR_CLIENT_ID
    if not client_id or client_id.startswith("client_"):
        return []
    return [
        Warning(
            "SMARTCAR_CLIENT_ID does not begin with client_.",
            hint="It belongs to the v3 API credentials in the dashboard; it is not the application's id.",
            id="vehicles.W001",
        )
    ]


@register(Tags.security, deploy=True)
def push_has_a_key(app_configs, **told) -> list[Warning]:
    """Without it everything works but notices on the screens of phones, and nobody would know why."""
    if settings.VAPID_KEY:
        return []
    hint = "32 random bytes in URL-safe base64, kept for ever. Without it Settings says that push is not set up."
    return [Warning("VAPID_KEY is not set, so no device can be turned on for notices.", hint=hint, id="vehicles.W002")]
