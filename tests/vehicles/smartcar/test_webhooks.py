import contextlib
import copy
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.vehicles.smartcar.bodies import FETCHED, NOW, milliseconds, raw, signal, state, vehicle_error
from vehicles.domain.signals import Signal
from vehicles.smartcar import webhooks
from vehicles.smartcar.errors import Unreadable

ODOMETER = signal("odometer-traveleddistance", {"value": 5, "unit": "km"})
DEEP = b'{"eventId":"e","eventType":"VEHICLE_STATE","data":' + b"[" * 200_000


def read(body):
    (event,) = webhooks.read_events(raw(body), now=NOW)
    return event


def test_a_signature_of_any_token_counts_and_nothing_else():
    body = b'{"a": 1}'
    signed = webhooks.sign("old", body)
    assert webhooks.is_signed(body, signed, ["new", "old"])
    assert webhooks.is_signed(body, signed.upper(), ["old"])
    for wrong in (None, "", "é", "\ud800", signed[:-1], signed + "0", b"x", webhooks.sign("", body), 5):
        assert not webhooks.is_signed(body, wrong, ["new", "old", ""])
    assert not webhooks.is_signed(body + b" ", signed, ["old"])
    assert not webhooks.is_signed(body, signed, [])


def test_a_challenge_is_read_in_both_generations():
    assert webhooks.read_challenge(raw({"eventType": "VERIFY", "data": {"challenge": "abcd-1234"}})) == "abcd-1234"
    assert webhooks.read_challenge(raw({"eventName": "verify", "payload": {"challenge": "abcd-1234"}})) == "abcd-1234"
    assert webhooks.challenge_answer("token", "abcd-1234") == webhooks.sign("token", b"abcd-1234")


@pytest.mark.parametrize(
    "challenge", ["short", "x" * 257, '{"eventId":1}', "with space", "line\nbreak", "tail1234\n", 5]
)
def test_a_challenge_that_could_be_a_body_is_not_answered(challenge):
    assert webhooks.read_challenge(raw({"eventType": "VERIFY", "data": {"challenge": challenge}})) is None


def test_a_challenge_outside_of_a_verification_is_not_answered():
    assert webhooks.read_challenge(raw({"eventType": "VEHICLE_STATE", "data": {"challenge": "abcd-1234"}})) is None


def test_a_retry_has_the_same_keys():
    first = state(ODOMETER)
    retry = copy.deepcopy(first)
    retry["meta"] |= {"deliveryId": "try-2", "deliveredAt": milliseconds(NOW) + 25_000}
    retry = dict(reversed(retry.items()))
    keys = webhooks.read_keys(raw(first))
    assert keys == webhooks.read_keys(json.dumps(retry, indent=2).encode("utf-8-sig"))
    assert (keys.event_id, keys.webhook_id, keys.kind, keys.vehicle_id) == ("event-7", "hook-1", "STATE", "car-1")


def test_other_content_has_another_digest():
    digests = {
        webhooks.read_keys(raw(body)).data_digest
        for body in (state(), state(ODOMETER), state(triggers=[{"type": "FIRST_DELIVERY"}]))
    }
    assert len(digests) == 3


@pytest.mark.parametrize("event_id", [None, "", 5, "x" * 201, "a\x00b", "\ud800", " a", ["a"]])
def test_an_event_without_a_usable_id_has_no_keys(event_id):
    assert webhooks.read_keys(raw(state() | {"eventId": event_id})) is None


def test_a_state_is_read_with_everything_around_it():
    event = read(state(ODOMETER))
    assert (event.kind, event.vehicle_id, event.user_id, event.external_id) == ("STATE", "car-1", "user-1", "owner-1")
    assert (event.first, event.test, event.sequence, event.delivered_at) == (True, False, 41, NOW)
    assert event.snapshot.identity.make == "FORD"
    (told,) = event.snapshot.measurements
    assert (told.signal, told.value, told.fetched_at, told.sequence) == (Signal.ODOMETER, 5, FETCHED, 41)


def test_the_dialect_of_2025_is_read_too():
    body = state(ODOMETER, triggers=[{"type": "FIRST_DELIVERY"}], meta={"deliveredAt": None, "mode": "test"})
    del body["vehicleId"], body["data"]["triggers"]
    body["meta"] |= {"deliveryTime": int(NOW.timestamp()), "sequence": True}
    event = read(body)
    assert (event.vehicle_id, event.first, event.test) == ("car-1", True, True)
    assert (event.delivered_at, event.sequence) == (NOW, None)


