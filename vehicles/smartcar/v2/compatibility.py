"""Whether a car could be connected at all, and what it would tell."""

from collections.abc import Iterable
from urllib.parse import urlencode

from vehicles.smartcar.client import Application
from vehicles.smartcar.payloads import SCOPES
from vehicles.smartcar.v2.resources import Compatibility, ModelSeen, read_compatibility, read_matrix
from vehicles.smartcar.wire import exchange, session_of_thread

TIMEOUT_SECONDS = (5, 60)


def by_vin(application: Application, vin: str, *, scope: Iterable[str] = SCOPES, country: str = "US") -> Compatibility:
    """Smartcar knows the VINs of the United States only, and answers to some plans only."""
    return read_compatibility(_ask(application, "", {"vin": vin, "scope": " ".join(scope), "country": country}))


def matrix(
    application: Application, region: str, *, make: str = "", powertrain: str = "", scope: Iterable[str] = ()
) -> tuple[ModelSeen, ...]:
    """The models of a region: US, CA or EUROPE."""
    query = {"region": region, "make": make, "type": powertrain, "scope": " ".join(scope)}
    return read_matrix(_ask(application, "/matrix", {name: value for name, value in query.items() if value}))


def _ask(application: Application, path: str, query: dict) -> dict:
    url = f"{application.api_origin.rstrip('/')}/v2.0/compatibility{path}?{urlencode(query)}"
    secret = (application.application_id, application.legacy_client_secret)
    return exchange(session_of_thread(), "GET", url, timeout=TIMEOUT_SECONDS, auth=secret)
