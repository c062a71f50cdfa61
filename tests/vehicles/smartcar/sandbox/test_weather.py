"""What goes wrong on the way to the webhook, seen from the door where it should arrive."""

import hashlib
import hmac
import json
import time

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox.letters import Letter
from vehicles.smartcar.sandbox.postman import held_seconds
from vehicles.smartcar.sandbox.weather import Post


@pytest.fixture
def post(delivered):
    """Sets the weather of the post, then posts so many letters."""

    def posted(count: int, **weather) -> None:
        assert delivered.post("/control/post", json={"duplicate": 0} | weather).status_code == 200
        for number in range(count):
            event = {"eventType": "VEHICLE_STATE", "data": {"number": number}}
            delivered.sandbox.postman.post(Letter(f"event-{number}", event, {"version": "4.0"}))

    return posted


def is_signed(headers: dict, raw: bytes, token: str = scene.TOKEN) -> bool:
    return headers.get("SC-Signature") == hmac.new(token.encode(), raw, hashlib.sha256).hexdigest()


def states(sink) -> list[tuple[dict, bytes]]:
    return [(headers, raw) for headers, raw in sink.arrived if b"VEHICLE_STATE" in raw]


def test_a_lost_share_never_arrives_and_is_counted(delivered, sink, post):
    post(100, lost=0.3)
    lost = delivered.sandbox.postman.tally["lost"]
    sink.wait(lambda sink: len(sink.events()) == 100 - lost)

    assert 15 <= lost <= 45


def test_the_same_events_are_lost_every_time(delivered, sink, post):
    post(50, lost=0.5)
    post(50, lost=0.5)
    lost = delivered.sandbox.postman.tally["lost"]
    sink.wait(lambda sink: len(sink.events()) == 100 - lost)
    numbers = [event["data"]["number"] for event in sink.events()]

    assert all(numbers.count(number) == 2 for number in numbers)


def test_copies_of_an_event_arrive_under_one_event_id(sink, post):
    post(3, duplicate=1, copies=4, copies_at_once=True)
    sink.wait(lambda sink: len(sink.events()) == 12)

    assert len({event["eventId"] for event in sink.events()}) == 3


def test_of_so_many_letters_the_newest_goes_first():
    order = sorted(range(8), key=lambda number: number * 0.1 + held_seconds(Post(reversed_by=4), 0, number))

    assert [number for number in order if number < 4] == [3, 2, 1, 0]


def test_a_burst_lets_everything_of_its_time_go_at_one_moment():
    goes_at = {now + held_seconds(Post(burst_seconds=30), now, 0) for now in (60, 61.5, 89)}

    assert goes_at == {90}


def test_what_is_late_arrives_all_the_same(sink, post):
    post(4, late_seconds=20, burst_seconds=40, reversed_by=4)
    sink.wait(lambda sink: len(sink.events()) == 4)

    assert held_seconds(Post(late_seconds=20), 0, 0) == 20


def test_an_oversized_delivery_is_larger_than_allowed_and_still_signed(sink, post):
    post(1, oversized=True)
    sink.wait(lambda sink: sink.events())
    ((headers, raw),) = states(sink)

    assert len(raw) > 50_000
    assert is_signed(headers, raw)


@pytest.mark.parametrize("token", ["wrong", "older", "missing"])
def test_deliveries_signed_with_another_token_do_not_undo_the_verification(delivered, sink, post, token):
    post(1, token=token)
    sink.wait(lambda sink: sink.events())
    ((headers, raw),) = states(sink)

    assert not is_signed(headers, raw)
    assert delivered.post("/control/verify", json={}).json() == {"verified": True}


def test_the_older_of_two_tokens_signs_when_told_to(tmp_path, sink):
    settings = scene.told(tmp_path, webhook_url=sink.url, management_tokens=(scene.TOKEN, "token-of-last-year"))
    with scene.running(settings) as guest:
        guest.post("/control/post", json={"token": "older"})
        guest.sandbox.postman.post(Letter("e", {"eventType": "VEHICLE_STATE", "data": {}}))
        sink.wait(lambda sink: sink.events())
        ((headers, raw), *_) = states(sink)

    assert is_signed(headers, raw, "token-of-last-year")


def test_a_bad_signature_stays_bad_at_every_attempt(delivered, sink, post):
    sink.status = 401
    post(1, bad_signature=1)
    sink.wait(lambda sink: delivered.sandbox.postman.tally["dropped"])

    assert len(states(sink)) == 4
    assert not any(is_signed(headers, raw) for headers, raw in states(sink))


def test_a_webhook_that_is_off_queues_nothing_and_begins_anew(delivered, sink):
    delivered.post("/control/post", json={"duplicate": 0})
    delivered.post("/control/webhook", json={"enabled": False})
    user_id, (vehicle_id, *_) = delivered.consent()
    delivered.sign_in()
    delivered.subscribe(user_id, vehicle_id)
    delivered.post("/control/deliver", json={"vehicleId": vehicle_id})
    time.sleep(0.05)
    assert sink.events() == []

    delivered.post("/control/webhook", json={"enabled": True})
    sink.wait(lambda sink: sink.events())
    assert [event["data"]["triggers"] for event in sink.events()] == [[{"code": "FIRST_DELIVERY"}]]


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("post", {"lost": 2}),
        ("post", {"lost": "nan"}),
        ("post", {"token": "mine"}),
        ("post", {"speed": 1}),
        ("hosts", {"latency_ms": 310_001}),
        ("hosts", {"down": ["moon"]}),
        ("webhook", {"signals": ["vin"]}),
        ("bucket", {"size": "big"}),
    ],
)
def test_weather_that_cannot_be_is_refused_and_changes_nothing(guest, part, wrong):
    before = guest.get("/control/weather").json()
    answer = guest.post(f"/control/{part}", json=wrong)

    assert answer.status_code == 400
    assert guest.get("/control/weather").json() == before


def test_fine_weather_ends_all_of_it(guest):
    before = guest.get("/control/weather").json()
    for part, said in [("post", {"lost": 1}), ("hosts", {"outage": "503"}), ("bucket", {"size": 1, "on": False})]:
        guest.post(f"/control/{part}", json=said)
    guest.post("/control/fine-weather", json={})

    after = guest.get("/control/weather").json()
    assert json.dumps(after) == json.dumps(before)
