"""The owner's way through Connect, as a browser without scripts would go it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox.connect import FAILURES

PATH = "/connect/oauth/authorize"


def asked(guest, **other) -> dict:
    return {
        "response_type": "none",
        "application_id": guest.sandbox.world.settings.application_id,
        "redirect_uri": scene.BACK,
        "state": "a&b=c",
        "external_id": "owner-7",
        "scope": "read_vin required:read_odometer",
    } | other


def told_back(answer) -> dict:
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{scene.BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def test_allowing_shares_only_the_chosen_cars_and_only_what_was_asked(guest):
    chosen = guest.sandbox.world.cars_of(scene.GM)[1].id
    form = asked(guest, account=scene.GM, answer="allow", vehicle=chosen)
    told = told_back(guest.post(PATH, data=form))
    (row,) = guest.get("/vehicle/v3/connections").json()["data"]

    assert told == {"user_id": told["user_id"], "state": "a&b=c", "external_id": "owner-7"}
    assert row["relationships"]["vehicle"]["data"]["id"] == chosen
    assert row["attributes"]["permissions"] == ["read_vin", "read_odometer"]


def test_what_was_not_granted_is_a_permission_error(guest):
    chosen = guest.sandbox.world.cars_of(scene.GM)[0].id
    told = told_back(guest.post(PATH, data=asked(guest, account=scene.GM, answer="allow", vehicle=chosen)))
    guest.subscribe(told["user_id"], chosen)

    error = guest.signals(told["user_id"], chosen)["diagnostics-dtclist"]["status"]["error"]
    assert error["type"] == "PERMISSION"


@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_comes_back_with_its_name_and_the_state(guest, failure):
    told = told_back(guest.post(PATH, data=asked(guest, answer=failure)))

    assert told["error"] == failure
    assert told["state"] == "a&b=c"
    assert told["error_description"]
    assert "user_id" not in told


@pytest.mark.parametrize(
    "wrong",
    [
        {"response_type": ""},
        {"response_type": "token"},
        {"application_id": ""},
        {"application_id": "another"},
        {"redirect_uri": scene.BACK + "x"},
        {"redirect_uri": scene.BACK.rstrip("/")},
        {"mode": "test"},
    ],
)
def test_a_wrong_address_is_refused_on_the_spot(guest, wrong):
    assert guest.get(PATH, params=asked(guest, **wrong)).status_code == 400
    assert guest.post(PATH, data=asked(guest, **wrong) | {"answer": "access_denied"}).status_code == 400


def test_the_page_shows_accounts_then_cars_and_carries_the_question_along(guest):
    accounts = guest.get(PATH, params=asked(guest))
    cars = guest.get(PATH, params=asked(guest, account=scene.GM, state='"><script>'))

    assert "ford@northgate.example" in accounts.text
    assert cars.text.count('name="vehicle"') == 9
    assert "&quot;&gt;&lt;script&gt;" in cars.text
    assert "<script>" not in cars.text
    assert "Set-Cookie" not in cars.headers


def test_the_old_name_of_the_application_id_is_taken_too(guest):
    question = asked(guest)
    question["client_id"] = question.pop("application_id")

    assert guest.get(PATH, params=question).status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}])
def test_another_site_cannot_command_the_sandbox(guest, headers):
    for path in ("/control/consent", PATH):
        assert guest.post(path, json={"account": scene.GM}, headers=headers).status_code == 403
    assert guest.get("/vehicle/v3/connections").json()["data"] == []


@pytest.mark.parametrize("said", [[], {}, {"account": ["x"], "vehicleId": {}}, {"vehicleId": 7, "days": "all"}])
@pytest.mark.parametrize("command", ["consent", "service-done", "throw-code", "deliver", "error", "dialect"])
def test_a_command_that_makes_no_sense_is_refused_with_a_reason(guest, command, said):
    answer = guest.post(f"/control/{command}", json=said)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"]