def test_the_dialect_of_early_2025_is_read_too():
    level = {"code": "tractionbattery-stateofcharge", "name": "StateOfCharge", "group": "TractionBattery"}
    seconds = int(FETCHED.timestamp())
    level |= {"body": {"percentage": 78}, "meta": {"oemUpdatedAt": seconds, "retrievedAt": seconds}}
    body = state(level, meta={"version": "3.0", "deliveredAt": int(NOW.timestamp())})
    del body["vehicleId"]
    event = read(body)
    (told,) = event.snapshot.measurements
    assert (told.signal, told.value, told.measured_at) == (Signal.STATE_OF_CHARGE, 78, FETCHED)
    assert (event.kind, event.vehicle_id, event.delivered_at) == ("STATE", "car-1", NOW)


@pytest.mark.parametrize(
    ("trigger", "first"),
    [
        ({"type": "FIRST_DELIVERY"}, True),
        ({"code": "FIRST_DELIVERY"}, True),
        ("FIRST_DELIVERY", True),
        ({"type": "SIGNAL_UPDATED", "signal": "Odometer.TraveledDistance"}, False),
        ({"type": "SIGNAL_UPDATED", "signal": {"code": "odometer-traveleddistance"}}, False),
        ({"code": "odometer-traveleddistance", "name": "TraveledDistance", "group": "Odometer"}, False),
        (None, False),
    ],
)
def test_why_a_state_came(trigger, first):
    body = state(ODOMETER, triggers=[trigger])
    del body["data"]["triggers"]
    assert read(body).first is first


def test_a_delivery_may_lack_the_names_of_its_webhook():
    body = state(ODOMETER)
    body["meta"] = {"deliveryTime": "2026-11-01T12:00:00.000Z", "deliveryId": "try-1"}
    keys = webhooks.read_keys(raw(body))
    assert (keys.webhook_id, keys.event_id, keys.vehicle_id) == ("", "event-7", "car-1")
    assert read(body).delivered_at == NOW


def test_errors_say_what_they_concern():
    event = read(
        vehicle_error(
            {"type": "PERMISSION", "code": None, "state": "ERROR", "resolution": "REAUTHENTICATE"},
            {"type": "COMPATIBILITY", "state": "RESOLVED", "signals": ["Odometer.TraveledDistance", {"code": "x-y"}]},
            {"type": "CONNECTED_SERVICES_ACCOUNT", "code": "AUTHENTICATION_FAILED", "signals": []}
            | {"resolution": {"type": "REAUTHENTICATE", "url": "https://connect.example/again"}},
            None,
        )
    )
    whole, odometer, account = event.errors
    assert (whole.signals, whole.resolved, whole.resolution, whole.code) == (None, False, "REAUTHENTICATE", "")
    assert (odometer.signals, odometer.resolved) == ((Signal.ODOMETER,), True)
    assert (account.signals, account.url) == ((), "https://connect.example/again")


def test_what_is_not_ours_to_read_has_its_own_kind():
    event = read({"eventType": "VEHICLE_SOLD", "vehicleId": "car-1", "data": {"signals": [ODOMETER]}})
    assert (event.kind, event.vehicle_id, event.snapshot, event.errors) == ("UNKNOWN", "car-1", None, ())


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"null", b'{"eventType": 5}', DEEP, b'{"eventType":'])
def test_what_is_no_event_is_unreadable(body):
    with pytest.raises(Unreadable):
        webhooks.read_events(body, now=NOW)
    assert webhooks.read_keys(body) is None
    assert webhooks.read_challenge(body) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.fixed_dictionaries(
    {"eventType": st.sampled_from(["VEHICLE_STATE", "VEHICLE_ERROR", "VERIFY"]) | JSON},
    optional={"eventId": st.just("e") | JSON, "meta": JSON, "triggers": JSON}
    | {"data": JSON | st.dictionaries(st.sampled_from(["user", "vehicle", "signals", "errors", "triggers"]), JSON)},
)


@given((EVENTS | JSON).map(raw) | st.binary())
@example(b'{"eventId":"e","eventType":"VEHICLE_STATE","data":' + b"9" * 5000 + b"}")
@example(b'{"eventId":"e","eventType":"VEHICLE_STATE","data":' + b"[" * 900 + b"]" * 900 + b"}")
@example(b'{"eventId":"e","eventType":"VERIFY","data":{"a":NaN,"a":1e999,"b":"\\ud800"}}')
def test_no_bytes_raise_anything_but_unreadable(body):
    webhooks.read_keys(body)
    webhooks.read_challenge(body)
    webhooks.is_signed(body, "00", ["token"])
    with contextlib.suppress(Unreadable):
        webhooks.read_events(body, now=NOW)
