"""A car in trouble, as every call for its data tells it."""

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox import mishaps

EVERY = [(kind, code) for kind, codes in mishaps.CODES.items() for code in codes]


def answer_of(guest, user_id: str, vehicle_id: str):
    return guest.get(f"/vehicle/v3/vehicles/{vehicle_id}/signals", headers={"sc-user-id": user_id})


@pytest.mark.parametrize(("kind", "code"), EVERY)
def test_every_mishap_of_the_catalogue_is_told_with_its_status(guest, kind, code):
    user_id, (vehicle_id, healthy, *_) = guest.consent()
    guest.sandbox.world.troubles.put(vehicle_id, kind, code)
    answer = answer_of(guest, user_id, vehicle_id)
    (error,) = answer.json()["errors"]

    assert (error["type"], error["code"], error["status"]) == (kind, code, str(answer.status_code))
    assert answer.status_code == (403 if code == "ACCESS_DENIED" else mishaps.STATUSES[kind])
    assert error["meta"]["debug"]["requestId"] == answer.headers["SC-Request-Id"]
    assert answer_of(guest, user_id, healthy).status_code == 200


def test_a_throttled_car_says_how_long_to_wait_and_forgives_by_then(tmp_path):
    now = [1_790_000_000.0]
    with scene.running(scene.told(tmp_path), clock=lambda: now[0]) as guest:
        guest.sign_in()
        user_id, (vehicle_id, *_) = guest.consent()
        guest.sandbox.world.troubles.put(vehicle_id, "RATE_LIMIT", "VEHICLE", until=now[0] + 90)
        throttled = answer_of(guest, user_id, vehicle_id)
        now[0] += 91
        later = answer_of(guest, user_id, vehicle_id)

    assert (throttled.status_code, throttled.headers["Retry-After"]) == (429, "90")
    assert later.status_code == 200


def test_a_lost_sign_in_names_the_address_where_it_is_mended(guest):
    user_id, (vehicle_id, *_) = guest.consent()
    guest.sandbox.world.troubles.put(vehicle_id, "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED")
    resolution = answer_of(guest, user_id, vehicle_id).json()["errors"][0]["resolution"]

    assert resolution["type"] == "REAUTHENTICATE"
    assert resolution["url"].startswith(f"{guest.origin}/connect/oauth/reauthenticate?")
    assert f"vehicle_id={vehicle_id}" in resolution["url"]


def test_troubles_survive_a_restart_and_end_when_cleared(tmp_path):
    with scene.running(scene.told(tmp_path)) as guest:
        _, (vehicle_id, *_) = guest.consent()
        guest.sandbox.world.troubles.put(vehicle_id, "VEHICLE_STATE", "ASLEEP")

    with scene.running(scene.told(tmp_path)) as guest:
        assert guest.sandbox.world.troubles.of(vehicle_id) == ("VEHICLE_STATE", "ASLEEP")
        guest.sandbox.world.troubles.clear(vehicle_id)

    with scene.running(scene.told(tmp_path)) as guest:
        assert guest.sandbox.world.troubles.of(vehicle_id) is None


def test_a_trouble_that_ends_by_itself_is_resolved_by_letter(delivered, sink):
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.subscribe(user_id, vehicle_id)
    trouble = {"type": "VEHICLE_STATE", "code": "ASLEEP", "seconds": 0.2}
    delivered.post("/control/trouble", json={"vehicleId": vehicle_id} | trouble)
    sink.wait(lambda sink: len({event["eventId"] for event in sink.events("VEHICLE_ERROR")}) == 2)
    told = {event["data"]["errors"][0]["state"] for event in sink.events("VEHICLE_ERROR")}

    assert told == {"ERROR", "RESOLVED"}
    assert delivered.get("/control/troubles").json() == {"troubles": []}


def test_a_car_subscribed_in_trouble_tells_the_trouble_first(delivered, sink):
    user_id, (vehicle_id, *_) = delivered.consent()
    trouble = {"type": "CONNECTED_SERVICES_ACCOUNT", "code": "SUBSCRIPTION"}
    delivered.post("/control/trouble", json={"vehicleId": vehicle_id} | trouble)
    delivered.subscribe(user_id, vehicle_id)
    sink.wait(lambda sink: sink.events("VEHICLE_ERROR"))

    assert sink.events() == []


def test_a_trouble_of_some_signals_is_one_letter_that_names_them(delivered, sink):
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.subscribe(user_id, vehicle_id)
    codes = ["wheel-tires", "diagnostics-mil"]
    delivered.post("/control/trouble", json={"vehicleId": vehicle_id, "type": "PERMISSION", "signals": codes})
    sink.wait(lambda sink: sink.events("VEHICLE_ERROR"))
    (error,) = sink.events("VEHICLE_ERROR")[0]["data"]["errors"]

    assert [signal["code"] for signal in error["signals"]] == codes
    assert error["resolution"] == {"type": "REAUTHENTICATE"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": ""},
        {"type": "VEHICLE_STATE", "code": 5},
        {"type": "PERMISSION", "signals": ["vin"]},
        {"type": "VEHICLE_STATE", "seconds": -1},
        {"type": "VEHICLE_STATE", "vehicleId": "nobodys"},
    ],
)
def test_a_trouble_that_makes_no_sense_is_refused(guest, wrong):
    vehicle_id = next(iter(guest.sandbox.world.cars))
    answer = guest.post("/control/trouble", json={"vehicleId": vehicle_id} | wrong)

    assert answer.status_code == 400
    assert guest.get("/control/troubles").json() == {"troubles": []}
