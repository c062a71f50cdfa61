from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.vehicles.smartcar.bodies import NOW, failed_item, item
from tests.vehicles.smartcar.far_end import client_v2
from vehicles.domain.measurements import Why
from vehicles.domain.signals import Signal
from vehicles.smartcar import v2
from vehicles.smartcar.errors import NeedsOwner, NeedsPlan, NotPermitted, NotThere, OurFault, TryLater, Unreadable
from vehicles.smartcar.v2.bodies import PATHS

BATCH = "POST /api/v2.0/vehicles/car-1/batch"
PERMISSIONS = "GET /api/v2.0/vehicles/car-1/permissions"
ALL = {path.permission for path in PATHS.values()}
ASLEEP = ("VEHICLE_STATE", "ASLEEP")


def batch(*items):
    return {"responses": list(items)}


def reader(there, *permitted, **more):
    return client_v2(there, permitted=permitted, **more)


def test_the_owner_is_sent_to_connect_for_a_code(there):
    url = urlsplit(
        v2.connect_url(there.application, state="s 1", external_id="o-1", redirect_uri="http://localhost/b/")
    )
    query = parse_qs(url.query)
    assert url.path == "/connect/oauth/authorize"
    assert (query["response_type"], query["client_id"], query["state"]) == (["code"], ["app-1"], ["s 1"])
    assert (query["redirect_uri"], query["external_id"], query["mode"]) == (["http://localhost/b/"], ["o-1"], ["live"])
    assert "read_location" not in query["scope"][0] and "read_service_history" in query["scope"][0]


def test_one_batch_brings_all_that_the_owner_permitted(there):
    there.will(BATCH, 200, batch(item("/odometer", {"distance": 10}), item("/engine/oil", {"lifeRemaining": 0.2})))
    calls = []
    snapshot = reader(there, "read_odometer", "read_engine_oil", spend=calls.append).read("car-1", NOW)
    ((line, headers, sent),) = there.asked
    assert sent == '{"requests": [{"path": "/odometer"}, {"path": "/engine/oil"}]}'
    assert (headers["Authorization"], headers["SC-Unit-System"]) == ("Bearer access-1", "metric")
    assert {told.signal: told.value for told in snapshot.measurements} == {Signal.ODOMETER: 10, Signal.OIL_LIFE: 20}
    assert {gap.why for gap in snapshot.gaps} == {Why.NOT_PERMITTED}
    assert calls == [2]


def test_what_the_owner_permitted_is_asked_for_once_where_nobody_knows(there):
    there.will(PERMISSIONS, 200, {"permissions": ["read_odometer"], "paging": {"count": 1, "offset": 0}})
    there.will(BATCH, 200, batch(item("/odometer", {"distance": 10})))
    client_v2(there).read("car-1", NOW)
    assert [line.split("?")[0] for line in there.lines()] == [PERMISSIONS, BATCH]


def test_all_that_v2_knows_is_asked_for_but_the_place(there):
    there.will(BATCH, 200, batch(item("/vin", {"vin": "1FTTW8CG0NKA00001"})))
    snapshot = reader(there, *ALL).read("car-1", NOW)
    asked = there.asked[0][2]
    assert all(f'"{path}"' in asked for path in PATHS if path != "/location")
    assert '"/location"' not in asked
    assert Signal.LOCATION not in {gap.signal for gap in snapshot.gaps}


def test_what_is_not_worth_a_call_is_not_asked_for(there):
    there.will(BATCH, 200, batch(item("/location", {"latitude": 44.5, "longitude": -63.5})))
    oil_free = set(Signal) - {Signal.LOCATION, Signal.FUEL_RANGE}
    snapshot = reader(there, "read_location", "read_engine_oil", without=oil_free).read("car-1", NOW)
    assert '"/location"}]' in there.asked[0][2] and "/engine/oil" not in there.asked[0][2]
    assert [told.signal for told in snapshot.measurements] == [Signal.LOCATION]
    assert [gap.signal for gap in snapshot.gaps] == [Signal.FUEL_RANGE]


