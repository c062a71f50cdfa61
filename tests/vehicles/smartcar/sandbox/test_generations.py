"""The same news in every generation of webhook bodies."""

import json

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox.generations import DIALECTS

EV = "ev@northgate.example"


@pytest.fixture
def said(delivered, sink):
    """Speaks a dialect, subscribes the first car of an account and hands back what its first delivery says."""

    def speak(dialect: str, account: str = scene.GM, **webhook) -> dict:
        delivered.post("/control/dialect", json={"dialect": dialect})
        delivered.post("/control/webhook", json=webhook)
        user_id, (vehicle_id, *_) = delivered.consent(account)
        sink.arrived.clear()
        delivered.subscribe(user_id, vehicle_id)
        return arrived(sink, lambda event: event.get("eventType") != "VERIFY")

    return speak


def arrived(sink, is_meant) -> dict:
    def meant() -> list[dict]:
        return [event for event in (json.loads(raw) for _, raw in list(sink.arrived)) if is_meant(event)]

    sink.wait(lambda sink: meant())
    return meant()[0]


def signals(event: dict) -> dict[str, dict]:
    return {signal["code"]: signal for signal in event["data"]["signals"]}


def test_today_triggers_stand_in_the_data_and_the_envelope_counts(said):
    event = said("current")

    assert event["data"]["triggers"] == [{"code": "FIRST_DELIVERY"}]
    assert event["data"]["vehicle"]["mode"] == "live"
    assert {"version", "sequence", "signalCount", "webhookName", "deliveryId"} <= set(event["meta"])


def test_in_2025_what_never_changes_was_stamped_with_zero(said):
    event = said("2025")

    assert signals(event)["vehicleidentification-vin"]["meta"] == {"oemUpdatedAt": 0, "retrievedAt": 0}
    assert signals(event)["odometer-traveleddistance"]["meta"]["oemUpdatedAt"] > 10**12
    assert "mode" not in event["data"]["vehicle"]


def test_before_that_triggers_were_names_and_success_had_no_status(delivered, sink, said):
    first = said("2025-strings")
    assert "status" not in signals(first)["odometer-traveleddistance"]
    assert signals(first)["tractionbattery-stateofcharge"]["status"]["error"]["type"] == "COMPATIBILITY"
    assert "version" not in first["meta"]
    assert first["meta"]["deliveryTime"] == first["meta"]["deliveredAt"]

    delivered.post("/control/deliver", json={"vehicleId": first["data"]["vehicle"]["id"]})
    event = arrived(sink, lambda event: event.get("triggers", [{}])[0].get("type") == "SIGNAL_UPDATED")
    assert "Odometer.TraveledDistance" in [trigger["signal"] for trigger in event["triggers"]]


def test_the_third_generation_tells_percentages_by_name_and_seconds(said):
    event = said("3.0")

    assert event["meta"]["version"] == "3.0"
    assert event["meta"]["deliveredAt"] < 10**11
    assert set(signals(event)["internalcombustionengine-fuellevel"]["body"]) == {"percentage"}
    assert "status" not in signals(event)["odometer-traveleddistance"]


def test_the_legacy_generation_answers_like_a_batch(said):
    event = said("2.0", signals="all")
    (vehicle,) = event["payload"]["vehicles"]
    bodies = {answer["path"]: answer["body"] for answer in vehicle["data"]}

    assert (event["version"], event["eventName"], event["mode"]) == ("2.0", "schedule", "live")
    assert {"eventId", "eventType", "meta", "data"}.isdisjoint(event)
    assert {answer["code"] for answer in vehicle["data"]} == {200}
    assert 0 <= bodies["/engine/oil"]["lifeRemaining"] <= 1
    assert set(bodies["/tires/pressure"]) == {"frontLeft", "frontRight", "backLeft", "backRight"}
    assert {"SYSTEM_MIL", "SYSTEM_WASHER_FLUID", "SYSTEM_OIL_PRESSURE"} <= {
        system["systemId"] for system in bodies["/diagnostics/system_status"]["systems"]
    }


