"""Smartcar's v3 over HTTP: connections, vehicles, signals and subscriptions. Every call may raise a SmartcarProblem."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode, urljoin, urlsplit

from vehicles.domain.measurements import Identity, Snapshot
from vehicles.smartcar.auth import ApplicationToken
from vehicles.smartcar.errors import NotThere, OurFault, SmartcarProblem, Unreadable
from vehicles.smartcar.payloads import SCOPES, read_identity, read_signals
from vehicles.smartcar.resources import ConnectionSeen, SubscriptionSeen, read_connection, read_subscription
from vehicles.smartcar.wire import exchange, new_session, session_of_thread

PAGE_SIZE = 100  # every page is a call, and calls are what is short
PAGES_AT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Application:
    """Who we are at Smartcar, and where Smartcar is. In v2 we are the application's id and the legacy secret."""

    application_id: str
    client_id: str
    client_secret: str = field(repr=False)
    legacy_client_secret: str = field(default="", repr=False)
    connect_origin: str = "https://connect.smartcar.com"
    auth_origin: str = "https://auth.smartcar.com"
    iam_origin: str = "https://iam.smartcar.com"
    api_origin: str = "https://api.smartcar.com"
    vehicle_origin: str = "https://vehicle.api.smartcar.com"
    management_origin: str = "https://management.smartcar.com"
    management_v3_origin: str = "https://management.api.smartcar.com"


