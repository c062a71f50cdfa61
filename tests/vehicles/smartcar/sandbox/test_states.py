"""Every state of a portal's page of connections, brought about by one command and ended by another."""

from datetime import datetime, timedelta

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox import states

STATUSES = {
    "reconnect": 400,
    "not_permitted": 200,
    "not_provided": 200,
    "unreadable": 501,
    "not_fetched": 200,
    "throttled": 429,
    "not_on_plan": 430,
    "asleep": 409,
    "no_subscription": 400,
    "migrated": 501,
    "not_found": 404,
    "no_response": 502,
    "waiting": 200,
    "silent": 200,
    "stale": 200,
    "disconnected": 404,
    "clear": 200,
}


@pytest.fixture
def car(delivered, sink):
    """A subscribed car of GM, with the way to bring a state about and to ask for its signals."""
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.post("/control/post", json={"duplicate": 0})
    delivered.subscribe(user_id, vehicle_id)
    sink.wait(lambda sink: sink.events())
    return Car(delivered, user_id, vehicle_id)


class Car:
    def __init__(self, guest, user_id: str, vehicle_id: str):
        self.guest, self.user_id, self.id = guest, user_id, vehicle_id

    def become(self, state: str) -> None:
        assert self.guest.post("/control/state", json={"vehicleId": self.id, "state": state}).status_code == 200

    def ask(self):
        path = f"/vehicle/v3/vehicles/{self.id}/signals?page[size]=100"
        return self.guest.get(path, headers={"sc-user-id": self.user_id})

    def signals(self) -> dict[str, dict]:
        return {row["id"]: row for row in self.ask().json()["data"]}


@pytest.mark.parametrize("state", states.NAMES)
def test_each_state_answers_as_smartcar_would_and_clears(car, state):
    car.become(state)
    assert car.ask().status_code == STATUSES[state]

    car.become("clear")
    assert car.ask().status_code == (404 if state == "disconnected" else 200)


def test_a_state_of_signals_spares_the_others(car):
    car.become("not_permitted")
    signals = car.signals()

    assert signals["diagnostics-dtclist"]["attributes"]["status"]["error"]["type"] == "PERMISSION"
    assert signals["odometer-traveleddistance"]["attributes"]["status"] == {"value": "SUCCESS"}


def test_a_car_whose_signals_are_not_fetched_says_unavailable(car):
    car.become("not_fetched")

    assert car.signals()["wheel-tires"]["attributes"]["status"] == {"value": "UNAVAILABLE"}


def test_a_waiting_car_has_an_empty_store_although_it_is_subscribed(car):
    car.become("waiting")

    assert car.ask().json()["data"] == []


def test_a_silent_car_keeps_its_last_state_and_reports_no_more(tmp_path):
    now = [1_795_000_000.0]
    with scene.running(scene.told(tmp_path), clock=lambda: now[0]) as guest:
        guest.sign_in()
        user_id, (vehicle_id, *_) = guest.consent()
        guest.subscribe(user_id, vehicle_id)
        car = Car(guest, user_id, vehicle_id)
        before = car.signals()
        car.become("silent")
        now[0] += 3000

        assert car.signals() == before
        assert guest.post("/control/deliver", json={"vehicleId": vehicle_id}).json() == {"deliveries": 0}
        car.become("clear")
        assert car.signals()["vehicleidentification-vin"]["meta"] != before["vehicleidentification-vin"]["meta"]


def test_a_car_may_have_been_silent_for_days_before_it_is_connected(car):
    before = car.signals()["odometer-traveleddistance"]
    car.become("stale")
    after = car.signals()["odometer-traveleddistance"]
    gap = fresh_at(before) - fresh_at(after)

    assert timedelta(days=2, hours=23) < gap < timedelta(days=3, hours=1)
    car.become("silent")
    assert car.signals()["odometer-traveleddistance"] == after, "the longer silence stands"


def fresh_at(signal: dict) -> datetime:
    return datetime.fromisoformat(signal["meta"]["oemUpdatedAt"])


def test_a_car_disconnected_elsewhere_is_gone_from_the_list_with_its_subscription(car):
    car.become("disconnected")
    listed = car.guest.get("/vehicle/v3/connections?page[size]=100").json()["data"]

    assert car.id not in [row["relationships"]["vehicle"]["data"]["id"] for row in listed]
    assert car.guest.get("/management-v3/v3/subscriptions").json()["data"] == []


def test_a_car_that_is_not_found_is_still_listed(car):
    car.become("not_found")
    listed = car.guest.get("/vehicle/v3/connections?page[size]=100").json()["data"]

    assert car.id in [row["relationships"]["vehicle"]["data"]["id"] for row in listed]
    assert car.guest.get(f"/vehicle/v3/vehicles/{car.id}").status_code == 404