def test_the_legacy_generation_tells_of_charging_as_an_event(delivered, sink, said):
    vehicle_id = said("2.0", EV)["payload"]["vehicles"][0]["vehicleId"]
    delivered.post("/control/letter", json={"vehicleId": vehicle_id, "charging": "CHARGING_STARTED"})
    event = arrived(sink, lambda event: event.get("eventName") == "eventBased")

    assert event["payload"]["vehicleId"] == vehicle_id
    assert event["payload"]["eventType"] == "CHARGING_STARTED"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_webhook_can_be_verified_in_every_generation(delivered, sink, dialect):
    delivered.post("/control/dialect", json={"dialect": dialect})

    assert delivered.post("/control/verify", json={}).json() == {"verified": True}


@pytest.mark.parametrize(
    ("signals_as", "told"),
    [
        ("objects", [{"code": "wheel-tires", "name": "Tires", "group": "Wheel"}]),
        ("strings", ["Wheel.Tires"]),
        ("missing", None),
    ],
)
def test_an_error_names_its_signals_in_one_of_three_ways(delivered, sink, said, signals_as, told):
    vehicle_id = said("current")["vehicleId"]
    error = {"type": "COMPATIBILITY", "code": "VEHICLE_NOT_CAPABLE", "signals": ["wheel-tires"]}
    delivered.post("/control/error", json={"vehicleId": vehicle_id, "signalsAs": signals_as} | error)
    event = arrived(sink, lambda event: event["eventType"] == "VEHICLE_ERROR")

    assert event["data"]["errors"][0].get("signals") == told


def test_the_oldest_errors_of_4_name_signals_by_text_and_no_version(delivered, sink, said):
    vehicle_id = said("2025-strings")["data"]["vehicle"]["id"]
    error = {"type": "PERMISSION", "signals": ["vehicleidentification-vin"]}
    delivered.post("/control/error", json={"vehicleId": vehicle_id} | error)
    event = arrived(sink, lambda event: event["eventType"] == "VEHICLE_ERROR")

    assert event["data"]["errors"][0]["signals"] == ["VehicleIdentification.VIN"]
    assert set(event["meta"]) == {"mode", "deliveryId", "deliveredAt", "deliveryTime"}


def test_letters_out_of_turn_are_of_any_car_mode_and_kind(delivered, sink):
    _, (vehicle_id, *_) = delivered.consent()
    delivered.post("/control/letter", json={"vehicleId": vehicle_id, "mode": "TEST"})
    delivered.post("/control/letter", json={"vehicleId": vehicle_id, "eventType": "VEHICLE_SOLD"})
    delivered.post("/control/letter", json={"vehicleId": vehicle_id, "stranger": True})
    test = arrived(sink, lambda event: event["meta"].get("mode") == "TEST")
    unknown = arrived(sink, lambda event: event["eventType"] == "VEHICLE_SOLD")
    stranger = arrived(sink, lambda event: event.get("vehicleId") not in (vehicle_id, None))

    assert test["vehicleId"] == unknown["vehicleId"] == vehicle_id
    assert stranger["vehicleId"] not in delivered.sandbox.world.cars
    assert delivered.sandbox.world.cars[vehicle_id].vin not in json.dumps(stranger)


@pytest.mark.parametrize("seconds_ago", [86_400, -86_400])
def test_a_letter_can_tell_of_another_time(delivered, sink, seconds_ago):
    _, (vehicle_id, *_) = delivered.consent()
    delivered.post("/control/letter", json={"vehicleId": vehicle_id, "secondsAgo": seconds_ago})
    event = arrived(sink, lambda event: event["eventType"] == "VEHICLE_STATE")
    odometer = signals(event)["odometer-traveleddistance"]
    at = odometer["meta"]["oemUpdatedAt"] / 1000

    assert (at - event["meta"]["deliveredAt"] / 1000 + seconds_ago) == pytest.approx(0, abs=60)
    assert odometer["body"]["value"] == delivered.sandbox.world.conditions[vehicle_id].odometer_km(at)
