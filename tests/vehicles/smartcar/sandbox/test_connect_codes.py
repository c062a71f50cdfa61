"""More of the owner's way: codes, what may be left out, signing in again, and Smartcar's sign-ins for errors."""

import re

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox import magic

AUTHORIZE, AGAIN = "/connect/oauth/authorize", "/connect/oauth/reauthenticate"
LOST = ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED")


def asked(guest, **other) -> dict:
    application = guest.sandbox.world.settings.application_id
    return {"response_type": "code", "client_id": application, "redirect_uri": scene.BACK, "state": "s"} | other


def told_back(answer) -> dict:
    assert answer.status_code == 302, answer.text
    return scene.told_back(answer.headers["Location"])


def test_a_walk_for_a_code_brings_the_code_and_no_user(guest):
    told = scene.walk(guest, state="s", external_id="owner-7", flags="country:CA color:00819D", user="u")

    assert told == {"code": told["code"], "state": "s", "external_id": "owner-7"}


def test_the_code_holds_the_chosen_cars_only(guest):
    chosen = [car.id for car in guest.sandbox.world.cars_of(scene.GM)][2:4]
    holder = scene.Holder(guest, vehicle=chosen)

    assert set(holder.get("/vehicles").json()["vehicles"]) == set(chosen)


def test_single_select_grants_one_car_whatever_was_sent(guest):
    holder = scene.Holder(guest, single_select="true")

    assert holder.get("/vehicles").json()["paging"]["count"] == 1


def test_where_the_sdk_for_node_looks_for_connect_it_is_shown_the_way(guest):
    moved = guest.get("/api/oauth/authorize", params=asked(guest, state="a&b"))

    assert moved.status_code == 302
    assert "Choose your account" in guest.get(moved.headers["Location"]).text
    assert "state=a%26b" in moved.headers["Location"]


def test_an_owner_may_leave_out_what_is_not_required(guest):
    scope = {"scope": "required:read_odometer read_vin read_tires", "chooses": "permissions"}
    holder = scene.Holder(guest, permission=["read_tires", "control_security"], **scope)

    assert holder.car("/permissions").json()["permissions"] == ["read_odometer", "read_tires"]
    assert holder.car("/vin").status_code == 403


def test_an_owner_who_leaves_out_everything_has_refused(guest):
    assert scene.walk(guest, scope="read_vin", chooses="permissions")["error"] == "access_denied"


def test_the_page_locks_what_is_required_and_lets_the_rest_be_unticked(guest):
    page = guest.get(AUTHORIZE, params=asked(guest, account=scene.GM, scope="required:read_odometer read_vin")).text

    assert '<input type="hidden" name="permission" value="read_odometer">' in page
    assert '<input type="checkbox" name="permission" value="read_vin" checked>' in page


def test_a_make_leaves_only_the_accounts_that_hold_it(guest):
    page = guest.get(AUTHORIZE, params=asked(guest, make="tesla")).text

    assert scene.EV in page
    assert scene.GM not in page


def test_a_vin_leaves_only_its_car_wherever_the_owner_signs_in(guest):
    car = guest.sandbox.world.cars_of(scene.GM)[3]
    question = asked(guest, single_select="true", single_select_vin=car.vin, make="TESLA")
    accounts, page = (
        guest.get(AUTHORIZE, params=question),
        guest.get(AUTHORIZE, params=question | {"account": scene.GM}),
    )
    elsewhere = guest.get(AUTHORIZE, params=question | {"account": scene.EV})
    holder = scene.Holder(guest, single_select="true", single_select_vin=car.vin)

    assert scene.GM in accounts.text
    assert scene.EV not in accounts.text
    assert re.findall(r'name="vehicle" value="([^"]+)"', page.text) == [car.id]
    assert "does not have the vehicle" in elsewhere.text
    assert holder.get("/vehicles").json()["vehicles"] == [car.id]


def test_an_unknown_sign_in_is_told_so_and_may_try_again(guest):
    page = guest.get(AUTHORIZE, params=asked(guest, account="nobody@<b>.example"))

    assert (page.status_code, 'role="alert"' in page.text) == (200, True)
    assert "<b>.example" not in page.text


@pytest.mark.parametrize("name", magic.ERRORS)
def test_a_sign_in_for_an_error_connects_a_car_that_gives_it(guest, name):
    email = f"{name}@smartcar.com"
    page = guest.get(AUTHORIZE, params=asked(guest, account=email.lower(), mode="simulated"))
    (vehicle_id,) = re.findall(r'name="vehicle" value="([^"]+)"', page.text)
    holder = scene.Holder(guest, email, vehicle=vehicle_id, mode="simulated")
    error = holder.get(f"/vehicles/{vehicle_id}/odometer").json()

    assert (error["type"], error["code"]) == magic.ERRORS[name]


