"""Application tokens by client credentials: an hour each, no refresh, forgotten at a restart."""

import secrets
import threading
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox.answers import Problem, as_json
from vehicles.smartcar.sandbox.credentials import bearer, is_same
from vehicles.smartcar.sandbox.settings import Settings
from vehicles.smartcar.sandbox.v2_grants import Grant, Grants

LIFETIME_SECONDS = 3600


class Tokens:
    def __init__(self, settings: Settings, clock: Callable[[], float], grants: Grants):
        self._settings = settings
        self._clock = clock
        self._grants = grants
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def issue(self, request: Request) -> Response:
        """POST /iam/oauth2/token, as a form or as JSON."""
        said = (request.get_json(silent=True) if request.is_json else request.form) or {}
        if not isinstance(said, dict) or said.get("grant_type") != "client_credentials":
            return refusal(400, "invalid_request", "grant_type must be client_credentials")
        given = [str(said.get(name, "")) for name in ("client_id", "client_secret")]
        if not all(given):
            return refusal(400, "invalid_request", "client_id and client_secret are required")
        expected = (self._settings.client_id, self._settings.client_secret)
        if not all([is_same(*pair) for pair in zip(given, expected, strict=True)]):
            return refusal(401, "invalid_client", "client authentication failed")

        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._until = {key: until for key, until in self._until.items() if until > now}
            self._until[token] = now + LIFETIME_SECONDS
        response = as_json({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS})
        response.headers["Cache-Control"] = "no-store"
        return response

    def check(self, request: Request) -> None:
        """Raises unless the call carries a token that still lives.

        The token of a v2 user is taken too, for reading the cars of that user: so the SDKs go about v3.
        """
        token = bearer(request)
        if self._until.get(token, 0) > self._clock():
            return
        grant = self._grants.holder(token)
        if grant is None or request.method != "GET" or not _is_about(request.path, grant):
            raise Problem(401, "AUTHENTICATION", "UNAUTHORIZED", "The access token is missing, unknown or expired.")
        request.environ["HTTP_SC_USER_ID"] = grant.user_id


def _is_about(path: str, grant: Grant) -> bool:
    _, host, _, what, vehicle_id, *_ = [*path.split("/"), "", "", "", ""]
    return (host, what) == ("vehicle", "vehicles") and grant.row(vehicle_id) is not None


def refusal(status: int, error: str, description: str) -> Response:
    return as_json({"error": error, "error_description": description}, status)
