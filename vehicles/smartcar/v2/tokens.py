"""The tokens of v2: a code buys a pair, a refresh token buys the next. Every pair replaces both of the last."""

import json
from dataclasses import dataclass, field

from vehicles.smartcar.client import Application
from vehicles.smartcar.errors import NeedsOwner, Unreadable
from vehicles.smartcar.wire import problem_in, read_object, send, session_of_thread

LIFETIME_SECONDS = 7200  # where Smartcar does not say
TIMEOUT_SECONDS = (5, 20)


class GrantDead(NeedsOwner):
    """Smartcar takes this code or refresh token no more. It may have been used already: look for a newer pair first."""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Both change together. `expires_in` is the access token's, in seconds; nobody says when the other ends."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in: int


def exchange(application: Application, code: str, redirect_uri: str) -> TokenPair:
    """The redirect address must be the one that the owner's browser was sent out with."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    return _pair(_ask(application, form))


def refresh(application: Application, refresh_token: str) -> TokenPair:
    body = _ask(application, {"grant_type": "refresh_token", "refresh_token": refresh_token})
    # By the standard, no new one means that the old one goes on.
    return _pair({"refresh_token": refresh_token} | body)


def _ask(application: Application, form: dict) -> dict:
    url = f"{application.auth_origin.rstrip('/')}/oauth/token"
    secret = (application.application_id, application.legacy_client_secret)
    answer = send(session_of_thread(), "POST", url, timeout=TIMEOUT_SECONDS, data=form, auth=secret)
    if 200 <= answer.status_code < 300:
        return read_object(answer)
    if answer.status_code in (400, 401) and _oauth_error(answer.content) == "invalid_grant":
        raise GrantDead("GRANT_DEAD", "the grant is over", status=answer.status_code)
    raise problem_in(answer)


def _oauth_error(body: bytes) -> object:
    try:
        told = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return told.get("error") if isinstance(told, dict) else None


def _pair(body: dict) -> TokenPair:
    lasts = body.get("expires_in")
    if isinstance(lasts, bool) or not isinstance(lasts, int | float) or not 0 < lasts < 1e9:
        lasts = LIFETIME_SECONDS
    return TokenPair(_token(body.get("access_token")), _token(body.get("refresh_token")), int(lasts))


def _token(raw: object) -> str:
    if not isinstance(raw, str) or not raw.isascii() or not raw.isprintable() or not raw.strip():
        raise Unreadable("a token answer without a token")
    return raw