def test_cars_with_an_error_survive_a_restart_and_answer_once_it_is_taken_away(tmp_path):
    email = "VEHICLE_STATE.ASLEEP@smartcar.com"
    with scene.running(scene.told(tmp_path)) as guest:
        guest.get(AUTHORIZE, params=asked(guest, account=email))
        holder = scene.Holder(guest, email)
        guest.post("/control/service-done", json={"vehicleId": holder.cars[0], "tasks": ["oil_change"]})

    with scene.running(scene.told(tmp_path)) as guest:
        holder.guest = guest
        assert holder.car("/engine/oil").json()["code"] == "ASLEEP"
        guest.sandbox.world.troubles.clear(holder.cars[0])
        assert holder.car("/engine/oil").json() == {"lifeRemaining": 1}


@pytest.mark.parametrize(
    ("email", "vin"),
    [
        ("VEHICLE_STATE.ASLEEP@smartcar.com", "0SCLR0002E8896323"),
        ("CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED@smartcar.com", "0SCLR00021D803C7B"),
    ],
)
def test_a_documented_vin_opens_the_account_of_its_error_when_simulated(guest, email, vin):
    question = asked(guest, single_select="true", single_select_vin=vin)
    simulated = guest.get(AUTHORIZE, params=question | {"mode": "simulated"})

    assert email in simulated.text
    assert told_back(guest.get(AUTHORIZE, params=question))["error"] == "configuration_error"


@pytest.mark.parametrize(
    ("email", "vin", "error"),
    [
        ("smartcar@invalid-subscription.com", "0SCAUDI0155C49A95", "invalid_subscription"),
        ("Smartcar@Vehicle-Incompatible.com", "0SCAUDI012FE3B132", "vehicle_incompatible"),
    ],
)
def test_a_sign_in_for_a_failure_of_connect_comes_back_with_it(guest, email, vin, error):
    by_vin = {"single_select": "true", "single_select_vin": vin}

    assert told_back(guest.get(AUTHORIZE, params=asked(guest, account=email)))["error"] == error
    assert told_back(guest.get(AUTHORIZE, params=asked(guest, **by_vin)))["error"] == error


@pytest.mark.parametrize("kind", ["vehicle_id", "none"])
def test_signing_in_again_mends_the_car_and_renews_its_consent(tmp_path, kind):
    now = [1_790_000_000.0]
    with scene.running(scene.told(tmp_path), clock=lambda: now[0]) as guest:
        holder = scene.Holder(guest)
        world, vehicle_id = guest.sandbox.world, holder.cars[0]
        world.troubles.put(vehicle_id, *LOST)
        now[0] += 60
        question = asked(guest, response_type=kind, vehicle_id=vehicle_id, external_id="owner-7")
        page = guest.get(AGAIN, params=question)
        told = told_back(guest.post(AGAIN, data=question | {"answer": "allow"}))
        renewed = {row["vehicleId"]: row["updatedAt"] for row in world.ledger.connections()}
        odometer = holder.car("/odometer")

    assert scene.GM in page.text
    assert told == {"vehicle_id": vehicle_id, "state": "s", "external_id": "owner-7"}
    assert odometer.status_code == 200
    assert [key for key, at in renewed.items() if at == now[0]] == [vehicle_id]


def test_not_signing_in_again_mends_nothing(guest):
    holder = scene.Holder(guest)
    guest.sandbox.world.troubles.put(holder.cars[0], *LOST)
    question = asked(guest, response_type="vehicle_id", vehicle_id=holder.cars[0])
    told = told_back(guest.post(AGAIN, data=question | {"answer": "access_denied"}))

    assert told["error"] == "access_denied"
    assert holder.car("/odometer").json()["code"] == "AUTHENTICATION_FAILED"


def test_signing_in_again_does_not_mend_what_an_owner_cannot(guest):
    holder = scene.Holder(guest)
    guest.sandbox.world.troubles.put(holder.cars[0], "UPSTREAM", "NO_RESPONSE")
    guest.post(AGAIN, data=asked(guest, response_type="none", vehicle_id=holder.cars[0]) | {"answer": "allow"})

    assert holder.car("/odometer").status_code == 502


@pytest.mark.parametrize(
    "wrong",
    [{"response_type": "code"}, {"vehicle_id": ""}, {"vehicle_id": "nobody's"}, {"redirect_uri": scene.BACK + "x"}],
)
def test_a_wrong_address_for_signing_in_again_is_refused_on_the_spot(guest, wrong):
    holder = scene.Holder(guest)
    question = asked(guest, response_type="vehicle_id", vehicle_id=holder.cars[0]) | wrong

    assert guest.get(AGAIN, params=question).status_code == 400
    assert guest.post(AGAIN, data=question | {"answer": "allow"}).status_code == 400


def test_another_site_cannot_sign_in_for_the_owner(guest):
    holder = scene.Holder(guest)
    form = asked(guest, response_type="none", vehicle_id=holder.cars[0]) | {"answer": "allow"}

    assert guest.post(AGAIN, data=form, headers={"Origin": "http://evil.example"}).status_code == 403
