import contextlib
import copy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.vehicles.smartcar.bodies import FETCHED, MEASURED, NOW, failed_item, item, legacy, legacy_vehicle, raw
from vehicles.domain.acceptance import refusal
from vehicles.domain.measurements import Measurement, Why
from vehicles.domain.signals import Signal
from vehicles.smartcar import webhooks
from vehicles.smartcar.errors import Unreadable

ODOMETER = item("/odometer", {"distance": 84210.26})
SHUT = failed_item("/odometer", 400, "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED")


def read(body):
    return webhooks.read_events(raw(body), now=NOW)


def event_based(kind, **more):
    payload = {"eventId": "event-7", "vehicleId": "car-1", "eventType": kind, "eventTime": MEASURED.isoformat()}
    return legacy("eventBased", payload=payload | more)


@pytest.mark.parametrize("name", ["schedule", "scheduled", "dynamic", "Dynamic"])
def test_several_cars_in_one_body_are_several_events(name):
    oil = item("/engine/oil", {"lifeRemaining": 0.2})
    events = read(legacy(name, legacy_vehicle("car-1", ODOMETER), legacy_vehicle("car-2", ODOMETER, oil)))
    assert [(event.kind, event.vehicle_id, event.test) for event in events] == [
        ("STATE", "car-1", False),
        ("STATE", "car-2", False),
    ]
    assert events[0].snapshot.measurements == (Measurement(Signal.ODOMETER, 84210.3, MEASURED, FETCHED),)
    assert [told.signal for told in events[1].snapshot.measurements] == [Signal.ODOMETER, Signal.OIL_LIFE]
    assert events[0].delivered_at == NOW


def test_a_value_without_times_counts_from_the_delivery():
    bare = {"path": "/odometer", "code": 200, "body": {"distance": 5}}
    (event,) = read(legacy("dynamic", legacy_vehicle("car-1", bare)))
    assert event.snapshot.measurements == (Measurement(Signal.ODOMETER, 5.0, None, NOW),)


def test_a_test_is_known_as_one():
    (event,) = read(legacy("schedule", legacy_vehicle("car-1", ODOMETER), mode="test"))
    assert event.test


@pytest.mark.parametrize(
    ("kind", "charging", "status"),
    [
        ("CHARGING_STARTED", True, "CHARGING"),
        ("CHARGING_STOPPED", False, "NOT_CHARGING"),
        ("CHARGING_COMPLETED", False, "FULLY_CHARGED"),
    ],
)
def test_charging_begins_and_ends(kind, charging, status):
    (event,) = read(event_based(kind))
    assert event.vehicle_id == "car-1"
    assert event.snapshot.measurements == (
        Measurement(Signal.IS_CHARGING, charging, MEASURED),
        Measurement(Signal.CHARGING_STATUS, status, MEASURED),
    )


@pytest.mark.parametrize("body", [event_based("DOOR_OPENED"), event_based(None), legacy("tomorrow"), legacy("")])
def test_what_nobody_knows_has_no_effect(body):
    (event,) = read(body)
    assert (event.kind, event.snapshot, event.errors) == ("UNKNOWN", None, ())


def test_a_shut_account_is_an_error_of_the_whole_connection():
    (event,) = read(legacy("schedule", legacy_vehicle("car-1", SHUT, failed_item("/fuel", 501, "COMPATIBILITY"))))
    (error,) = event.errors
    assert (error.type, error.code, error.resolved) == ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED", False)
    assert (error.signals, error.url) == (None, "")
    assert {gap.signal: gap.why for gap in event.snapshot.gaps}[Signal.FUEL_LEVEL] is Why.UNSUPPORTED

    (event,) = read(legacy("schedule", legacy_vehicle("car-1", SHUT, item("/engine/oil", {"lifeRemaining": 1}))))
    assert event.errors == ()


@pytest.mark.parametrize("payload", [None, [], {}, {"vehicles": []}, {"vehicles": [{"vehicleId": ""}, 5]}])
def test_a_state_without_a_car_is_unreadable(payload):
    with pytest.raises(Unreadable):
        read(legacy("schedule", payload=payload))


def test_a_retry_has_the_same_keys_and_other_content_has_others():
    body = legacy("schedule", legacy_vehicle("car-1", ODOMETER))
    keys = webhooks.read_keys(raw(body))
    assert keys == webhooks.read_keys(raw(dict(reversed(copy.deepcopy(body).items()))))
    assert (keys.event_id, keys.webhook_id, keys.kind, keys.vehicle_id) == (
        keys.data_digest,
        "hook-1",
        "STATE",
        "car-1",
    )
    other = webhooks.read_keys(raw(legacy("schedule", legacy_vehicle("car-1", SHUT))))
    assert other.event_id != keys.event_id
    assert webhooks.read_keys(raw(body | {"eventName": "dynamic"})).event_id != keys.event_id


def test_an_event_has_an_id_of_its_own():
    keys = webhooks.read_keys(raw(event_based("CHARGING_STARTED")))
    assert (keys.event_id, keys.vehicle_id) == ("event-7", "car-1")
    assert keys.data_digest != webhooks.read_keys(raw(event_based("CHARGING_STOPPED"))).data_digest


def test_several_cars_have_no_single_name():
    body = legacy("schedule", legacy_vehicle("car-1", ODOMETER), legacy_vehicle("car-2", ODOMETER))
    assert webhooks.read_keys(raw(body)).vehicle_id == ""


def test_a_verification_is_one():
    body = legacy("verify", payload={"challenge": "abcd-1234"})
    assert [event.kind for event in read(body)] == ["VERIFY"]
    assert webhooks.read_keys(raw(body)).kind == "VERIFY"
    assert webhooks.read_challenge(raw(body)) == "abcd-1234"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
ITEMS = st.fixed_dictionaries(
    {"path": st.sampled_from(["/fuel", "/charge", "/odometer"])}, optional={"code": JSON, "body": JSON}
)
VEHICLES = st.fixed_dictionaries(
    {"vehicleId": st.just("car-1") | JSON}, optional={"data": st.lists(ITEMS) | JSON, "timestamp": JSON}
)
PAYLOADS = st.fixed_dictionaries(
    {}, optional={"vehicles": st.lists(VEHICLES | JSON, max_size=3) | JSON, "eventId": JSON, "eventType": JSON}
)
NAMES = st.sampled_from(["schedule", "dynamic", "eventBased", "verify"]) | st.text()
BODIES = st.fixed_dictionaries(
    {"eventName": NAMES}, optional={"payload": PAYLOADS | JSON, "mode": JSON, "webhookId": JSON}
)


@given(BODIES)
@example({"eventName": "schedule", "payload": {"vehicles": {"vehicleId": "car-1"}}})
def test_no_body_raises_anything_but_unreadable(body):
    webhooks.read_keys(raw(body))
    with contextlib.suppress(Unreadable):
        for event in read(body):
            for told in event.snapshot.measurements if event.snapshot else ():
                assert refusal(told) is None
