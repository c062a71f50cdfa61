"""The paths of a car in v2: the same truth as in v3, in the words of v2."""

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox import mishaps, v2_paths

EVERY = [(kind, code) for kind, codes in mishaps.CODES.items() for code in codes]
MILE = 1.609344


@pytest.fixture
def holder(guest):
    return scene.Holder(guest)


def signals_of(holder, which: int = 0) -> dict[str, dict]:
    """What v3 tells of the same car."""
    user_id = holder.get("/user").json()["id"]
    holder.guest.subscribe(user_id, holder.cars[which])
    told = holder.guest.signals(user_id, holder.cars[which])
    return {code: attributes["body"] for code, attributes in told.items() if "body" in attributes}


def test_v2_and_v3_tell_of_the_same_car(tmp_path):
    now = 1_790_000_000.0
    with scene.running(scene.told(tmp_path), clock=lambda: now) as guest:
        guest.sign_in()
        holder = scene.Holder(guest)
        v3, v2 = signals_of(holder), {path: item.get("body") for path, item in holder.batch(*v2_paths.PATHS).items()}

    assert v2["/odometer"]["distance"] == v3["odometer-traveleddistance"]["value"]
    assert v2["/engine/oil"]["lifeRemaining"] * 100 == pytest.approx(v3["internalcombustionengine-oillife"]["value"])
    assert v2["/fuel"]["percentRemaining"] * 100 == pytest.approx(v3["internalcombustionengine-fuellevel"]["value"])
    assert v2["/fuel"]["amountRemaining"] == v3["internalcombustionengine-amountremaining"]["value"]
    assert v2["/diagnostics/dtcs"]["activeCodes"] == v3["diagnostics-dtclist"]["values"]
    assert v2["/vin"]["vin"] == v3["vehicleidentification-vin"]["value"]
    wheels = {(wheel["row"], wheel["column"]): wheel["tirePressure"] for wheel in v3["wheel-tires"]["values"]}
    assert v2["/tires/pressure"]["backLeft"] == wheels[1, 0]
    assert v2["/tires/pressure"]["frontRight"] == wheels[0, 1]
    systems = {system["systemId"]: system["status"] for system in v2["/diagnostics/system_status"]["systems"]}
    assert systems["SYSTEM_MIL"] == v3["diagnostics-mil"]["status"] == "ALERT"
    assert systems["SYSTEM_TPMS"] == v3["diagnostics-tirepressuremonitoring"]["status"]


def test_every_path_answers_for_some_car(guest):
    answered = set()
    for account in guest.sandbox.world.accounts:
        holder = scene.Holder(guest, account)
        for which in range(len(holder.cars)):
            items = holder.batch(*v2_paths.PATHS, which=which)
            answered |= {path for path, item in items.items() if item["code"] == 200}

    assert answered == set(v2_paths.PATHS)


def test_headers_say_when_it_was_measured_and_in_which_units(holder):
    answer = holder.car("/odometer", headers={"SC-Unit-System": "Imperial"})

    assert answer.headers["SC-Unit-System"] == "imperial"
    assert answer.headers["SC-Data-Age"] < answer.headers["SC-Fetched-At"]
    assert answer.headers["SC-Request-Id"]


def test_imperial_is_miles_gallons_and_psi(tmp_path):
    with scene.running(scene.told(tmp_path), clock=lambda: 1_790_000_000.0) as guest:
        holder = scene.Holder(guest)
        metric, imperial = (
            [
                holder.car(path, headers={"sc-unit-system": units}).json()
                for path in ("/odometer", "/fuel", "/tires/pressure")
            ]
            for units in ("metric", "imperial")
        )

    assert imperial[0]["distance"] == pytest.approx(metric[0]["distance"] / MILE, abs=0.01)
    assert imperial[1]["range"] == pytest.approx(metric[1]["range"] / MILE, abs=0.01)
    assert imperial[1]["amountRemaining"] == pytest.approx(metric[1]["amountRemaining"] / 3.785411784, abs=0.01)
    assert imperial[1]["percentRemaining"] == metric[1]["percentRemaining"]
    assert imperial[2]["frontLeft"] == pytest.approx(metric[2]["frontLeft"] / 6.894757, abs=0.01)


def test_units_that_nobody_knows_are_invalid(holder):
    answer = holder.car("/odometer", headers={"sc-unit-system": "nautical"})

    assert (answer.status_code, answer.json()["type"]) == (400, "VALIDATION")


@pytest.mark.parametrize(("path", "row"), v2_paths.PATHS.items())
def test_each_path_wants_its_own_permission(guest, path, row):
    others = [name for name in scene.EVERYTHING if name != row.permission]
    answer = scene.Holder(guest, scope=" ".join(others)).car(path)

    assert (answer.status_code, answer.json()["type"]) == (403, "PERMISSION")


@pytest.mark.parametrize(("path", "permission"), [("", "read_vehicle_info"), ("/security", "read_security")])
def test_identity_and_locks_want_theirs_too(guest, path, permission):
    refused = scene.Holder(guest, scope="read_odometer").car(path)
    allowed = scene.Holder(guest, scope=permission).car(path)

    assert (refused.status_code, allowed.status_code) == (403, 200)


