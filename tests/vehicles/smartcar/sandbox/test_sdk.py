"""The unchanged Python SDK of Smartcar against a running sandbox: environment variables are all it needs to be told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox import magic

WALK = Path(__file__).with_name("sdk_walk.py")
MAGIC = {
    "asleep": "VEHICLE_STATE.ASLEEP@smartcar.com",
    "password": "connected_services_account.authentication_failed@smartcar.com",
    "throttled": "RATE_LIMIT.VEHICLE@smartcar.com",
}
# What the three cars below cannot tell, each by its maker or by its engine.
MUTE = {
    "gm": {"battery", "battery_capacity", "nominal_capacity", "charge", "get_charge_limit"},
    "ev": {"engine_oil", "fuel", "diagnostic_system_status", "diagnostic_trouble_codes"},
    "ford": {"diagnostic_system_status", "diagnostic_trouble_codes"},
}
MUTE["gm"] |= {"service_history", "service_history_all"}
MUTE["ev"] |= {"service_history", "service_history_all"}
MUTE["ford"] |= MUTE["gm"] - {"service_history", "service_history_all"}


@pytest.fixture(scope="module")
def guest(tmp_path_factory):
    with scene.running(scene.told(tmp_path_factory.mktemp("sdk"))) as guest:
        yield guest


@pytest.fixture(scope="module")
def came(guest):
    """What came of every step of the walk."""
    settings, world = guest.sandbox.world.settings, guest.sandbox.world

    def share(account: str) -> dict:
        return {"account": account, "vehicles": [car.id for car in world.cars_of(world.sign_in(account).email)]}

    told = {
        "scope": scene.EVERYTHING,
        "gm": share(scene.GM),
        "ev": share(scene.EV),
        "ford": share(scene.FORD),
        "magic": {name: share(account) for name, account in MAGIC.items()},
        "webhook_id": settings.webhook_id,
        "amt": scene.TOKEN,
        "vin": world.cars_of(scene.GM)[0].vin,
    }
    environment = {
        "PATH": os.environ["PATH"],
        "SMARTCAR_CLIENT_ID": settings.application_id,
        "SMARTCAR_CLIENT_SECRET": settings.legacy_client_secret,
        "SMARTCAR_REDIRECT_URI": scene.BACK,
        "SMARTCAR_AUTH_ORIGIN": f"{guest.origin}/auth/oauth/token",
        "SMARTCAR_API_ORIGIN": f"{guest.origin}/api",
        "SMARTCAR_CONNECT_ORIGIN": f"{guest.origin}/connect",
        "SMARTCAR_MANAGEMENT_API_ORIGIN": f"{guest.origin}/management",
        "SMARTCAR_VEHICLE_API_V3_ORIGIN": f"{guest.origin}/vehicle",
    }
    walk = subprocess.run(
        [sys.executable, str(WALK)],
        input=json.dumps(told),
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert walk.returncode == 0, walk.stderr
    return json.loads(walk.stdout)


def error(came: dict, step: str) -> tuple:
    told = came[step]["error"]
    return told["status_code"], told["type"], told["code"]


def test_codes_and_refresh_tokens_are_exchanged(came):
    access, newer = came["exchange_code"], came["exchange_refresh_token"]

    assert (access["token_type"], access["expires_in"]) == ("Bearer", 7200)
    assert access["refresh_token"] != newer["refresh_token"]
    assert came["exchange_code_again"]["error"]["type"] == "invalid_grant"
    assert came["exchange_refresh_token_unknown"]["error"]["type"] == "invalid_grant"


def test_users_and_vehicles_are_listed(came, guest):
    cars = [car.id for car in guest.sandbox.world.cars_of(scene.GM)]

    assert came["get_user"]["id"]
    assert error(came, "get_user_unknown") == (401, "AUTHENTICATION", None)
    assert set(came["get_vehicles"]["vehicles"]) == set(cars)
    assert came["get_vehicles_paged"]["vehicles"] == came["get_vehicles"]["vehicles"][1:3]
    assert came["get_vehicles_paged"]["paging"] == {"count": 9, "offset": 1}


@pytest.mark.parametrize("who", MUTE)
def test_each_call_for_data_answers_or_says_that_the_car_cannot(came, who):
    calls = {step.partition(".")[2]: told for step, told in came.items() if step.startswith(f"{who}.")}
    failed = {call for call, told in calls.items() if "error" in told}

    assert len(calls) == 20
    assert failed == MUTE[who]
    assert {error(came, f"{who}.{call}") for call in failed} == {(501, "COMPATIBILITY", "VEHICLE_NOT_CAPABLE")}


def test_values_and_stamps_arrive_as_the_car_told_them(came, guest):
    car = guest.sandbox.world.cars_of(scene.GM)[0]

    assert came["gm.vin"]["vin"] == car.vin
    assert (came["gm.attributes"]["make"], came["gm.attributes"]["year"]) == (car.make, car.year)
    assert 0 <= came["gm.engine_oil"]["life_remaining"] <= 1
    assert came["gm.diagnostic_trouble_codes"]["active_codes"][0]["code"] == "P0300"
    assert came["ford.service_history_all"]["items"][0]["serviceTasks"]
    assert came["ev.nominal_capacity"]["capacity"] == {"nominal": 57.5, "source": "SMARTCAR"}
    assert {"data_age", "fetched_at", "request_id", "unit_system"} == set(came["gm.odometer"]["meta"])
    assert came["imperial.odometer"]["meta"]["unit_system"] == "imperial"
    assert came["imperial.odometer"]["distance"] == pytest.approx(came["gm.odometer"]["distance"] / 1.609344, rel=0.001)
    assert came["gm.permissions"]["permissions"] == scene.EVERYTHING


def test_a_batch_has_its_answers_and_its_errors(came):
    assert came["batch.attributes"]["make"] == "CHEVROLET"
    assert came["batch.odometer"]["meta"]["request_id"] == came["batch"]["meta"]["request_id"]
    assert came["batch.tire_pressure"]["front_left"] > 100
    assert came["batch.diagnostic_trouble_codes"]["active_codes"]
    assert error(came, "batch.battery") == (501, "COMPATIBILITY", "VEHICLE_NOT_CAPABLE")


def test_errors_are_exceptions_with_type_code_and_what_to_do(came, guest):
    assert error(came, "magic.asleep") == (409, "VEHICLE_STATE", "ASLEEP")
    assert error(came, "magic.password") == (400, "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED")
    assert came["magic.password"]["error"]["resolution"]["url"].startswith(
        f"{guest.origin}/connect/oauth/reauthenticate"
    )
    assert error(came, "magic.throttled") == (429, "RATE_LIMIT", "VEHICLE")
    assert int(came["magic.throttled"]["error"]["retry_after"]) > 0
    assert {magic.account(email).email for email in MAGIC.values()} <= set(guest.sandbox.world.accounts)


def test_cars_go_on_and_off_the_webhook_and_fill_the_store_of_v3(came, guest):
    vehicle_id = guest.sandbox.world.cars_of(scene.GM)[0].id
    webhook_id = guest.sandbox.world.settings.webhook_id

    assert came["subscribe"] | {"meta": {}} == {"webhook_id": webhook_id, "vehicle_id": vehicle_id, "meta": {}}
    assert came["get_vehicle"]["body"]["data"]["id"] == vehicle_id
    assert len(came["get_signals"]["body"]["data"]) == 10
    assert came["get_signal"]["body"]["data"]["attributes"]["body"]["unit"] == "km"
    assert came["unsubscribe"]["status"] == "success"
    assert guest.sandbox.world.ledger.subscriptions() == []


def test_the_management_side_lists_and_deletes_connections(came, guest):
    world = guest.sandbox.world
    listed = [row["vehicle_id"] for row in came["get_connections"]]
    ones = {car.id for account in (scene.GM, scene.EV, scene.FORD) for car in world.cars_of(account)}

    assert len(listed) == len(set(listed)) == len(ones) + len(MAGIC)
    assert ones < set(listed)
    assert [row["vehicle_id"] for row in came["get_connections_of_car"]["connections"]] == [
        world.cars_of(scene.GM)[0].id
    ]
    assert error(came, "get_connections_unknown")[:2] == (401, "AUTHENTICATION")
    assert [row["vehicle_id"] for row in came["delete_connections"]["connections"]] == [world.cars_of(scene.GM)[1].id]


def test_compatibility_is_known_by_vin_and_as_a_matrix(came):
    able = {row["endpoint"]: row["capable"] for row in came["get_compatibility"]["capabilities"]}

    assert came["get_compatibility"]["compatible"] is True
    assert able["/engine/oil"] is True
    assert able["/battery"] is False
    assert came["get_compatibility_unknown"]["compatible"] is False
    assert came["get_compatibility_unknown"]["reason"] == "MAKE_NOT_COMPATIBLE"
    models = {row["model"]: row for row in came["get_compatibility_matrix"]["CHEVROLET"]}
    assert "Silverado 1500" in models
    assert "Bolt EUV" not in models
    assert models["Silverado 1500"]["startYear"] == 2021


def test_after_a_disconnect_the_car_is_out_of_reach(came):
    assert came["disconnect"]["status"] == "success"
    assert error(came, "disconnected.vin") == (403, "PERMISSION", None)
