"""The webhook engine, seen from the door it delivers to."""

import hashlib
import hmac
import json
import time

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox.letters import Letter


def test_the_first_delivery_is_signed_over_the_bytes_that_arrive(delivered, sink):
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.subscribe(user_id, vehicle_id)
    sink.wait(lambda sink: sink.events())
    headers, raw = next((h, raw) for h, raw in sink.arrived if b"VEHICLE_STATE" in raw)
    event = json.loads(raw)

    assert headers["SC-Signature"] == hmac.new(scene.TOKEN.encode(), raw, hashlib.sha256).hexdigest()
    assert headers["User-Agent"] == "Smartcar/4.0"
    assert event["vehicleId"] == vehicle_id
    assert event["data"]["triggers"] == [{"code": "FIRST_DELIVERY"}]
    assert event["data"]["user"] == {"id": user_id, "externalId": "owner-7"}
    assert event["data"]["vehicle"]["powertrainType"] == "ICE"
    assert event["meta"]["signalCount"] == len(event["data"]["signals"]) == 16
    assert (event["meta"]["version"], event["meta"]["mode"]) == ("4.0", "LIVE")


def test_nothing_is_ever_stamped_in_the_future(delivered, sink):
    user_id, vehicle_ids = delivered.consent()
    for vehicle_id in vehicle_ids:
        delivered.subscribe(user_id, vehicle_id)
    sink.wait(lambda sink: len(sink.events()) >= 9)
    now_ms = time.time() * 1000

    for event in sink.events():
        assert event["meta"]["deliveredAt"] <= now_ms
        for signal in event["data"]["signals"]:
            assert signal["meta"]["oemUpdatedAt"] <= signal["meta"]["retrievedAt"] <= event["meta"]["deliveredAt"]


def test_the_webhook_is_verified_once_the_portal_answers(delivered, sink):
    sink.wait(lambda sink: delivered.sandbox.live.is_verified)

    assert "challenge" in sink.events("VERIFY")[0]["data"]


def test_a_failing_door_is_tried_four_times_with_the_same_event_in_new_envelopes(delivered, sink):
    sink.status = 503
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.subscribe(user_id, vehicle_id)
    sink.wait(lambda sink: delivered.sandbox.postman.tally["dropped"])
    events = sink.events()

    assert delivered.sandbox.postman.tally["failed"] % 4 == 0
    assert len({event["eventId"] for event in events}) == 1
    assert len({event["meta"]["deliveryId"] for event in events}) == len(events)
    assert len({json.dumps(event["data"]) for event in events}) == 1


def test_a_redirect_counts_as_failure(delivered, sink):
    sink.status = 302
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.subscribe(user_id, vehicle_id)

    sink.wait(lambda sink: delivered.sandbox.postman.tally["failed"])


def test_about_one_in_fifty_arrives_twice_under_one_event_id(delivered, sink):
    for number in range(500):
        delivered.sandbox.postman.post(Letter(f"event-{number}", {"eventType": "VEHICLE_STATE", "data": {}}))
    sink.wait(lambda sink: len({event["eventId"] for event in sink.events()}) == 500)
    time.sleep(0.1)
    twice = len(sink.events()) - 500

    assert 2 <= twice <= 25


def test_the_dialect_of_2025_has_its_triggers_outside(delivered, sink):
    delivered.post("/control/dialect", json={"dialect": "2025"})
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.subscribe(user_id, vehicle_id)
    sink.wait(lambda sink: sink.events())
    event = sink.events()[0]

    assert event["triggers"] == [{"type": "FIRST_DELIVERY"}]
    assert "vehicleId" not in event
    assert "triggers" not in event["data"]
    assert event["data"]["vehicle"]["id"] == vehicle_id


def test_a_vehicle_error_is_reported_and_resolved(delivered, sink):
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.subscribe(user_id, vehicle_id)
    for state in ("ERROR", "RESOLVED"):
        trouble = {"type": "CONNECTED_SERVICES_ACCOUNT", "code": "AUTHENTICATION_FAILED", "state": state}
        delivered.post("/control/error", json={"vehicleId": vehicle_id} | trouble)
    sink.wait(lambda sink: len({e["eventId"] for e in sink.events("VEHICLE_ERROR")}) == 2)
    told = {error["state"]: error for event in sink.events("VEHICLE_ERROR") for error in event["data"]["errors"]}

    assert told["ERROR"]["resolution"] == {"type": "REAUTHENTICATE"}
    assert "resolution" not in told["RESOLVED"]


def test_a_service_on_the_car_refreshes_the_oil_clears_the_codes_and_is_told_at_once(delivered, sink):
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.subscribe(user_id, vehicle_id)
    before = delivered.signals(user_id, vehicle_id)
    assert before["diagnostics-dtclist"]["body"]["values"]
    assert before["diagnostics-mil"]["body"]["status"] == "ALERT"

    delivered.post("/control/service-done", json={"vehicleId": vehicle_id, "tasks": ["oil_change"]})
    sink.wait(lambda sink: len({event["eventId"] for event in sink.events()}) == 2)
    after = {signal["code"]: signal.get("body") for signal in max(sink.events(), key=_measured)["data"]["signals"]}

    assert after["internalcombustionengine-oillife"]["value"] == 100
    assert after["diagnostics-dtclist"]["values"] == []
    assert after["diagnostics-mil"]["status"] == "OK"


def test_a_thrown_code_lights_the_lamp(delivered, sink):
    user_id, (*_, vehicle_id) = delivered.consent()
    delivered.subscribe(user_id, vehicle_id)
    delivered.post("/control/throw-code", json={"vehicleId": vehicle_id, "code": "P0AA6"})
    told = delivered.signals(user_id, vehicle_id)

    assert "P0AA6" in [row["code"] for row in told["diagnostics-dtclist"]["body"]["values"]]
    assert told["diagnostics-evhvbattery"]["body"]["status"] == "ALERT"


def _measured(event: dict) -> int:
    return event["data"]["signals"][0]["meta"]["oemUpdatedAt"]
