import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.vehicles.smartcar.bodies import NOW, polled
from tests.vehicles.smartcar.far_end import client, page
from vehicles.domain.signals import Signal
from vehicles.smartcar.client import Application, Smartcar
from vehicles.smartcar.errors import NeedsOwner, NotThere, OurFault, TryLater, Unreadable

SIGNALS = "GET /vehicle/v3/vehicles/car-1/signals"
CONNECTIONS = "GET /vehicle/v3/connections"


def connection(number, **user):
    return {
        "id": f"connection-{number}",
        "attributes": {"permissions": ["read_odometer"], "vehicle": {"make": "FORD"}} | user,
        "relationships": {"vehicle": {"data": {"id": f"car-{number}"}}, "user": {"data": {"id": "user-1"}}},
    }


def test_the_owner_is_sent_to_connect(there):
    url = urlsplit(client(there).connect_url("state 1", "owner-1", "http://localhost/back/", ["read_vin", "read_fuel"]))
    assert url.path == "/connect/oauth/authorize"
    assert parse_qs(url.query) == {
        "response_type": ["none"],
        "application_id": ["app-1"],
        "redirect_uri": ["http://localhost/back/"],
        "scope": ["read_vin read_fuel"],
        "mode": ["live"],
        "state": ["state 1"],
        "external_id": ["owner-1"],
    }


@pytest.mark.parametrize(
    "link",
    [
        "{origin}/vehicle/v3/connections?page[number]=2",
        "/vehicle/v3/connections?page[number]=2",
        "/v3/connections?page[number]=2",
        "/connections?page=2&pageSize=10",
        "?page=2",
    ],
)
def test_every_page_is_read_however_it_is_linked(there, link):
    there.will(CONNECTIONS, 200, page(connection(1, externalId="owner-1"), next=link.format(origin=there.origin)))
    there.will(CONNECTIONS, 200, page(connection(2), {"id": "broken"}, next=None))
    found = client(there).connections(external_id="owner-1", mode="simulated")
    assert [(seen.id, seen.vehicle_id, seen.external_id) for seen in found] == [
        ("connection-1", "car-1", "owner-1"),
        ("connection-2", "car-2", None),
    ]
    asked = f"{CONNECTIONS}?filter[user.externalId]=owner-1&filter[vehicle.mode]=simulated&page[size]=100"
    assert there.lines()[0] == asked
    assert len(there.lines()) == 2


@pytest.mark.parametrize(
    "link", ["http://evil.test/vehicle/v3/connections", "//evil.test/x", "{origin}/iam/x", "http://["]
)
def test_the_token_follows_no_link_elsewhere(there, link):
    there.will(CONNECTIONS, 200, page(next=link.format(origin=there.origin)))
    with pytest.raises(Unreadable):
        client(there).connections()
    assert len(there.lines()) == 1


def test_a_list_in_a_circle_ends(there):
    there.will(CONNECTIONS, 200, page(connection(1), next="/connections?page=1"))
    assert len(client(there).connections()) == 2
    assert len(there.lines()) == 2


def test_signals_are_read_over_pages_with_the_kind_of_car(there):
    first = page(polled("odometer-traveleddistance", {"value": 100, "unit": "km"}), next="?page=2")
    there.will(SIGNALS, 200, first | {"included": {"vehicle": {"attributes": {"make": "FORD", "year": "2023"}}}})
    there.will(SIGNALS, 200, page(polled("internalcombustionengine-oillife", {"value": 40, "unit": "percent"})))
    snapshot = client(there).signals("car-1", "user-1", NOW)
    assert [told.signal for told in snapshot.measurements] == [Signal.ODOMETER, Signal.OIL_LIFE]
    assert (snapshot.identity.make, snapshot.identity.year) == ("FORD", 2023)
    headers = there.asked[-1][1]
    assert (headers["sc-user-id"], headers["User-Agent"]) == ("user-1", "Fettle")
    assert headers["Authorization"] == "Bearer token-1"