def test_no_consent_is_no_call(there):
    snapshot = reader(there).read("car-1", NOW)
    assert (snapshot.measurements, there.asked) == ((), [])
    assert Signal.ODOMETER in {gap.signal for gap in snapshot.gaps}


def test_one_path_that_fails_spoils_no_other(there):
    there.will(BATCH, 200, batch(failed_item("/odometer", 409, *ASLEEP), item("/engine/oil", {"lifeRemaining": 0.2})))
    snapshot = reader(there, "read_odometer", "read_engine_oil").read("car-1", NOW)
    assert [told.signal for told in snapshot.measurements] == [Signal.OIL_LIFE]
    assert (Signal.ODOMETER, Why.ERROR) in {(gap.signal, gap.why) for gap in snapshot.gaps}


def test_a_path_left_unanswered_is_a_gap(there):
    there.will(BATCH, 200, batch(item("/odometer", {"distance": 10})))
    snapshot = reader(there, "read_odometer", "read_engine_oil").read("car-1", NOW)
    assert (Signal.OIL_LIFE, Why.ERROR) in {(gap.signal, gap.why) for gap in snapshot.gaps}


def test_the_unit_around_the_batch_counts_where_an_item_names_none(there):
    bare = {"path": "/odometer", "code": 200, "body": {"distance": 100}}
    there.will(BATCH, 200, batch(bare), SC_Unit_System="imperial")
    assert reader(there, "read_odometer").read("car-1", NOW).measurements[0].value == 160.9


NOT_CAPABLE = failed_item("/odometer", 501, "COMPATIBILITY", "VEHICLE_NOT_CAPABLE")


@pytest.mark.parametrize(
    ("items", "step"),
    [
        ([failed_item("/odometer", 409, *ASLEEP), failed_item("/engine/oil", 409, *ASLEEP)], TryLater),
        ([NOT_CAPABLE, failed_item("/engine/oil", 409, *ASLEEP)], TryLater),
        ([failed_item("/odometer", 430, "BILLING", "VEHICLE_REQUEST_LIMIT")] * 2, NeedsPlan),
        (
            [
                failed_item("/odometer", 502, "UPSTREAM", "NO_RESPONSE"),
                failed_item("/engine/oil", 400, "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED"),
            ],
            NeedsOwner,
        ),
    ],
)
def test_nothing_answered_for_one_reason_is_a_problem(there, items, step):
    there.will(BATCH, 200, batch(*items))
    with pytest.raises(step):
        reader(there, "read_odometer", "read_engine_oil").read("car-1", NOW)


def test_a_limit_inside_of_a_batch_keeps_its_time(there):
    limited = failed_item("/odometer", 429, "RATE_LIMIT", "VEHICLE") | {"headers": {"retry-after": "5000"}}
    there.will(BATCH, 200, batch(limited))
    with pytest.raises(TryLater) as problem:
        reader(there, "read_odometer").read("car-1", NOW)
    assert (problem.value.after, problem.value.scope) == (timedelta(seconds=5000), "vehicle")


def test_a_car_that_can_tell_nothing_is_no_problem(there):
    there.will(BATCH, 200, batch(NOT_CAPABLE, failed_item("/engine/oil", 403, "PERMISSION")))
    snapshot = reader(there, "read_odometer", "read_engine_oil").read("car-1", NOW)
    told = {gap.signal: gap.why for gap in snapshot.gaps}
    assert (told[Signal.ODOMETER], told[Signal.OIL_LIFE]) == (Why.UNSUPPORTED, Why.NOT_PERMITTED)


