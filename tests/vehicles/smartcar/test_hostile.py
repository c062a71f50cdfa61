"""Good bodies of every shape with one thing wrong: cut off, left out, of another type, or put there with intent."""

import contextlib
import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vehicles.smartcar import bodies
from tests.vehicles.smartcar.bodies import NOW, failed, item, legacy, legacy_vehicle, polled, signal, vehicle_error
from vehicles.domain.acceptance import refusal
from vehicles.domain.signals import Signal
from vehicles.smartcar import webhooks
from vehicles.smartcar.errors import Unreadable
from vehicles.smartcar.payloads import read_signals
from vehicles.smartcar.resources import read_connection, read_subscription
from vehicles.smartcar.v2.items import items_in, read_items
from vehicles.smartcar.vocabulary import CODES

WHEELS = [{"row": 0, "column": 1, "tirePressure": 241.3}, {"row": 1, "column": 0, "tirePressure": 699.9}]
RECORD = {"id": "S-1", "time": "2025-01-15T14:30:00Z", "odometer": 50_000, "tasks": [{"id": "T", "description": "Oil"}]}
RECORD |= {"details": [{"id": "D", "description": "5W-30"}], "cost": {"amount": 150, "currency": "CAD"}}
PLACE = {"latitude": 44.6, "longitude": -63.5, "heading": 45, "locationType": "CURRENT"}
BODIES = {
    "odometer-traveleddistance": {"value": 84_210.26, "unit": "km"},
    "internalcombustionengine-oillife": {"value": 20, "unit": "percent"},
    "tractionbattery-nominalcapacity": {"capacity": 73.5, "unit": "kWhr", "source": "SMARTCAR"},
    "wheel-tires": {"values": WHEELS, "rowCount": 2, "columnCount": 2},
    "diagnostics-dtclist": {"values": [{"code": "P0300", "timestamp": "2026-09-21T08:00:00Z"}]},
    "diagnostics-mil": {"status": "ALERT", "description": None},
    "lowvoltagebattery-status": {"value": "WARN"},
    "charge-ischarging": {"value": True},
    "location-preciselocation": PLACE,
    "service-records": {"values": [RECORD]},
    "vehicleidentification-vin": {"value": "1FTTW8CG0NKA00001"},
}
SIGNALS = [signal(code, body) for code, body in BODIES.items()] + [failed("wheel-tires", "COMPATIBILITY")]
ITEMS = [
    item("/odometer", {"distance": 84_210.26}),
    item("/fuel", {"percentRemaining": 0.3, "amountRemaining": 53.2, "range": 40.5}),
    item("/tires/pressure", {"frontLeft": 241, "backRight": 244}),
    item("/charge", {"isPluggedIn": True, "state": "CHARGING"}),
    item("/battery/nominal_capacity", {"capacity": {"nominal": 80.9, "source": "USER_SELECTED"}, "url": None}),
    item("/diagnostics/system_status", {"systems": [{"systemId": "SYSTEM_TPMS", "status": "ALERT"}]}),
    item("/diagnostics/dtcs", {"activeCodes": [{"code": "P0300", "timestamp": None}]}),
    item(
        "/service/history",
        [{"serviceId": 1, "serviceDate": "2025-05-04", "serviceTasks": [{"taskDescription": "Oil"}]}],
    ),
    bodies.failed_item("/vin", 409, "VEHICLE_STATE", "ASLEEP"),
]
TROUBLE = {"type": "PERMISSION", "code": None, "state": "ERROR", "signals": ["Odometer.TraveledDistance"]}
DELIVERIES = {
    "state": bodies.state(*SIGNALS),
    "error": vehicle_error(TROUBLE | {"resolution": {"type": "REAUTHENTICATE", "url": "https://connect.example/"}}),
    "legacy": legacy("schedule", legacy_vehicle("car-1", *ITEMS[:4]), legacy_vehicle("car-2", *ITEMS[4:])),
    "event": legacy("eventBased", payload={"eventId": "e", "vehicleId": "car-1", "eventType": "CHARGING_STARTED"}),
    "verify": {"eventType": "VERIFY", "eventId": "e", "data": {"challenge": "abcd-1234"}},
}
CONNECTION = {
    "id": "connection-1",
    "attributes": {"permissions": ["read_odometer"], "vehicle": {"make": "FORD", "year": "2023"}, "externalId": "o-1"},
    "relationships": {"vehicle": {"data": {"id": "car-1"}}, "user": {"data": {"id": "user-1"}}},
}

HOSTILE = st.sampled_from(
    [None, True, -1, 0, 1e308, 10**400, float("nan"), "", "x" * 5_000, "\x00", "\ud800", "../..", "<script>", "1e5"]
) | st.sampled_from(
    [[], {}, [[]], [None], {"value": {}}, [{}] * 300, "9999-12-31T23:59:59Z", "0001-01-01", 2**63, -(2**63)]
)
EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.booleans(), HOSTILE), min_size=1, max_size=3)


def spoiled(body, edits):
    """A copy with some of its nodes replaced or left out."""
    body = copy.deepcopy(body)
    for where, leaves_out, value in edits:
        nodes = list(_nodes(body))
        holder, key = nodes[where % len(nodes)]
        if leaves_out:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(value)
        if not body:
            break
    return body


def _nodes(body):
    for key, value in list(body.items() if isinstance(body, dict) else enumerate(body)):
        yield body, key
        if isinstance(value, dict | list):
            yield from _nodes(value)


def sound(snapshot):
    for told in snapshot.measurements if snapshot else ():
        json.dumps(told.value, allow_nan=False).encode()
        assert refusal(told) is None
    return True


def test_what_is_spoiled_here_was_good():
    told = read_signals(SIGNALS, now=NOW)
    assert {measurement.signal for measurement in told.measurements} == {CODES[code] for code in BODIES}
    assert [gap.signal for gap in read_items(items_in(ITEMS), now=NOW).gaps] == [Signal.VIN]
    assert sum(len(webhooks.read_events(bodies.raw(body), now=NOW)) for body in DELIVERIES.values()) == 6


@given(st.sampled_from(list(DELIVERIES.values())), EDITS)
def test_a_spoiled_delivery_is_read_or_unreadable(body, edits):
    raw = bodies.raw(spoiled(body, edits))
    webhooks.read_keys(raw)
    webhooks.read_challenge(raw)
    with contextlib.suppress(Unreadable):
        assert all(sound(event.snapshot) for event in webhooks.read_events(raw, now=NOW))


@pytest.mark.parametrize("name", DELIVERIES)
def test_a_delivery_cut_off_anywhere_is_unreadable(name):
    raw = bodies.raw(DELIVERIES[name])
    for length in range(len(raw)):
        assert webhooks.read_keys(raw[:length]) is None
        with pytest.raises(Unreadable):
            webhooks.read_events(raw[:length], now=NOW)


@given(EDITS, st.booleans())
def test_a_spoiled_page_is_read(edits, as_poll):
    page = [polled(code, body) for code, body in BODIES.items()] if as_poll else SIGNALS
    assert sound(read_signals(spoiled(page, edits), now=NOW))


@given(EDITS)
def test_a_spoiled_batch_is_read(edits):
    items = items_in(spoiled(ITEMS, edits))
    assert sound(read_items(items, now=NOW))
    assert all(str(one.problem(NOW)) for one in items)


@given(EDITS)
def test_a_spoiled_list_is_read(edits):
    raw = spoiled(CONNECTION, edits)
    read_subscription(raw)
    seen = read_connection(raw)
    assert seen is None or (seen.id and seen.vehicle_id)