class Smartcar:
    """`spend` hears of every call before it is made, and may refuse it by raising TryLater. Threads may share this."""

    def __init__(
        self,
        application: Application,
        *,
        spend: Callable[[int], None] = lambda calls: None,
        connect_seconds: float = 5,
        read_seconds: float = 310,
    ):
        self._application = application
        self._vehicle_base = f"{application.vehicle_origin.rstrip('/')}/v3"
        self._management_base = f"{application.management_v3_origin.rstrip('/')}/v3"
        self._spend = spend
        self._timeout = (connect_seconds, read_seconds)
        self._token = ApplicationToken(
            application.iam_origin, application.client_id, application.client_secret, new_session()
        )

    def connect_url(
        self, state: str, external_id: str, redirect_uri: str, scope: Iterable[str] = SCOPES, mode: str = "live"
    ) -> str:
        """Where the owner's browser goes to consent. `none`: v3 needs no code, the connection itself is the grant."""
        query = {
            "response_type": "none",
            "application_id": self._application.application_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scope),
            "mode": mode,
            "state": state,
            "external_id": external_id,
        }
        return f"{self._application.connect_origin.rstrip('/')}/oauth/authorize?{urlencode(query, quote_via=quote)}"

    def connections(
        self, external_id: str | None = None, user_id: str | None = None, mode: str | None = None
    ) -> list[ConnectionSeen]:
        """All of them, or those of one owner. Without a mode Smartcar shows the live ones only."""
        filters = {"user.externalId": external_id, "userId": user_id, "vehicle.mode": mode}
        pages = self._pages(self._vehicle_base, "/connections", filters)
        return [seen for page in pages for raw in page["data"] if (seen := read_connection(raw))]

    def connections_page(self, cursor: str = "", *, mode: str | None = None) -> tuple[list[ConnectionSeen], str]:
        """One page of all of them, and the cursor of the next; "" is before the first and after the last."""
        data, cursor = self._one_page(self._vehicle_base, "/connections", {"vehicle.mode": mode}, cursor)
        return [seen for raw in data if (seen := read_connection(raw))], cursor

    def subscriptions_page(self, webhook_id: str, cursor: str = "") -> tuple[list[SubscriptionSeen], str]:
        """One page of the webhook's, and the cursor of the next."""
        data, cursor = self._one_page(self._management_base, "/subscriptions", {"webhookId": webhook_id}, cursor)
        found = [seen for raw in data if (seen := read_subscription(raw))]
        return [seen for seen in found if seen.webhook_id == webhook_id], cursor

    def signals(self, vehicle_id: str, user_id: str, now: datetime) -> Snapshot:
        """All that Smartcar knows of the car. Empty is no failure: nothing may have been fetched yet."""
        raw_signals: list = []
        identity = None
        for page in self._pages(self._vehicle_base, f"/vehicles/{segment(vehicle_id)}/signals", {}, user_id):
            raw_signals += page["data"]
            included = page.get("included")
            if identity is None and isinstance(included, dict) and isinstance(included.get("vehicle"), dict):
                identity = read_identity(included["vehicle"])
        return read_signals(raw_signals, now=now, identity=identity)

    def vehicle(self, vehicle_id: str) -> Identity:
        body = self._call("GET", f"{self._vehicle_base}/vehicles/{segment(vehicle_id)}")
        return read_identity(body.get("data") or body)

    def subscribe(self, webhook_id: str, user_id: str, vehicle_id: str) -> None:
        """From now on the webhook hears of the car. It already does: fine."""
        wanted = {"webhookId": webhook_id, "userId": user_id, "vehicleId": vehicle_id}
        try:
            self._call("POST", f"{self._management_base}/subscriptions", json={"data": {"attributes": wanted}})
        except SmartcarProblem as problem:
            if problem.status != 409:
                raise

    def unsubscribe(self, webhook_id: str, user_id: str, vehicle_id: str) -> None:
        for seen in self.subscriptions(webhook_id, user_id, vehicle_id):
            self._delete(f"{self._management_base}/subscriptions/{segment(seen.id)}")

    def subscriptions(
        self, webhook_id: str | None = None, user_id: str | None = None, vehicle_id: str | None = None
    ) -> list[SubscriptionSeen]:
        wanted = {"webhookId": webhook_id, "userId": user_id, "vehicleId": vehicle_id}
        pages = self._pages(self._management_base, "/subscriptions", wanted)
        found = [seen for page in pages for raw in page["data"] if (seen := read_subscription(raw))]
        # Looked at again here: a filter that Smartcar does not know is passed over, and we delete what we find.
        return [
            seen
            for seen in found
            if webhook_id in (None, seen.webhook_id)
            and user_id in (None, seen.user_id)
            and vehicle_id in (None, seen.vehicle_id)
        ]

    def disconnect(self, connection_id: str) -> None:
        """Give the grant back. Already gone: done."""
        self._delete(f"{self._vehicle_base}/connections/{segment(connection_id)}")

    def _delete(self, url: str) -> None:
        try:
            self._call("DELETE", url)
        except NotThere:
            return

    def _pages(self, base: str, path: str, filters: dict, user_id: str | None = None) -> Iterator[dict]:
        url = _first_url(base, path, filters)
        seen = set()
        while url and url not in seen:
            if len(seen) == PAGES_AT_MOST:
                raise Unreadable("a list without an end")
            seen.add(url)
            page, url = self._page(base, url, user_id)
            yield page

    def _one_page(self, base: str, path: str, filters: dict, cursor: str) -> tuple[list, str]:
        url = _next_url(base, base, cursor) or _first_url(base, path, filters)
        page, following = self._page(base, url)
        return page["data"], following if following != url else ""

    def _page(self, base: str, url: str, user_id: str | None = None) -> tuple[dict, str]:
        """What stands there, and where the next page is."""
        page = self._call("GET", url, user_id=user_id)
        if not isinstance(page.get("data"), list):
            raise Unreadable("a list without data")
        links = page.get("links")
        return page, _next_url(base, url, links.get("next") if isinstance(links, dict) else None)

    def _call(self, method: str, url: str, *, user_id: str | None = None, json: dict | None = None) -> dict:
        bearer = self._token.bearer()
        try:
            return self._call_as(bearer, method, url, user_id, json)
        except SmartcarProblem as problem:
            if problem.status != 401:
                raise
        # Tokens may be withdrawn before their time; a fresh one is tried once.
        self._token.forget(bearer)
        return self._call_as(self._token.bearer(), method, url, user_id, json)

    def _call_as(self, bearer: str, method: str, url: str, user_id: str | None, json: dict | None) -> dict:
        headers = {"Authorization": f"Bearer {bearer}"}
        if user_id is not None:
            headers["sc-user-id"] = user_id
        self._spend(1)
        return exchange(session_of_thread(), method, url, timeout=self._timeout, headers=headers, json=json)


def segment(opaque_id: str) -> str:
    """An id as a part of an address."""
    if opaque_id in {"", ".", ".."}:
        raise OurFault("an id that is none")
    return quote(opaque_id, safe="")


def _first_url(base: str, path: str, filters: dict) -> str:
    query = {f"filter[{name}]": value for name, value in filters.items() if value is not None}
    return f"{base}{path}?{urlencode(query | {'page[size]': PAGE_SIZE})}"


def _next_url(base: str, current: str, link: object) -> str:
    """The next page, "" after the last. Links are whole, or begin after the host, or after the version."""
    if not isinstance(link, str) or not link:
        return ""
    home = urlsplit(base)
    try:
        parts = urlsplit(link)
        if not parts.netloc and link.startswith("/"):
            inside = next((p for p in (home.path, "/v3") if link.startswith(f"{p}/")), "")
            link = base + link.removeprefix(inside)
        url = urljoin(current, link)
        there = urlsplit(url)
    except ValueError:
        raise Unreadable("a link that is none") from None
    # The token travels along: nowhere but to where it belongs.
    if (there.scheme, there.netloc) != (home.scheme, home.netloc) or not there.path.startswith(f"{home.path}/"):
        raise Unreadable("a link that leads elsewhere")
    return url
