"""Consents as the application's management sees them, with its own token in place of an owner's."""

from urllib.parse import urlencode

from vehicles.smartcar.client import Application
from vehicles.smartcar.errors import NotThere, OurFault, Unreadable
from vehicles.smartcar.v2.resources import ManagedConnection, read_cursor, read_managed
from vehicles.smartcar.wire import exchange, session_of_thread

PAGE_SIZE = 100
PAGES_AT_MOST = 1_000
TIMEOUT_SECONDS = (5, 60)


def connections(
    application: Application,
    management_token: str,
    *,
    user_id: str | None = None,
    vehicle_id: str | None = None,
    mode: str | None = None,
) -> list[ManagedConnection]:
    """All of them, or those of one user or one car, over all pages."""
    filters = {"user_id": user_id, "vehicle_id": vehicle_id, "mode": mode}
    found: list[ManagedConnection] = []
    cursors = [""]
    while True:
        page, cursor = connections_page(application, management_token, cursors[-1], **filters)
        found += page
        if not cursor or cursor in cursors:
            # Looked at again here: a filter that Smartcar does not know is passed over.
            return [c for c in found if user_id in (None, c.user_id) and vehicle_id in (None, c.vehicle_id)]
        if len(cursors) == PAGES_AT_MOST:
            raise Unreadable("a list without an end")
        cursors.append(cursor)


def connections_page(
    application: Application, management_token: str, cursor: str = "", **filters: str | None
) -> tuple[list[ManagedConnection], str]:
    """One page, and the cursor of the next; "" is before the first and after the last."""
    query = _told(filters) | {"limit": PAGE_SIZE} | _told({"cursor": cursor})
    page = _ask(application, management_token, "GET", query)
    if not isinstance(page.get("connections"), list):
        raise Unreadable("a list without connections")
    return read_managed(page["connections"]), read_cursor(page.get("paging"))


def disconnect(
    application: Application, management_token: str, *, user_id: str | None = None, vehicle_id: str | None = None
) -> list[ManagedConnection]:
    """Take consents back without a grant's tokens, and tell which. None there: done."""
    filters = _told({"user_id": user_id, "vehicle_id": vehicle_id})
    if not filters:
        raise OurFault("nobody named to disconnect")  # it would be everybody
    try:
        body = _ask(application, management_token, "DELETE", filters)
    except NotThere:
        return []
    return read_managed(body.get("connections"))


def _ask(application: Application, management_token: str, method: str, query: dict) -> dict:
    if not management_token:
        raise OurFault("no management token")
    url = f"{application.management_origin.rstrip('/')}/v2.0/management/connections?{urlencode(query)}"
    return exchange(session_of_thread(), method, url, timeout=TIMEOUT_SECONDS, auth=("default", management_token))


def _told(filters: dict) -> dict:
    return {name: value for name, value in filters.items() if value}
