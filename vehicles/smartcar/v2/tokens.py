"""The tokens of v2: a code buys a pair, a refresh token buys the next. Every pair replaces both of the last."""

from dataclasses import dataclass, field

from vehicles.smartcar.client import Application
from vehicles.smartcar.errors import NeedsOwner, Unreadable
from vehicles.smartcar.texts import parsed
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
    return read_pair(_ask(application, form))


def refresh(application: Application, refresh_token: str) -> TokenPair:
    body = _ask(application, {"grant_type": "refresh_token", "refresh_token": refresh_token})
    # By the standard, no new one means that the old one goes on.
    return read_pair({"refresh_token": refresh_token} | body)


def _ask(application: Application, form: dict) -> dict:
    url = f"{application.auth_origin.rstrip('/')}/oauth/token"
    secret = (application.application_id, application.legacy_client_secret)
    answer = send(session_of_thread(), "POST", url, timeout=TIMEOUT_SECONDS, data=form, auth=secret)
    if 200 <= answer.status_code < 300:
        return read_object(answer)
    if answer.status_code in (400, 401) and oauth_error(answer.content) == "invalid_grant":
        raise GrantDead("GRANT_DEAD", "the grant is over", status=answer.status_code)
    raise problem_in(answer)


def oauth_error(body: bytes) -> object:
    """Their word for what went wrong, in the language of OAuth; None where it is another."""
    try:
        told = parsed(body)
    except (ValueError, RecursionError):
        return None
    return told.get("error") if isinstance(told, dict) else None


def read_pair(body: dict) -> TokenPair:
    """Raises Unreadable unless both are there: half a pair would be the end of the grant."""
    lasts = body.get("expires_in")
    if isinstance(lasts, bool) or not isinstance(lasts, int | float) or not 0 < lasts < 1e9:
        lasts = LIFETIME_SECONDS
    return TokenPair(_token(body.get("access_token")), _token(body.get("refresh_token")), int(lasts))


def _token(raw: object) -> str:
    if not isinstance(raw, str) or not raw.isascii() or not raw.isprintable() or not raw.strip():
        raise Unreadable("a token answer without a token")
    return raw