@pytest.mark.parametrize(
    ("status", "body", "step"),
    [
        (200, {}, Unreadable),
        (200, b"<html>", Unreadable),
        (403, {"error": "permission_error", "message": "no"}, NotPermitted),
        (404, {"type": "RESOURCE_NOT_FOUND", "code": "PATH"}, OurFault),
        (
            400,
            {"type": "VALIDATION", "code": None, "detail": [{"field": ["requests"], "message": "required"}]},
            OurFault,
        ),
    ],
)
def test_an_answer_other_than_a_batch_has_its_step(there, status, body, step):
    there.will(BATCH, status, body)
    with pytest.raises(step):
        reader(there, "read_odometer").read("car-1", NOW)


def test_a_token_not_taken_is_distrusted_once(there):
    tokens, distrusted, calls = iter(["old", "new"]), [], []
    there.will(BATCH, 401, {"type": "AUTHENTICATION", "code": None})
    there.will(BATCH, 200, batch(item("/odometer", {"distance": 10})))
    smartcar = client_v2(
        there, lambda: next(tokens), permitted=["read_odometer"], distrust=distrusted.append, spend=calls.append
    )
    assert smartcar.read("car-1", NOW).measurements
    assert (distrusted, calls) == (["old"], [1, 1])
    assert there.asked[1][1]["Authorization"] == "Bearer new"


def test_lists_are_read_over_all_pages(there):
    pages = [[f"car-{n}" for n in range(50)], [f"car-{n}" for n in range(50, 70)]]
    for page in pages:
        there.will("GET /api/v2.0/vehicles", 200, {"vehicles": page, "paging": {"count": 70, "offset": 0}})
    assert len(client_v2(there).vehicles()) == 70
    assert [line.partition("?")[2] for line in there.lines()] == ["limit=50&offset=0", "limit=50&offset=50"]


def test_a_list_that_does_not_move_on_ends(there):
    there.will("GET /api/v2.0/vehicles", 200, {"vehicles": ["car-1"], "paging": {"count": 999}})
    assert client_v2(there).vehicles() == ("car-1",)
    assert len(there.lines()) == 2
    there.will(PERMISSIONS, 200, {"permissions": None})
    with pytest.raises(Unreadable):
        client_v2(there).permissions("car-1")


def test_the_webhook_is_left_with_the_management_token(there):
    hook = "/api/v2.0/vehicles/car-1/webhooks/hook-1"
    there.will(f"POST {hook}", 409, {"type": "VALIDATION", "code": None})
    there.will(f"DELETE {hook}", 404, {"type": "RESOURCE_NOT_FOUND", "code": "NOT_FOUND"})
    smartcar = client_v2(there)
    smartcar.subscribe("hook-1", "car-1")
    smartcar.unsubscribe("hook-1", "car-1")
    assert [headers["Authorization"] for _, headers, _ in there.asked] == ["Bearer access-1", "Bearer amt"]
    with pytest.raises(OurFault):
        client_v2(there, management_token="").unsubscribe("hook-1", "car-1")


def test_a_sleeping_car_is_not_subscribed(there):
    there.will("POST /api/v2.0/vehicles/car-1/webhooks/hook-1", 409, {"type": "VEHICLE_STATE", "code": "ASLEEP"})
    with pytest.raises(TryLater):
        client_v2(there).subscribe("hook-1", "car-1")


def test_a_grant_that_is_gone_is_given_back(there):
    there.will("DELETE /api/v2.0/vehicles/car-1/application", 404, {"type": "RESOURCE_NOT_FOUND"})
    client_v2(there).disconnect("connection-1", "car-1")


def test_what_is_no_name_is_no_answer(there):
    there.will("GET /api/v2.0/user", 200, {"id": 5})
    there.will("GET /api/v2.0/vehicles/car-1/vin", 200, {"vin": "?"})
    with pytest.raises(Unreadable):
        client_v2(there).user_id()
    with pytest.raises(Unreadable):
        client_v2(there).vin("car-1")
    with pytest.raises(OurFault):
        client_v2(there).identity("..")
    with pytest.raises(NotThere):
        client_v2(there).identity("car-9")
