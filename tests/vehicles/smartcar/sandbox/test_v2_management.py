"""The management side of v2, and what is known of cars that nobody connected."""

import pytest

from tests.vehicles.smartcar.sandbox import scene

CONNECTIONS = "/management/v2.0/management/connections"
AMT = ("default", scene.TOKEN)


@pytest.fixture
def holder(guest):
    return scene.Holder(guest)


def vehicles(answer) -> list[str]:
    return [row["vehicleId"] for row in answer.json()["connections"]]


def test_connections_come_by_cursor_and_none_twice_while_others_go(guest):
    holder = scene.Holder(guest, scene.FORD)
    first = guest.get(CONNECTIONS, auth=AMT, params={"limit": 5})
    guest.sandbox.world.ledger.disconnect(
        [row["id"] for row in guest.sandbox.world.ledger.connections() if row["vehicleId"] == vehicles(first)[0]]
    )
    second = guest.get(CONNECTIONS, auth=AMT, params={"limit": 5, "cursor": first.json()["paging"]["cursor"]})
    third = guest.get(CONNECTIONS, auth=AMT, params={"limit": 5, "cursor": second.json()["paging"]["cursor"]})

    assert sorted(vehicles(first) + vehicles(second) + vehicles(third)) == sorted(holder.cars)
    assert third.json()["paging"] == {"cursor": None, "count": 4}
    assert set(first.json()["connections"][0]) == {"vehicleId", "userId", "connectedAt", "mode"}


def test_filters_narrow_the_list(guest, holder):
    simulated = scene.Holder(guest, scene.EV, mode="simulated")
    user_id = holder.get("/user").json()["id"]

    def found(**filters):
        return set(vehicles(guest.get(CONNECTIONS, auth=AMT, params={"limit": 100} | filters)))

    assert found(user_id=user_id) == set(holder.cars)
    assert found(vehicle_id=holder.cars[2]) == {holder.cars[2]}
    assert found(mode="simulated") == set(simulated.cars)
    assert found(user_id=user_id, vehicle_id=simulated.cars[0]) == set()


@pytest.mark.parametrize(
    ("who", "query", "status"),
    [
        (("default", "guess"), {}, 401),
        (("else", scene.TOKEN), {}, 401),
        (None, {}, 401),
        (AMT, {"limit": "101"}, 400),
        (AMT, {"cursor": "made up"}, 400),
    ],
)
def test_the_list_wants_the_management_token_and_sense(guest, who, query, status):
    assert guest.get(CONNECTIONS, auth=who, params=query).status_code == status


def test_both_management_tokens_are_good_while_one_replaces_the_other(tmp_path):
    with scene.running(scene.told(tmp_path, management_tokens=("new", "old"))) as guest:
        answers = [guest.get(CONNECTIONS, auth=("default", token)) for token in ("new", "old")]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_deleting_names_what_went_and_needs_a_filter(guest, holder):
    gone = guest.ask("DELETE", CONNECTIONS, auth=AMT, params={"vehicle_id": holder.cars[0]})
    again = guest.ask("DELETE", CONNECTIONS, auth=AMT, params={"vehicle_id": holder.cars[0]})

    assert vehicles(gone) == [holder.cars[0]]
    assert vehicles(again) == []
    assert guest.ask("DELETE", CONNECTIONS, auth=AMT).status_code == 400
    assert holder.car("/vin").status_code == 403


def test_a_car_on_the_webhook_of_v2_is_on_that_of_v3(delivered, sink):
    holder = scene.Holder(delivered)
    webhook = f"/vehicles/{holder.cars[0]}/webhooks/{delivered.sandbox.world.settings.webhook_id}"
    answers = [holder.ask("POST", webhook).json() for _ in range(2)]
    sink.wait(lambda sink: sink.events())
    rows = delivered.sandbox.world.ledger.subscriptions()

    assert answers[0] == answers[1] == {"vehicleId": holder.cars[0], "webhookId": webhook.rpartition("/")[2]}
    assert [row["vehicleId"] for row in rows] == [holder.cars[0]]


def test_the_webhook_is_left_by_the_management_token_alone(guest, holder):
    webhook = f"/vehicles/{holder.cars[0]}/webhooks/{guest.sandbox.world.settings.webhook_id}"
    holder.ask("POST", webhook)
    by_user = holder.ask("DELETE", webhook)
    by_token = holder.ask("DELETE", webhook, headers={"Authorization": f"Bearer {scene.TOKEN}"})

    assert (by_user.status_code, by_token.json()) == (401, {"status": "success"})
    assert guest.sandbox.world.ledger.subscriptions() == []


def test_a_webhook_that_is_not_there_is_not_found(holder):
    assert holder.ask("POST", f"/vehicles/{holder.cars[0]}/webhooks/another").status_code == 404


@pytest.mark.parametrize(
    ("vin", "compatible", "reason"),
    [
        (None, True, None),
        ("3GCAAAAAAAAAAAAAA", False, "VEHICLE_NOT_COMPATIBLE"),
        ("ZZZAAAAAAAAAAAAAA", False, "MAKE_NOT_COMPATIBLE"),
    ],
)
def test_compatibility_is_told_of_any_vin(guest, vin, compatible, reason):
    settings = guest.sandbox.world.settings
    vin = vin or guest.sandbox.world.cars_of(scene.GM)[0].vin
    asked = {"vin": vin, "scope": "read_odometer read_battery", "country": "US"}
    who = (settings.application_id, settings.legacy_client_secret)
    told = guest.get("/api/v2.0/compatibility", params=asked, auth=who).json()

    assert (told["compatible"], told["reason"]) == (compatible, reason)
    assert bool(told["capabilities"]) == compatible


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("compatibility", {"vin": "short", "scope": "read_vin"}, 400),
        ("compatibility", {"vin": "3GCAAAAAAAAAAAAAA"}, 400),
        ("compatibility/matrix", {"region": "MOON"}, 400),
        ("compatibility/matrix", {"region": "europe"}, 200),
    ],
)
def test_compatibility_wants_the_application_and_sense(guest, path, query, status):
    settings = guest.sandbox.world.settings
    who = (settings.application_id, settings.legacy_client_secret)

    assert guest.get(f"/api/v2.0/{path}", params=query, auth=who).status_code == status
    assert guest.get(f"/api/v2.0/{path}", params=query).status_code == 401
