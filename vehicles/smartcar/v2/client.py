"""Smartcar's v2.0 over HTTP, for one grant. Every call may raise a SmartcarProblem."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

import requests

from vehicles.domain.measurements import Gap, Identity, Snapshot, Why
from vehicles.domain.signals import Signal
from vehicles.smartcar.client import Application, segment
from vehicles.smartcar.doubts import Doubt
from vehicles.smartcar.errors import NotThere, OurFault, SmartcarProblem, Unreadable
from vehicles.smartcar.payloads import read_identity
from vehicles.smartcar.texts import read_id
from vehicles.smartcar.v2.batch import paths_for, raise_if_shut, unanswered
from vehicles.smartcar.v2.items import Item, items_in, read_items
from vehicles.smartcar.v2.resources import read_count, read_ids
from vehicles.smartcar.values import vin_in
from vehicles.smartcar.wire import answer_to, read_object, session_of_thread

PAGE_SIZE = 50  # more is refused
PAGES_AT_MOST = 1_000


class SmartcarV2:
    """`bearer` gives the grant's access token, `distrust` hears of one that was not taken before its time was up.

    `spend` hears of every call before it is made, a batch counting each of its paths. `permitted` is what the owner
    consented to, if that is known; `without` names signals that are not worth a call.
    """

    def __init__(
        self,
        application: Application,
        bearer: Callable[[], str],
        *,
        spend: Callable[[int], None] = lambda calls: None,
        distrust: Callable[[str], None] | None = None,
        permitted: Collection[str] | None = None,
        without: Collection[Signal] = (Signal.LOCATION,),
        management_token: str = "",
        connect_seconds: float = 5,
        read_seconds: float = 310,
    ):
        self._base = f"{application.api_origin.rstrip('/')}/v2.0"
        self._bearer = bearer
        self._spend = spend
        self._distrust = distrust
        self._permitted = permitted
        self._without = frozenset(without)
        self._management_token = management_token
        self._timeout = (connect_seconds, read_seconds)

    def user_id(self) -> str:
        user_id = read_id(self._get("/user").get("id"))
        if not user_id:
            raise Unreadable("a user without an id")
        return user_id

    def vehicles(self) -> tuple[str, ...]:
        return self._list("/vehicles", "vehicles")

    def permissions(self, vehicle_id: str) -> tuple[str, ...]:
        return self._list(f"{_vehicle(vehicle_id)}/permissions", "permissions")

    def identity(self, vehicle_id: str) -> Identity:
        return read_identity(self._get(_vehicle(vehicle_id)))

    def vin(self, vehicle_id: str) -> str:
        answer = self._get(f"{_vehicle(vehicle_id)}/vin")
        try:
            return vin_in(answer.get("vin"))
        except Doubt as doubt:
            raise Unreadable(doubt.note) from None

    def read(self, vehicle_id: str, now: datetime) -> Snapshot:
        """All that one batch tells. What the owner did not consent to is a gap, and costs no call."""
        permitted = self.permissions(vehicle_id) if self._permitted is None else self._permitted
        asked, barred = paths_for(permitted, self._without)
        closed = tuple(Gap(signal, Why.NOT_PERMITTED, "the owner's consent does not cover it") for signal in barred)
        if not asked:
            return Snapshot(gaps=closed)
        items = self._batch(vehicle_id, asked)
        raise_if_shut(items, now)
        told = read_items(items, now=now)
        return replace(told, gaps=told.gaps + closed)

    def subscribe(self, webhook_id: str, vehicle_id: str) -> None:
        """From now on the webhook hears of the car. It already does: fine."""
        try:
            self._call("POST", f"{_vehicle(vehicle_id)}/webhooks/{segment(webhook_id)}")
        except SmartcarProblem as problem:
            if problem.status != 409 or problem.type == "VEHICLE_STATE":
                raise

    def unsubscribe(self, webhook_id: str, vehicle_id: str) -> None:
        """The one call that the application's management makes, not the owner's grant. Never subscribed: done."""
        if not self._management_token:
            raise OurFault("no management token to unsubscribe with")
        url = f"{self._base}{_vehicle(vehicle_id)}/webhooks/{segment(webhook_id)}"
        self._spend(1)
        with suppress(NotThere):
            self._send(self._management_token, "DELETE", url)

    def disconnect(self, connection_id: str, vehicle_id: str) -> None:
        """Give the grant on this car back. Already gone: done. v2 names no connections, so the car is enough."""
        with suppress(NotThere):
            self._call("DELETE", f"{_vehicle(vehicle_id)}/application")

    def _batch(self, vehicle_id: str, paths: list[str]) -> list[Item]:
        wanted = {"requests": [{"path": path} for path in paths]}
        answer = self._call("POST", f"{_vehicle(vehicle_id)}/batch", calls=len(paths), json=wanted)
        responses = read_object(answer).get("responses")
        if not isinstance(responses, list):
            raise Unreadable("a batch without responses")
        items = items_in(responses, around={"SC-Unit-System": answer.headers.get("SC-Unit-System")})
        return items + unanswered(paths, items)

    def _list(self, path: str, name: str) -> tuple[str, ...]:
        """All pages of a list of names. One that brings nothing new is the last."""
        found: tuple[str, ...] = ()
        for _ in range(PAGES_AT_MOST):
            query = urlencode({"limit": PAGE_SIZE, "offset": len(found)})
            page = self._get(f"{path}?{query}")
            if not isinstance(page.get(name), list):
                raise Unreadable("a list without entries")
            longer = tuple(dict.fromkeys(found + read_ids(page[name])))
            if len(longer) == len(found) or len(longer) >= read_count(page.get("paging")):
                return longer
            found = longer
        raise Unreadable("a list without an end")

    def _get(self, path: str) -> dict:
        return read_object(self._call("GET", path))

    def _call(self, method: str, path: str, *, calls: int = 1, json: dict | None = None) -> requests.Response:
        bearer = self._bearer()
        self._spend(calls)
        try:
            return self._send(bearer, method, self._base + path, json)
        except SmartcarProblem as problem:
            if problem.status != 401 or self._distrust is None:
                raise
        # Tokens may be withdrawn before their time; a fresh one is tried once.
        self._distrust(bearer)
        bearer = self._bearer()
        self._spend(calls)
        return self._send(bearer, method, self._base + path, json)

    def _send(self, bearer: str, method: str, url: str, json: dict | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {bearer}", "SC-Unit-System": "metric"}
        return answer_to(session_of_thread(), method, url, timeout=self._timeout, headers=headers, json=json)


def _vehicle(vehicle_id: str) -> str:
    return f"/vehicles/{segment(vehicle_id)}"
