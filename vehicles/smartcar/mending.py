"""Where an owner mends a consent that is there already: Connect's re-authentication of one known vehicle."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from vehicles.smartcar.client import Application


def reauthenticate_url(
    application: Application, *, vehicle_id: str, redirect_uri: str, state: str, external_id: str, given: str = ""
) -> str:
    """`given` is the half-built address out of an error. What it adds is kept, if it is Connect's and about our car."""
    ours = {
        "response_type": "vehicle_id",
        "client_id": application.application_id,
        "vehicle_id": vehicle_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "external_id": external_id,
    }
    home = f"{application.connect_origin.rstrip('/')}/oauth/reauthenticate"
    return f"{home}?{urlencode(_added(given, home, vehicle_id) | ours, quote_via=quote)}"


def lone_url(application: Application, *, vehicle_id: str, external_id: str) -> str:
    """For an owner on their own, without us: it ends on a page of Smartcar's, and nothing comes back to our address."""
    query = {
        "response_type": "none",
        "client_id": application.application_id,
        "vehicle_id": vehicle_id,
        "external_id": external_id,
    }
    return f"{application.connect_origin.rstrip('/')}/oauth/reauthenticate?{urlencode(query, quote_via=quote)}"


def _added(given: str, home: str, vehicle_id: str) -> dict[str, str]:
    """The query of an address that leads exactly where ours does."""
    try:
        there = urlsplit(given)
        told = dict(parse_qsl(there.query))
    except ValueError:
        return {}
    if f"{there.scheme}://{there.netloc}{there.path}" != home or told.get("vehicle_id", vehicle_id) != vehicle_id:
        return {}
    return told
