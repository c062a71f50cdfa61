"""The one token with which the application speaks for every car."""

import threading
import time

import requests

from vehicles.smartcar.errors import SmartcarProblem, Unreadable
from vehicles.smartcar.wire import exchange

EARLY_SECONDS = 60
LIFETIME_SECONDS = 3600  # where Smartcar does not say
TIMEOUT_SECONDS = (5, 30)


class ApplicationToken:
    """Shared by all threads. Whoever finds it missing fetches it, the others wait for that one call."""

    def __init__(self, iam_origin: str, client_id: str, client_secret: str, session: requests.Session):
        self._url = f"{iam_origin.rstrip('/')}/oauth2/token"
        self._credentials = {"client_id": client_id, "client_secret": client_secret}
        self._session = session
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0
        self._failure: SmartcarProblem | None = None
        self._failed_at = 0.0

    def bearer(self) -> str:
        asked_at = time.monotonic()
        with self._lock:
            if self._token and time.monotonic() < self._good_until:
                return self._token
            # Those who waited while it failed share the failure instead of trying one after the other.
            if self._failure is not None and self._failed_at >= asked_at:
                raise self._failure
            try:
                self._fetch()
            except SmartcarProblem as problem:
                self._failure, self._failed_at = problem, time.monotonic()
                raise
            self._failure = None
            return self._token

    def forget(self, token: str) -> None:
        """Smartcar did not take this one. A newer one that another thread has fetched meanwhile is kept."""
        with self._lock:
            if self._token == token:
                self._token = ""

    def _fetch(self) -> None:
        form = {"grant_type": "client_credentials", **self._credentials}
        asked_at = time.monotonic()
        body = exchange(self._session, "POST", self._url, timeout=TIMEOUT_SECONDS, data=form)
        token, lasts = body.get("access_token"), body.get("expires_in")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
            raise Unreadable("a token answer without a token")
        if isinstance(lasts, bool) or not isinstance(lasts, int | float) or not 0 < lasts < 1e9:
            lasts = LIFETIME_SECONDS
        self._token = token
        self._good_until = asked_at + max(lasts - EARLY_SECONDS, lasts / 2)
