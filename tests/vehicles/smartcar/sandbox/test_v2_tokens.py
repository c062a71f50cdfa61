"""Codes and tokens of v2: good once, rotated with a grace, kept over a restart."""

import pytest

from tests.vehicles.smartcar.sandbox import scene

NOON = 1_790_000_000.0
MINUTE = 60


@pytest.fixture
def clock():
    return [NOON]


@pytest.fixture
def guest(tmp_path, clock):
    with scene.running(scene.told(tmp_path), clock=lambda: clock[0]) as guest:
        yield guest


def refused(answer) -> tuple[int, str]:
    assert answer.json()["error_description"]
    return answer.status_code, answer.json()["error"]


def test_a_code_is_good_for_one_exchange(guest):
    holder = scene.Holder(guest)

    assert holder.pair | {"access_token": "", "refresh_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 7200,
        "refresh_token": "",
    }
    assert refused(holder.trade(code=holder.code)) == (400, "invalid_grant")
    assert holder.get("/user").status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (10, 400)])
def test_a_code_lives_ten_minutes(guest, clock, minutes, status):
    holder = scene.Holder(guest)
    code = scene.walk(guest)["code"]
    clock[0] += minutes * MINUTE

    assert holder.trade(code=code).status_code == status


@pytest.mark.parametrize("other", [scene.BACK.rstrip("/"), ""])
def test_a_code_shown_with_another_address_is_lost(guest, other):
    holder, code = scene.Holder(guest), scene.walk(guest)["code"]

    assert refused(holder.trade(code=code, redirect_uri=other)) == (400, "invalid_grant")
    assert refused(holder.trade(code=code)) == (400, "invalid_grant")


@pytest.mark.parametrize("named", ["", scene.BACK, "undefined"])
def test_whoever_named_no_address_at_connect_may_name_any_for_the_code(guest, named):
    holder, code = scene.Holder(guest), scene.walk(guest, redirect_uri="")["code"]

    assert holder.trade(code=code, redirect_uri=named).status_code == 200


@pytest.mark.parametrize("secret", ["guess", ""])
def test_a_wrong_legacy_secret_is_an_invalid_client(guest, secret):
    assert refused(scene.Holder(guest).trade(secret=secret, refresh_token="x")) == (401, "invalid_client")


def test_without_a_legacy_secret_nobody_speaks_v2(tmp_path):
    with scene.running(scene.told(tmp_path / "none", legacy_client_secret="")) as guest:
        who = (guest.sandbox.world.settings.application_id, "")
        answer = guest.post("/auth/oauth/token", data={"grant_type": "refresh_token", "refresh_token": "x"}, auth=who)

    assert refused(answer) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "nobody's"}, "invalid_grant"),
    ],
)
def test_what_makes_no_sense_is_refused_in_the_words_of_oauth(guest, said, error):
    assert refused(scene.Holder(guest).trade(**said)) == (400, error)


def test_a_used_refresh_token_has_ten_minutes_of_grace(guest, clock):
    holder = scene.Holder(guest)
    first = holder.pair["refresh_token"]
    second = holder.trade(refresh_token=first).json()["refresh_token"]
    clock[0] += 9 * MINUTE
    again = holder.trade(refresh_token=first)
    clock[0] += 2 * MINUTE

    assert first != second
    assert again.status_code == 200
    assert refused(holder.trade(refresh_token=first)) == (400, "invalid_grant")
    assert holder.trade(refresh_token=again.json()["refresh_token"]).status_code == 200


def test_of_two_who_refresh_at_once_the_earlier_answer_dies(guest, clock):
    holder = scene.Holder(guest)
    earlier, later = [holder.trade(refresh_token=holder.pair["refresh_token"]).json() for _ in range(2)]
    clock[0] += 11 * MINUTE

    assert refused(holder.trade(refresh_token=earlier["refresh_token"])) == (400, "invalid_grant")
    assert holder.trade(refresh_token=later["refresh_token"]).status_code == 200


def test_an_access_token_lives_two_hours_whatever_came_after_it(guest, clock):
    holder = scene.Holder(guest)
    holder.trade(refresh_token=holder.pair["refresh_token"])
    clock[0] += 7199
    alive = holder.get("/user").status_code
    clock[0] += 1
    expired = holder.get("/user")

    assert alive == 200
    assert (expired.status_code, expired.json()["type"], expired.json()["code"]) == (401, "AUTHENTICATION", None)


def test_codes_and_tokens_survive_a_restart(tmp_path):
    with scene.running(scene.told(tmp_path)) as guest:
        before = scene.Holder(guest)
        code = scene.walk(guest)["code"]

    with scene.running(scene.told(tmp_path)) as guest:
        before.guest = guest
        assert before.get("/vehicles").json()["paging"]["count"] == 9
        assert before.trade(refresh_token=before.pair["refresh_token"]).status_code == 200
        assert before.trade(code=code).status_code == 200


def test_a_grant_dies_with_the_last_of_its_connections(guest):
    holder = scene.Holder(guest)
    for vehicle_id in holder.cars:
        assert holder.get("/user").status_code == 200
        guest.sandbox.world.ledger.disconnect(
            [row["id"] for row in guest.sandbox.world.ledger.connections() if row["vehicleId"] == vehicle_id]
        )

    assert holder.get("/user").status_code == 401
    assert refused(holder.trade(refresh_token=holder.pair["refresh_token"])) == (400, "invalid_grant")


def test_a_new_consent_does_not_wake_an_old_grant(guest):
    holder = scene.Holder(guest)
    user_id = holder.get("/user").json()["id"]
    guest.sandbox.world.ledger.forget_user(user_id)
    newer = scene.Holder(guest)

    assert newer.get("/user").json()["id"] == user_id
    assert holder.get("/user").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/vehicle/v3/vehicles/{mine}", 200),
        ("GET", "/vehicle/v3/vehicles/{mine}/signals", 200),
        ("GET", "/vehicle/v3/vehicles/{theirs}", 401),
        ("GET", "/vehicle/v3/vehicles/{theirs}/signals", 401),
        ("GET", "/vehicle/v3/connections", 401),
        ("DELETE", "/vehicle/v3/users/anybody", 401),
        ("GET", "/management-v3/v3/webhooks", 401),
    ],
)
def test_on_v3_the_token_of_a_user_reads_the_cars_of_that_user_and_no_more(guest, method, path, status):
    mine, theirs = scene.Holder(guest), scene.Holder(guest, scene.FORD)
    bearer = {"Authorization": f"Bearer {mine.pair['access_token']}"}
    answer = guest.ask(method, path.format(mine=mine.cars[0], theirs=theirs.cars[0]), headers=bearer)

    assert answer.status_code == status
