import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vehicles.smartcar.errors import NeedsPlan, OurFault, Unreadable
from vehicles.smartcar.v2 import compatibility, management
from vehicles.smartcar.v2.resources import (
    Capable,
    Compatibility,
    ManagedConnection,
    read_compatibility,
    read_count,
    read_cursor,
    read_ids,
    read_managed,
    read_matrix,
)

CONNECTIONS = "/management/v2.0/management/connections"


def consent(number, **more):
    return {
        "vehicleId": f"car-{number}",
        "userId": "user-1",
        "connectedAt": "2026-01-02T03:04:05Z",
        "mode": "LIVE",
    } | more


def seen(number):
    return ManagedConnection(f"car-{number}", "user-1", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "live")


def test_every_page_is_read_by_its_cursor(there):
    there.will(f"GET {CONNECTIONS}", 200, {"connections": [consent(1)], "paging": {"cursor": "c/2 =", "count": 1}})
    there.will(f"GET {CONNECTIONS}", 200, {"connections": [consent(2), {"userId": "x"}], "paging": {"cursor": None}})
    assert management.connections(there.application, "amt", user_id="user-1", mode="simulated") == [seen(1), seen(2)]
    asked = f"GET {CONNECTIONS}?user_id=user-1&mode=simulated&limit=100"
    assert there.lines() == [asked, f"{asked}&cursor=c/2+="]
    assert base64.b64decode(there.asked[0][1]["Authorization"].removeprefix("Basic ")) == b"default:amt"


def test_a_cursor_in_a_circle_ends(there):
    there.will(f"GET {CONNECTIONS}", 200, {"connections": [consent(1)], "paging": {"cursor": "again"}})
    assert management.connections(there.application, "amt") == [seen(1), seen(1)]


def test_a_filter_that_was_passed_over_is_applied_here(there):
    there.will(f"GET {CONNECTIONS}", 200, {"connections": [consent(1), consent(2)]})
    assert management.connections(there.application, "amt", vehicle_id="car-2") == [seen(2)]


def test_consents_are_taken_back_by_name(there):
    there.will(f"DELETE {CONNECTIONS}", 200, {"connections": [{"vehicleId": "car-1", "userId": "user-1"}]})
    there.will(f"DELETE {CONNECTIONS}", 404, {"type": "RESOURCE_NOT_FOUND", "code": "NOT_FOUND"})
    gone = management.disconnect(there.application, "amt", user_id="user-1", vehicle_id="car-1")
    assert [(one.vehicle_id, one.user_id) for one in gone] == [("car-1", "user-1")]
    assert there.lines() == [f"DELETE {CONNECTIONS}?user_id=user-1&vehicle_id=car-1"]
    assert management.disconnect(there.application, "amt", vehicle_id="car-1") == []


def test_nobody_is_disconnected_by_mistake(there):
    with pytest.raises(OurFault):
        management.disconnect(there.application, "amt", user_id="", vehicle_id=None)
    with pytest.raises(OurFault):
        management.connections(there.application, "")
    assert there.asked == []


def test_what_is_no_list_is_unreadable(there):
    there.will(f"GET {CONNECTIONS}", 200, {"connections": None})
    with pytest.raises(Unreadable):
        management.connections(there.application, "amt")


def test_what_a_car_would_tell(there):
    answer = {
        "compatible": False,
        "reason": "MAKE_NOT_COMPATIBLE",
        "capabilities": [{"endpoint": "/fuel", "permission": "read_fuel", "capable": True, "reason": None}, None],
    }
    there.will("GET /api/v2.0/compatibility", 200, answer)
    told = compatibility.by_vin(there.application, "1FTTW8CG0NKA00001", scope=["read_fuel", "read_vin"])
    assert told == Compatibility(False, "MAKE_NOT_COMPATIBLE", (Capable("/fuel", "read_fuel", True, ""),))
    line, headers, _ = there.asked[0]
    assert line.endswith("?vin=1FTTW8CG0NKA00001&scope=read_fuel+read_vin&country=US")
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"app-1:hush-legacy"


def test_compatibility_is_not_in_every_plan(there):
    there.will("GET /api/v2.0/compatibility/matrix", 430, {"type": "BILLING", "code": "INVALID_PLAN"})
    with pytest.raises(NeedsPlan):
        compatibility.matrix(there.application, "EUROPE", make="BMW")
    assert there.lines() == ["GET /api/v2.0/compatibility/matrix?region=EUROPE&make=BMW"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
NAMES = [
    "vehicleId",
    "userId",
    "connectedAt",
    "mode",
    "endpoint",
    "capable",
    "model",
    "startYear",
    "type",
    "permissions",
]
ENTRIES = st.lists(st.dictionaries(st.sampled_from(NAMES), JSON) | JSON, max_size=4) | JSON
BODY = st.dictionaries(st.sampled_from(["compatible", "reason", "capabilities", "TESLA", "cursor", "count"]), ENTRIES)


@given(BODY, ENTRIES, JSON)
def test_no_answer_breaks_a_reader(body, entries, anything):
    read_compatibility(body), read_matrix(body), read_ids(anything)
    assert all(one.vehicle_id and one.user_id for one in read_managed(entries))
    assert read_count(body) >= 0 and read_count(anything) >= 0
    assert isinstance(read_cursor(body), str) and isinstance(read_cursor(anything), str)