def test_permissions_are_those_of_the_consent_in_pages(guest):
    holder = scene.Holder(guest, scope="read_vin required:read_odometer read_tires")

    assert holder.car("/permissions").json() == {
        "permissions": ["read_vin", "read_odometer", "read_tires"],
        "paging": {"count": 3, "offset": 0},
    }
    assert holder.car("/permissions?limit=1&offset=1").json()["permissions"] == ["read_odometer"]


def test_vehicles_are_paged_by_offset(guest):
    holder = scene.Holder(guest, scene.FORD)
    first, second = holder.get("/vehicles").json(), holder.get("/vehicles?offset=10&limit=10").json()

    assert [len(first["vehicles"]), len(second["vehicles"])] == [10, 4]
    assert set(first["vehicles"] + second["vehicles"]) == set(holder.cars)
    assert second["paging"] == {"count": 14, "offset": 10}
    assert holder.get("/vehicles?limit=0").status_code == 400


@pytest.mark.parametrize(("kind", "code"), EVERY)
def test_every_mishap_of_the_catalogue_is_told_in_the_shape_of_v2(guest, kind, code):
    holder = scene.Holder(guest)
    guest.sandbox.world.troubles.put(holder.cars[0], kind, code)
    answer = holder.car("/odometer")
    error = answer.json()

    assert (error["type"], error["code"], error["statusCode"]) == (kind, code, answer.status_code)
    assert answer.status_code == (403 if code == "ACCESS_DENIED" else mishaps.STATUSES[kind])
    assert {"description", "docURL", "requestId", "resolution"} <= set(error)
    assert error["requestId"] == answer.headers["SC-Request-Id"]
    assert holder.car("/odometer", which=1).status_code == 200


def test_a_lost_sign_in_names_the_address_where_it_is_mended(holder):
    holder.guest.sandbox.world.troubles.put(holder.cars[0], "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED")
    resolution = holder.car("/vin").json()["resolution"]

    assert resolution["type"] == "REAUTHENTICATE"
    assert resolution["url"].startswith(f"{holder.guest.origin}/connect/oauth/reauthenticate?")


def test_a_trouble_of_one_signal_spoils_its_path_alone(holder):
    signals = ["internalcombustionengine-oillife"]
    holder.guest.sandbox.world.troubles.put(holder.cars[0], "COMPATIBILITY", "SMARTCAR_NOT_CAPABLE", signals=signals)
    items = holder.batch("/engine/oil", "/fuel")

    assert (items["/engine/oil"]["code"], items["/engine/oil"]["body"]["code"]) == (501, "SMARTCAR_NOT_CAPABLE")
    assert items["/fuel"]["code"] == 200


def test_a_silent_car_keeps_its_age_and_an_unheard_one_does_not_answer(tmp_path):
    now = [1_790_000_000.0]
    with scene.running(scene.told(tmp_path), clock=lambda: now[0]) as guest:
        holder = scene.Holder(guest)
        guest.sandbox.world.quiet.silence(holder.cars[0])
        guest.sandbox.world.quiet.unhear(holder.cars[1])
        told = []
        for _ in range(2):
            told.append(holder.car("/odometer").headers["SC-Data-Age"])
            now[0] += 600
        unheard = holder.car("/odometer", which=1)

    assert told[0] == told[1]
    assert (unheard.status_code, unheard.json()["code"]) == (502, "NO_RESPONSE")


def test_service_history_is_of_the_last_year_unless_other_days_are_asked(guest):
    holder = scene.Holder(guest, scene.FORD)
    usual, all_of_it = holder.car("/service/history"), holder.car("/service/history?startDate=2020-01-01")
    until = holder.car("/service/history", params={"startDate": "2020-01-01", "endDate": "2020-02-01T00:00:00.000Z"})

    assert len(usual.json()) < len(all_of_it.json())
    assert until.json() == []
    assert all_of_it.json()[0]["serviceTasks"][0]["taskDescription"]
    assert holder.car("/service/history?startDate=soon").status_code == 400


def test_the_car_of_somebody_else_is_not_permitted(guest):
    mine, theirs = scene.Holder(guest), scene.Holder(guest, scene.FORD)
    answer = mine.get(f"/vehicles/{theirs.cars[0]}/odometer")

    assert (answer.status_code, answer.json()["type"]) == (403, "PERMISSION")


@pytest.mark.parametrize(("path", "code"), [("/api/v2.0/nothing", "PATH"), ("/api/v7.0/user", "VERSION")])
def test_a_path_and_a_version_that_are_not_there_are_told_apart(guest, path, code):
    error = guest.get(path).json()

    assert (error["statusCode"], error["type"], error["code"]) == (404, "RESOURCE_NOT_FOUND", code)


def test_an_odd_body_is_told_and_breaks_nothing(holder):
    odd = {"vehicleId": holder.cars[0], "signal": "wheel-tires", "body": {"values": None}}
    assert holder.guest.post("/control/odd", json=odd).status_code == 200

    assert holder.car("/tires/pressure").json() == {"values": None}


def test_disconnecting_takes_the_car_out_of_the_grant(holder):
    gone = holder.ask("DELETE", f"/vehicles/{holder.cars[0]}/application")

    assert gone.json() == {"status": "success"}
    assert holder.car("/vin").status_code == 403
    assert holder.car("/vin", which=1).status_code == 200
    assert holder.cars[0] not in holder.get("/vehicles").json()["vehicles"]