@pytest.mark.parametrize("state", ["reconnect", "migrated", "asleep", "not_permitted"])
def test_what_smartcar_tells_by_webhook_is_told_when_it_begins_and_when_it_ends(car, sink, state):
    car.become(state)
    sink.wait(lambda sink: len(sink.events("VEHICLE_ERROR")) == 1)
    car.become("clear")
    sink.wait(lambda sink: len(sink.events("VEHICLE_ERROR")) == 2)
    told = {error["state"]: error for event in sink.events("VEHICLE_ERROR") for error in event["data"]["errors"]}

    assert told["ERROR"]["type"] == told["RESOLVED"]["type"] == states.TROUBLES[state][1]
    assert ("signals" in told["ERROR"]) == bool(states.TROUBLES[state][3])
    assert "resolution" not in told["RESOLVED"]


@pytest.mark.parametrize("state", ["throttled", "not_on_plan", "no_response", "silent"])
def test_what_smartcar_does_not_tell_by_webhook_stays_untold(car, sink, state):
    car.become(state)
    car.guest.post("/control/error", json={"vehicleId": car.id, "type": "VEHICLE_STATE", "code": "IGNITION_ON"})
    sink.wait(lambda sink: sink.events("VEHICLE_ERROR"))

    assert [event["data"]["errors"][0]["code"] for event in sink.events("VEHICLE_ERROR")] == ["IGNITION_ON"]


def test_a_changed_password_locks_a_whole_account_out_until_the_owner_is_back(car):
    guest = car.guest
    guest.post("/control/state", json={"account": scene.GM, "state": "reconnect"})
    locked = car.ask().json()["errors"][0]
    guest.consent()

    assert (locked["type"], locked["code"]) == ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED")
    assert car.ask().status_code == 200
    assert guest.get("/control/troubles").json() == {"troubles": []}


def test_a_maker_moves_all_its_cars_and_nobody_elses(car):
    guest = car.guest
    guest.post("/control/state", json={"make": "gmc", "state": "migrated"})
    troubled = {row["vehicle_id"] for row in guest.get("/control/troubles").json()["troubles"]}

    assert {guest.sandbox.world.cars[vehicle_id].make for vehicle_id in troubled} == {"GMC"}
    assert len(troubled) == 2


def test_an_owner_coming_back_does_not_wake_a_sleeping_car(car):
    car.become("asleep")
    car.guest.post("/control/returned", json={"vehicleId": car.id})

    assert car.ask().status_code == 409


def test_the_truth_is_told_whatever_the_store_says(car):
    car.become("silent")
    (row, *_) = [row for row in car.guest.get("/control/truth").json()["vehicles"] if row["vehicleId"] == car.id]

    assert row["standing"] == ["silent"]
    assert row["subscribed"] is True
    assert set(row["signals"]) == set(car.guest.sandbox.world.cars[car.id].told)
    assert row["signals"]["odometer-traveleddistance"]["body"]["unit"] == "km"
    assert row["signals"]["odometer-traveleddistance"]["at"].endswith("Z")


def test_a_car_may_say_odd_things_until_it_is_cleared(car, sink):
    wheel = {"row": 0, "column": 0, "tirePressure": 699.9}
    car.guest.post("/control/odd", json={"vehicleId": car.id, "signal": "wheel-tires", "body": {"values": [wheel]}})
    assert car.signals()["wheel-tires"]["attributes"]["body"] == {"values": [wheel]}
    car.guest.post("/control/deliver", json={"vehicleId": car.id})
    sink.wait(lambda sink: b"699.9" in sink.arrived[-1][1])
    (row,) = [row for row in car.guest.get("/control/truth").json()["vehicles"] if row["vehicleId"] == car.id]
    assert len(row["signals"]["wheel-tires"]["body"]["values"]) == 4

    car.become("clear")
    assert len(car.signals()["wheel-tires"]["attributes"]["body"]["values"]) == 4


def test_people_find_a_button_for_each_state_and_come_back_to_the_car(car):
    page = car.guest.get("/").text
    pressed = car.guest.post("/control/state", data={"vehicleId": car.id, "state": "asleep"})

    for state, name in states.NAMES.items():
        assert f'<button name="state" value="{state}">{name}</button>' in page
    assert (pressed.status_code, pressed.headers["Location"]) == (303, f"/#car-{car.id}")
    assert "VEHICLE_STATE.ASLEEP" in car.guest.get("/").text


def test_people_can_change_the_weather_by_form(guest):
    said = {"late_seconds": "3", "oversized": "true", "copies_at_once": "false", "token": "older"}
    assert guest.post("/control/post", data=said).headers["Location"] == "/#weather"

    post = guest.get("/control/weather").json()["post"]
    assert (post["late_seconds"], post["oversized"], post["copies_at_once"]) == (3.0, True, False)
    assert '<option value="older" selected>' in guest.get("/").text
