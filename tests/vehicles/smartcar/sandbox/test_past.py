"""The replay, the restart and the seed: the same past whoever asks, however often."""

import json
import time

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox import vin
from vehicles.smartcar.sandbox.roads import DAY
from vehicles.smartcar.sandbox.world import World

NOW = 1_795_000_000.0


def replayed(guest, sink, days: int) -> dict[str, str]:
    """Event id -> data, of one whole replay."""
    before = len(sink.arrived)
    guest.post("/control/replay", json={"days": days})
    sink.wait(lambda sink: guest.get("/control/status").json()["replay"]["done"])
    events = [json.loads(raw) for _, raw in sink.arrived[before:]]
    return {event["eventId"]: json.dumps(event["data"]) for event in events if event["eventType"] == "VEHICLE_STATE"}


def test_a_replay_sends_one_delivery_per_car_and_day_and_the_same_ones_again(delivered, sink):
    user_id, vehicle_ids = delivered.consent()
    for vehicle_id in vehicle_ids[:3]:
        delivered.subscribe(user_id, vehicle_id)
    sink.wait(lambda sink: len({event["eventId"] for event in sink.events()}) == 3)
    time.sleep(0.05)
    first, again = replayed(delivered, sink, days=20), replayed(delivered, sink, days=20)

    assert len(first) == 60
    assert first == again


def test_a_replay_tells_the_past_in_its_order_and_never_turns_an_odometer_back(delivered, sink):
    user_id, vehicle_ids = delivered.consent()
    delivered.subscribe(user_id, vehicle_ids[0])
    days = [json.loads(data)["signals"][0] for data in replayed(delivered, sink, days=400).values()]
    by_time = sorted(days, key=lambda signal: signal["meta"]["oemUpdatedAt"])
    odometers = [signal["body"]["value"] for signal in by_time]

    assert len(days) >= 400
    assert odometers == sorted(odometers)
    assert odometers[0] < odometers[-1]


def test_grants_subscriptions_epoch_and_services_survive_a_restart(tmp_path):
    with scene.running(scene.told(tmp_path)) as guest:
        guest.sign_in()
        user_id, (vehicle_id, *_) = guest.consent()
        guest.subscribe(user_id, vehicle_id)
        guest.post("/control/service-done", json={"vehicleId": vehicle_id, "tasks": ["oil_change"]})
        epoch, log = guest.sandbox.world.ledger.epoch, guest.get("/control/service-log").json()

    with scene.running(scene.told(tmp_path)) as guest:
        guest.sign_in()
        assert guest.get("/vehicle/v3/connections").json()["meta"]["totalCount"] == 9
        assert guest.subscribe(user_id, vehicle_id).status_code == 409
        assert guest.signals(user_id, vehicle_id)["internalcombustionengine-oillife"]["body"]["value"] == 100
        assert guest.sandbox.world.ledger.epoch == epoch
        assert guest.get("/control/service-log").json() == log


def test_the_same_seed_makes_the_same_cars_with_the_same_lives(tmp_path):
    one, two, other = (
        World(scene.told(tmp_path / name, seed=seed), clock=lambda: NOW)
        for name, seed in [("a", "x"), ("b", "x"), ("c", "y")]
    )

    def lives(world):
        return [world.conditions[key].bodies(NOW - days * DAY) for key in world.cars for days in (0, 30, 300)]

    assert lives(one) == lives(two)
    assert one.service_log() == two.service_log()
    assert lives(one) != lives(other)


def test_odometers_only_rise_hour_by_hour_across_the_end_of_the_past(tmp_path):
    world = World(scene.told(tmp_path), clock=lambda: NOW)
    for condition in world.conditions.values():
        readings = [condition.odometer_km(NOW + hour * 3600) for hour in range(-72, 72)]
        assert readings == sorted(readings)


def test_some_cars_are_on_the_road_at_any_hour(tmp_path):
    world = World(scene.told(tmp_path), clock=lambda: NOW)
    for hour in range(24 * 7):
        at = NOW + hour * 3600
        assert sum(condition.road.is_moving(at) for condition in world.conditions.values()) >= 3


def test_the_fleet_today_has_something_to_show(tmp_path):
    world = World(scene.told(tmp_path), clock=lambda: NOW)
    lives = [condition.oil_life(NOW) for condition in world.conditions.values() if not condition.car.is_electric]
    codes = [c for c in world.conditions.values() if "diagnostics-dtclist" in c.car.told and c.codes(NOW)]

    assert 2 <= sum(life < 20 for life in lives) <= 4
    assert 7 <= sum(20 < life < 30 for life in lives) <= 14
    assert 3 <= len(codes) <= 9


def test_every_vin_has_a_right_check_digit(tmp_path):
    cars = World(scene.told(tmp_path)).cars.values()

    assert len({car.vin for car in cars}) == len(cars) >= 40
    assert all(len(car.vin) == 17 and car.vin[8] == vin.check_digit(car.vin) for car in cars)
    assert vin.check_digit("1M8GDM9AXKP042788") == "X"


def test_the_service_log_starts_before_the_past_and_ends_before_today(tmp_path):
    world = World(scene.told(tmp_path), clock=lambda: NOW)
    log = world.service_log()

    assert log[0]["at"] < log[-1]["at"]
    assert all(row["odometerKm"] < world.conditions[row["vehicleId"]].odometer_km(NOW) for row in log)
