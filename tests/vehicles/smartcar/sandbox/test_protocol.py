"""The vehicle and management hosts, asked over HTTP."""

import pytest

from tests.vehicles.smartcar.sandbox import scene


@pytest.mark.parametrize("how", ["data", "json"])
def test_a_token_lives_an_hour_and_comes_by_form_or_json(guest, how):
    answer = guest.post("/iam/oauth2/token", **{how: guest.credentials()})

    assert answer.json() | {"access_token": ""} == {"access_token": "", "token_type": "Bearer", "expires_in": 3600}


def test_a_wrong_secret_and_a_missing_grant_are_told_apart(guest):
    wrong = guest.post("/iam/oauth2/token", data=guest.credentials(client_secret="guess"))
    malformed = guest.post("/iam/oauth2/token", data={"client_id": "client_sandbox"})

    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert (malformed.status_code, malformed.json()["error"]) == (400, "invalid_request")


def test_an_expired_token_is_refused_in_the_shape_of_v3(tmp_path):
    now = [1_790_000_000.0]
    with scene.running(scene.told(tmp_path), clock=lambda: now[0]) as guest:
        guest.sign_in()
        now[0] += 3601
        answer = guest.get("/vehicle/v3/connections")

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["type"] == "AUTHENTICATION"


def test_connections_come_in_pages_whose_links_lead_to_the_end(guest):
    guest.consent("ford@northgate.example")
    seen, path = [], "/vehicle/v3/connections"
    while path:
        page = guest.get(path).json()
        assert page["meta"]["totalCount"] == 14
        assert page["meta"]["pageSize"] == 10
        seen += [row["id"] for row in page["data"]]
        path = page["links"]["next"] and page["links"]["next"].removeprefix(guest.origin)

    assert len(set(seen)) == 14


def test_a_connection_names_vehicle_user_and_the_owner_we_sent(guest):
    user_id, vehicle_ids = guest.consent()
    found = guest.get("/vehicle/v3/connections?filter[user.externalId]=owner-7&page[size]=100").json()["data"]

    assert {row["relationships"]["vehicle"]["data"]["id"] for row in found} == set(vehicle_ids)
    assert found[0]["relationships"]["user"]["data"] == {"id": user_id, "type": "user", "externalId": "owner-7"}
    assert found[0]["attributes"]["vehicle"]["make"] in ("CHEVROLET", "GMC")


@pytest.mark.parametrize("query", ["filter[vehicle.mode]=simulated", "filter[userId]=nobody"])
def test_a_filter_that_fits_nothing_gives_an_empty_page(guest, query):
    guest.consent()
    page = guest.get(f"/vehicle/v3/connections?{query}").json()

    assert page["data"] == []
    assert page["links"]["next"] is None


def test_signals_need_the_user(guest):
    _, vehicle_ids = guest.consent()
    answer = guest.get(f"/vehicle/v3/vehicles/{vehicle_ids[0]}/signals")

    assert answer.status_code == 400
    told = answer.json()["errors"][0]
    assert (told["type"], told["code"], told["detail"]) == ("VALIDATION", "MISSING_PARAMETER", "missing userId")


def test_the_signal_store_is_empty_until_the_car_is_subscribed(guest):
    user_id, (vehicle_id, *_) = guest.consent()
    assert guest.signals(user_id, vehicle_id) == {}

    assert guest.subscribe(user_id, vehicle_id).status_code == 202
    assert guest.signals(user_id, vehicle_id)["odometer-traveleddistance"]["body"]["unit"] == "km"


def test_a_signal_that_the_car_cannot_give_is_an_error_inside_a_good_answer(guest):
    user_id, (vehicle_id, *_) = guest.consent("ford@northgate.example")
    guest.subscribe(user_id, vehicle_id)
    told = guest.signals(user_id, vehicle_id)["diagnostics-dtclist"]

    assert told["status"]["error"]["type"] == "COMPATIBILITY"
    assert "body" not in told


def test_one_signal_can_be_asked_alone(guest):
    user_id, (vehicle_id, *_) = guest.consent()
    guest.subscribe(user_id, vehicle_id)
    who, path = {"sc-user-id": user_id}, f"/vehicle/v3/vehicles/{vehicle_id}/signals"

    assert guest.get(f"{path}/vehicleidentification-vin", headers=who).json()["data"]["attributes"]["body"]["value"]
    unknown = guest.get(f"{path}/vin", headers=who)
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (404, "SIGNAL_NOT_FOUND")


def test_a_path_of_v2_does_not_exist(guest):
    _, (vehicle_id, *_) = guest.consent()
    answer = guest.get(f"/vehicle/v3/vehicles/{vehicle_id}/battery")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "INVALID_PATH")


def test_a_vehicle_without_consent_is_not_found(guest):
    somebodys = next(iter(guest.sandbox.world.cars))

    assert guest.get(f"/vehicle/v3/vehicles/{somebodys}").status_code == 404


def test_subscribing_twice_is_a_conflict(guest):
    user_id, (vehicle_id, *_) = guest.consent()

    assert guest.subscribe(user_id, vehicle_id).json() == {"meta": {"message": "subscription creation in progress"}}
    assert guest.subscribe(user_id, vehicle_id).status_code == 409


def test_disconnecting_ends_the_subscription_too(guest):
    user_id, (vehicle_id, *_) = guest.consent()
    guest.subscribe(user_id, vehicle_id)
    (row,) = guest.get(f"/vehicle/v3/connections?filter[vehicleId]={vehicle_id}").json()["data"]

    assert guest.ask("DELETE", f"/vehicle/v3/connections/{row['id']}").status_code == 204
    assert guest.ask("DELETE", f"/vehicle/v3/connections/{row['id']}").status_code == 404
    assert guest.get("/management-v3/v3/subscriptions").json()["data"] == []


def test_deleting_a_user_takes_all_its_connections(guest):
    user_id, _ = guest.consent()

    assert guest.ask("DELETE", f"/vehicle/v3/users/{user_id}").status_code == 204
    assert guest.get("/vehicle/v3/connections").json()["meta"]["totalCount"] == 0


def test_both_hosts_drink_from_one_bucket_that_refills_slowly(tmp_path):
    now = [1_790_000_000.0]
    settings = scene.told(tmp_path, bucket_size=3, bucket_per_minute=2)
    with scene.running(settings, clock=lambda: now[0]) as guest:
        guest.sign_in()
        paths = ["/vehicle/v3/connections", "/management-v3/v3/webhooks"] * 2
        answers = [guest.get(path) for path in paths]
        now[0] += 31
        later = [guest.get(path).status_code for path in paths[:2]]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["errors"][0]["code"] == "SMARTCAR_API"
    assert later == [200, 429]
