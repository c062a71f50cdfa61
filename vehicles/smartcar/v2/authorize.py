"""Where an owner consents in v2: the browser comes back with a code, which buys the tokens."""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from vehicles.smartcar.client import Application
from vehicles.smartcar.payloads import SCOPES


def connect_url(
    application: Application,
    *,
    state: str,
    external_id: str,
    redirect_uri: str,
    scope: Iterable[str] = SCOPES,
    mode: str = "live",
) -> str:
    query = {
        "response_type": "code",
        "client_id": application.application_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scope),
        "mode": mode,
        "state": state,
        "external_id": external_id,
    }
    return f"{application.connect_origin.rstrip('/')}/oauth/authorize?{urlencode(query, quote_via=quote)}"