def test_an_empty_store_is_no_failure(there):
    there.will(SIGNALS, 200, page())
    assert client(there).signals("car-1", "user-1", NOW).measurements == ()


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_car_is_read_in_both_envelopes(there, wrapped):
    car = {"id": "a/b", "attributes": {"make": "FORD", "model": "Transit"}}
    there.will("GET /vehicle/v3/vehicles/a/b", 200, {"data": car} if wrapped else car)
    assert client(there).vehicle("a/b").model == "Transit"


def test_a_withdrawn_token_is_renewed_once(there):
    there.will(SIGNALS, 401, {"errors": [{"type": "AUTHENTICATION"}]})
    there.will(SIGNALS, 200, page())
    calls = []
    smartcar = client(there, spend=calls.append)
    smartcar.signals("car-1", "user-1", NOW)
    assert (there.tokens, calls) == (2, [1, 1])

    there.answers.clear()
    there.will(SIGNALS, 401, {"errors": [{"type": "AUTHENTICATION"}]})
    with pytest.raises(OurFault):
        smartcar.signals("car-1", "user-1", NOW)
    assert there.tokens == 3


def test_a_spent_budget_makes_no_call(there):
    def spend(calls):
        raise TryLater(timedelta(minutes=1), "app")

    with pytest.raises(TryLater):
        client(there, spend=spend).signals("car-1", "user-1", NOW)
    assert there.lines() == []


def test_limits_of_the_application_and_of_a_vehicle(there):
    there.will(SIGNALS, 429, {"errors": [{"type": "RATE_LIMIT", "code": "VEHICLE"}]}, Retry_After="90")
    there.will(SIGNALS, 429, {"errors": [{"type": "RATE_LIMIT", "code": "SMARTCAR_API"}]})
    smartcar = client(there)
    told = []
    for _ in range(2):
        with pytest.raises(TryLater) as problem:
            smartcar.signals("car-1", "user-1", NOW)
        told.append((problem.value.scope, problem.value.after))
    assert told == [("vehicle", timedelta(seconds=90)), ("app", timedelta(seconds=30))]


@pytest.mark.parametrize(
    ("status", "body", "step"),
    [
        (200, b"<html>maintenance</html>", Unreadable),
        (200, b"[]", Unreadable),
        (200, {"meta": {}}, Unreadable),
        (404, b"<html>not here</html>", Unreadable),
        (502, b"<html>bad gateway</html>", TryLater),
        (404, {"errors": [{"type": "RESOURCE_NOT_FOUND", "code": "VEHICLE_NOT_FOUND"}]}, NotThere),
        (400, {"errors": [{"type": "CONNECTED_SERVICES_ACCOUNT", "code": "VEHICLE_MISSING"}]}, NeedsOwner),
    ],
)
def test_an_answer_has_its_next_step(there, status, body, step):
    there.will(SIGNALS, status, body)
    with pytest.raises(step):
        client(there).signals("car-1", "user-1", NOW)
    assert len(there.lines()) == 1


def test_a_redirect_is_not_followed(there):
    there.will(SIGNALS, 302, b"", Location=f"{there.origin}/elsewhere")
    with pytest.raises(OurFault):
        client(there).signals("car-1", "user-1", NOW)
    assert there.lines() == [f"{SIGNALS}?page[size]=100"]


def test_a_slow_car_and_a_dead_host_are_tried_later(there):
    there.will(SIGNALS, 200, lambda: time.sleep(0.4) or b"{}")
    smartcar = client(there, read_seconds=0.1)
    with pytest.raises(TryLater) as slow:
        smartcar.signals("car-1", "user-1", NOW)
    assert (slow.value.scope, slow.value.__cause__) == ("vehicle", None)

    dead = Smartcar(Application("a", "client_1", "hush-secret", iam_origin="http://127.0.0.1:1"))
    with pytest.raises(TryLater) as gone:
        dead.signals("car-1", "user-1", NOW)
    assert gone.value.scope == "app"


@pytest.mark.parametrize(("vehicle", "user"), [("", "u"), ("..", "u"), ("car-1", "ü\u4e00"), ("car-1", "a\r\nb: c")])
def test_an_id_that_cannot_be_sent_is_our_fault(there, vehicle, user):
    with pytest.raises(OurFault):
        client(there).signals(vehicle, user, NOW)


def test_no_secret_is_shown():
    assert "hush" not in repr(Application("app-1", "client_1", "hush-secret"))
