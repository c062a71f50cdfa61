"""How calls are answered in bad weather and in the older dialect."""

import time

import pytest
import requests

from tests.vehicles.smartcar.sandbox import scene

FORD = "ford@northgate.example"


def signals_of(guest, user_id: str, vehicle_id: str):
    return guest.get(f"/vehicle/v3/vehicles/{vehicle_id}/signals", headers={"sc-user-id": user_id})


@pytest.fixture
def subscribed(guest):
    """A guest with one subscribed car: (guest, user id, vehicle id)."""
    user_id, (vehicle_id, *_) = guest.consent()
    guest.subscribe(user_id, vehicle_id)
    return guest, user_id, vehicle_id


def test_a_host_that_is_down_takes_only_itself_down(guest):
    guest.post("/control/hosts", json={"outage": "503", "down": ["vehicle"]})

    assert guest.get("/vehicle/v3/connections").status_code == 503
    assert guest.get("/management-v3/v3/webhooks").status_code == 200
    assert guest.get("/control/status").status_code == 200


def test_an_outage_may_be_a_page_of_somebody_elses(guest):
    guest.post("/control/hosts", json={"outage": "page"})
    answer = guest.get("/vehicle/v3/connections")

    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=utf-8")


def test_a_connection_may_close_without_an_answer(guest):
    guest.post("/control/hosts", json={"outage": "closed", "down": ["vehicle"]})
    with pytest.raises(requests.ConnectionError):
        guest.get("/vehicle/v3/connections")

    guest.post("/control/fine-weather", json={})
    assert guest.get("/vehicle/v3/connections").status_code == 200


def test_a_slow_host_answers_late(guest):
    guest.post("/control/hosts", json={"latency_ms": 120})
    began = time.monotonic()

    assert guest.get("/vehicle/v3/connections").status_code == 200
    assert time.monotonic() - began >= 0.12


def test_who_does_not_wait_for_a_slow_host_has_been_served_all_the_same(subscribed):
    """A maker acts first and answers late: the call counts, and a second one is one too many."""
    guest, user_id, vehicle_id = subscribed
    guest.post("/control/hosts", json={"latency_ms": 3_000, "vehicle_calls": 1, "vehicle_seconds": 600})
    with pytest.raises(requests.ReadTimeout):
        headers = {"sc-user-id": user_id}
        guest.get(f"/vehicle/v3/vehicles/{vehicle_id}/signals", headers=headers, timeout=1)

    guest.post("/control/hosts", json={"latency_ms": 0})
    assert signals_of(guest, user_id, vehicle_id).status_code == 429


def test_a_car_that_is_asked_too_often_says_when_it_may_be_asked_again(tmp_path):
    now = [1_790_000_000.0]
    with scene.running(scene.told(tmp_path), clock=lambda: now[0]) as guest:
        guest.sign_in()
        user_id, (vehicle_id, other, *_) = guest.consent()
        guest.post("/control/hosts", json={"vehicle_calls": 2, "vehicle_seconds": 600})
        signals_of(guest, user_id, vehicle_id)
        now[0] += 100
        signals_of(guest, user_id, vehicle_id)
        refused, of_another = signals_of(guest, user_id, vehicle_id), signals_of(guest, user_id, other)
        now[0] += 501
        later = signals_of(guest, user_id, vehicle_id)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "500")
    assert refused.json()["errors"][0]["code"] == "VEHICLE"
    assert (of_another.status_code, later.status_code) == (200, 200)


def test_the_bucket_can_be_made_small_and_taken_away(guest):
    guest.post("/control/bucket", json={"size": 1, "perMinute": 0})
    small = [guest.get("/vehicle/v3/connections").status_code for _ in range(2)]
    guest.post("/control/bucket", json={"on": False})
    away = [guest.get("/vehicle/v3/connections").status_code for _ in range(3)]

    assert (small, away) == ([200, 429], [200, 200, 200])


def test_the_dialect_of_2025_names_its_pages_and_counts_its_time_differently(subscribed):
    guest, user_id, vehicle_id = subscribed
    guest.post("/control/hosts", json={"dialect": "2025"})
    page = signals_of(guest, user_id, vehicle_id).json()

    assert set(page["meta"]) == {"page", "pageSize", "totalCount"}
    assert set(page["links"]) == {"self", "first", "previous", "next", "last"}
    assert set(page["included"]["vehicle"]["attributes"]) == {"make", "model", "year"}
    assert page["data"][0]["attributes"]["body"]["unit"] == "kilometers"
    assert isinstance(page["data"][0]["meta"]["oemUpdatedAt"], int)
    assert "ingestedAt" not in page["data"][0]["meta"]


def test_the_dialect_of_2025_gives_single_resources_bare_and_errors_without_a_type(subscribed):
    guest, user_id, vehicle_id = subscribed
    guest.post("/control/hosts", json={"dialect": "2025"})
    vehicle = guest.get(f"/vehicle/v3/vehicles/{vehicle_id}").json()
    (error,) = guest.get("/vehicle/v3/vehicles/nobody").json()["errors"]

    assert (vehicle["id"], vehicle["type"]) == (vehicle_id, "vehicle")
    assert (error["code"], error["status"]) == ("not_found", "404")
    assert "type" not in error
