"""Application tokens by client credentials: an hour each, no refresh, forgotten at a restart."""

import hmac
import secrets
import threading
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox.answers import Problem, as_json
from vehicles.smartcar.sandbox.settings import Settings

LIFETIME_SECONDS = 3600


class Tokens:
    def __init__(self, settings: Settings, clock: Callable[[], float]):
        self._settings = settings
        self._clock = clock
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def issue(self, request: Request) -> Response:
        """POST /iam/oauth2/token, as a form or as JSON."""
        said = (request.get_json(silent=True) if request.is_json else request.form) or {}
        if not isinstance(said, dict) or said.get("grant_type") != "client_credentials":
            return _refusal(400, "invalid_request", "grant_type must be client_credentials")
        given = [str(said.get(name, "")) for name in ("client_id", "client_secret")]
        if not all(given):
            return _refusal(400, "invalid_request", "client_id and client_secret are required")
        expected = (self._settings.client_id, self._settings.client_secret)
        matches = [hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, expected, strict=True)]
        if not all(matches):
            return _refusal(401, "invalid_client", "client authentication failed")

        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._until = {key: until for key, until in self._until.items() if until > now}
            self._until[token] = now + LIFETIME_SECONDS
        response = as_json({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS})
        response.headers["Cache-Control"] = "no-store"
        return response

    def check(self, request: Request) -> None:
        """Raises unless the call carries a token that still lives."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self._until.get(token.strip(), 0) <= self._clock():
            raise Problem(401, "AUTHENTICATION", "UNAUTHORIZED", "The access token is missing, unknown or expired.")


def _refusal(status: int, error: str, description: str) -> Response:
    return as_json({"error": error, "error_description": description}, status)
