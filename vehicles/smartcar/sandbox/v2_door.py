"""Who may ask v2 for what. Every call that is let in is taken out of the application's bucket."""

from werkzeug.wrappers import Request

from vehicles.smartcar.sandbox import credentials
from vehicles.smartcar.sandbox.v2_answers import Problem
from vehicles.smartcar.sandbox.v2_grants import Grant
from vehicles.smartcar.sandbox.world import World


class Door:
    def __init__(self, world: World):
        self._world = world

    def user(self, request: Request) -> Grant:
        """By the access token of a user."""
        grant = self._world.grants.holder(credentials.bearer(request))
        self._count(is_known=grant is not None)
        return grant

    def application(self, request: Request) -> None:
        """By the application's own id and legacy secret."""
        settings = self._world.settings
        self._count(is_known=credentials.is_basic(request, settings.application_id, settings.legacy_client_secret))

    def management(self, request: Request) -> None:
        """By a management token as Basic secret of "default"."""
        self._count(is_known=credentials.is_basic(request, "default", *self._world.settings.management_tokens))

    def management_bearer(self, request: Request) -> None:
        token = credentials.bearer(request)
        fits = [credentials.is_same(token, each) for each in self._world.settings.management_tokens]
        self._count(is_known=any(fits))

    def _count(self, *, is_known: bool) -> None:
        if not is_known:
            raise Problem("AUTHENTICATION")
        if not self._world.bucket.take():
            raise Problem("RATE_LIMIT", "SMARTCAR_API")
