"""Batches and limits of v2: outside all is well, inside each path answers for itself."""

import pytest

from tests.vehicles.smartcar.sandbox import scene


@pytest.fixture
def holder(guest):
    return scene.Holder(guest)


def test_paths_of_a_batch_succeed_and_fail_by_themselves(guest):
    holder = scene.Holder(guest, scope="read_vehicle_info read_odometer read_battery")
    items = holder.batch("/", "/odometer", "/battery", "/fuel", "/nothing")

    assert [item["code"] for item in items.values()] == [200, 200, 501, 403, 404]
    assert items["/"]["body"]["make"] == "CHEVROLET"
    assert {"sc-unit-system", "sc-data-age", "sc-fetched-at"} == set(items["/odometer"]["headers"])
    assert items["/battery"]["body"]["type"] == "COMPATIBILITY"
    assert items["/battery"]["headers"] == {"content-type": "application/json"}


def test_a_batch_is_well_even_if_all_in_it_failed(holder):
    holder.guest.sandbox.world.troubles.put(holder.cars[0], "VEHICLE_STATE", "UNREACHABLE")
    items = holder.batch("/odometer", "/fuel")

    assert [item["code"] for item in items.values()] == [409, 409]
    assert not any("headers" in item for item in items.values())


@pytest.mark.parametrize(
    ("kind", "code", "status"), [("AUTHENTICATION", None, 401), ("BILLING", "ACCOUNT_SUSPENDED", 430)]
)
def test_what_is_wrong_with_the_application_fails_the_whole_batch(holder, kind, code, status):
    holder.guest.sandbox.world.troubles.put(holder.cars[0], kind, code)
    said = {"requests": [{"path": "/odometer"}]}

    assert holder.ask("POST", f"/vehicles/{holder.cars[0]}/batch", json=said).status_code == status


@pytest.mark.parametrize(
    "said", [None, [], {}, {"request": []}, {"requests": []}, {"requests": ["/vin"]}, {"requests": [{"path": "vin"}]}]
)
def test_a_batch_that_makes_no_sense_is_refused_with_a_reason(holder, said):
    answer = holder.ask("POST", f"/vehicles/{holder.cars[0]}/batch", json=said)

    assert (answer.status_code, answer.json()["type"]) == (400, "VALIDATION")
    assert answer.json()["detail"][0]["message"]


def test_each_path_counts_against_the_car_and_says_how_long_to_wait(tmp_path):
    now = [1_790_000_000.0]
    with scene.running(scene.told(tmp_path), clock=lambda: now[0]) as guest:
        holder = scene.Holder(guest)
        guest.post("/control/hosts", json={"vehicle_calls": 2, "vehicle_seconds": 60})
        items = holder.batch("/vin", "/odometer", "/fuel")
        alone, other = holder.car("/vin"), holder.car("/vin", which=1)
        now[0] += 61
        later = holder.car("/vin")

    assert [item["code"] for item in items.values()] == [200, 200, 429]
    assert items["/fuel"]["headers"]["Retry-After"] == "60"
    assert (alone.status_code, alone.json()["code"], alone.headers["Retry-After"]) == (429, "VEHICLE", "60")
    assert (other.status_code, later.status_code) == (200, 200)


def test_v2_and_v3_drink_from_one_bucket_and_a_batch_is_one_sip(tmp_path):
    with scene.running(scene.told(tmp_path, bucket_size=3, bucket_per_minute=1)) as guest:
        guest.sign_in()
        holder = scene.Holder(guest)
        holder.batch("/vin", "/odometer", "/fuel", "/tires/pressure")
        guest.get("/vehicle/v3/connections")
        last, empty = holder.get("/user"), holder.get("/user")

    assert last.status_code == 200
    assert (empty.status_code, empty.json()["type"], empty.json()["code"]) == (429, "RATE_LIMIT", "SMARTCAR_API")


def test_what_is_not_let_in_costs_nothing(tmp_path):
    with scene.running(scene.told(tmp_path, bucket_size=1, bucket_per_minute=0.001)) as guest:
        holder = scene.Holder(guest)
        for _ in range(3):
            assert holder.get("/user", headers={"Authorization": "Bearer nobody's"}).status_code == 401

        assert holder.get("/user").status_code == 200


@pytest.mark.parametrize("host", ["api", "auth", "management"])
def test_a_host_of_v2_can_be_down(holder, host):
    holder.guest.post("/control/hosts", json={"outage": "503", "down": [host]})
    paths = {
        "api": "/api/v2.0/user",
        "auth": "/auth/oauth/token",
        "management": "/management/v2.0/management/connections",
    }

    assert {name: holder.guest.get(path).status_code == 503 for name, path in paths.items()} == {
        name: name == host for name in paths
    }
