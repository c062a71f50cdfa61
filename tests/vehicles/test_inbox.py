"""Opening what was kept."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.scenes import NOON, a_car, a_delivery, a_fleet, a_signal, post, state_of
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Delivery, Gauge
from vehicles.post import inbox, letterbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return a_car(a_fleet())


def keep(body: bytes) -> Delivery:
    letterbox.keep(body, now=NOON)
    return Delivery.objects.latest("pk")


def sweep_all(now=NOON):
    while inbox.sweep(now=now):
        pass


def sweep_door():
    """What came through the door was received on the wall's clock."""
    sweep_all(now=timezone.now())


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_delivery_becomes_gauges_and_wakes_the_review(car):
    keep(state_of(car.smartcar_id, km=84_300, oil=31, at=NOON))
    sweep_all()

    car.refresh_from_db()
    assert car.review_after == NOON
    assert dict(Gauge.objects.filter(vehicle=car).values_list("signal", "number")) == {
        "odometer": 84_300,
        "oil_life": 31,
    }
    assert states() == ["done"]


def test_a_delivery_for_an_unknown_car_is_parked_and_opened_when_it_is_known(car):
    keep(state_of("a-stranger", km=5_000, at=NOON))
    sweep_all()
    assert states() == ["parked"]

    stranger = a_car(car.fleet, smartcar_id="a-stranger")
    inbox.unpark(["a-stranger"], now=NOON)
    sweep_all()

    assert states() == ["done"]
    assert Gauge.objects.get(vehicle=stranger).number == 5_000


def test_a_test_delivery_has_no_effect(car):
    keep(state_of(car.smartcar_id, km=84_300, at=NOON, mode="TEST"))
    sweep_all()

    assert states() == ["idle"]
    assert not Gauge.objects.exists()


def test_the_second_content_of_an_event_is_flagged_and_has_no_effect(car):
    keep(state_of(car.smartcar_id, km=84_300, at=NOON, event_id="same"))
    keep(state_of(car.smartcar_id, km=84_400, at=NOON + timedelta(minutes=1), event_id="same"))
    sweep_all()

    assert states() == ["done", "twin"]
    assert Gauge.objects.get(vehicle=car).number == 84_300


@pytest.mark.parametrize(
    "legacy",
    [
        {"version": "2.0", "eventName": "schedule", "webhookId": "w", "payload": {"vehicles": []}},
        {"version": "2.0", "eventName": "dynamic", "eventId": "e-9", "payload": {"vehicles": []}},
    ],
)
def test_a_legacy_body_is_kept_and_quarantined(client, legacy):
    assert post(client, json.dumps(legacy).encode()).status_code == 200
    sweep_door()

    assert states() == ["quarantined"]


def test_location_leaves_the_kept_body_once_it_was_read(car):
    place = a_signal("location-preciselocation", {"latitude": 44.6488, "longitude": -63.5752}, at=NOON)
    km = a_signal("odometer-traveleddistance", {"value": 84_300, "unit": "km"}, at=NOON)
    keep(a_delivery(car.smartcar_id, [place, km], at=NOON))
    sweep_all()

    assert b"44.6488" not in bytes(Delivery.objects.get().body)
    assert Gauge.objects.get(vehicle=car).number == 84_300


def test_a_poisonous_delivery_takes_no_neighbour_down(car, monkeypatch):
    keep(state_of(car.smartcar_id, km=84_300, at=NOON))
    poison = keep(state_of(car.smartcar_id, km=84_301, at=NOON + timedelta(seconds=1)))
    # A row that cannot be taken in at all: its receipt is gone.
    Delivery.objects.filter(pk=poison.pk).update(attempts=inbox.TRIES)
    sweep_all()

    assert states() == ["done", "quarantined"]


def test_one_whose_worker_died_is_opened_again_alone(car):
    delivery = keep(state_of(car.smartcar_id, km=84_300, at=NOON))
    Delivery.objects.filter(pk=delivery.pk).update(attempts=1, open_after=NOON + inbox.LEASE)

    assert inbox.sweep(now=NOON) == 0
    sweep_all(now=NOON + inbox.LEASE)
    assert states() == ["done"]


def test_replaying_everything_changes_nothing(car):
    for hour in range(5):
        keep(state_of(car.smartcar_id, km=84_300 + hour, oil=30 - hour, at=NOON - timedelta(hours=10 - hour)))
    sweep_all()
    before = list(Gauge.objects.order_by("pk").values())

    inbox.replay(Delivery.objects.all(), now=NOON)
    sweep_all()

    assert list(Gauge.objects.order_by("pk").values()) == before
    assert set(states()) == {"done"}


def test_an_error_about_one_signal_teaches_and_asks_nobody_to_reconnect(car):
    error = {
        "type": "COMPATIBILITY",
        "code": "VEHICLE_NOT_CAPABLE",
        "state": "ERROR",
        "signals": [{"code": "internalcombustionengine-oillife"}],
    }
    keep(an_error(car, error))
    sweep_all()

    car.connection.refresh_from_db()
    assert car.connection.state == "connected"
    assert Capability.objects.get(vehicle=car, signal=Signal.OIL_LIFE).state == "unsupported"


def test_an_ended_consent_asks_the_owner_and_its_return_is_seen(car):
    error = {"type": "CONNECTED_SERVICES_ACCOUNT", "code": "AUTHENTICATION_FAILED", "state": "ERROR"}
    keep(an_error(car, error))
    sweep_all()
    car.connection.refresh_from_db()
    assert (car.connection.state, car.connection.reason) == (
        "needs_owner",
        "CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED",
    )

    keep(an_error(car, error | {"state": "RESOLVED"}, at=NOON + timedelta(hours=1)))
    sweep_all(now=NOON + timedelta(hours=1))
    car.connection.refresh_from_db()
    assert car.connection.state == "connected"


def an_error(car, error: dict, at=NOON) -> bytes:
    content = json.loads(a_delivery(car.smartcar_id, [], at=at))
    content["eventType"] = "VEHICLE_ERROR"
    content["data"] = {"vehicle": {"id": car.smartcar_id}, "errors": [error]}
    return json.dumps(content).encode()


@pytest.mark.parametrize("order", [("ERROR", "RESOLVED"), ("RESOLVED", "ERROR")])
def test_a_trouble_and_its_end_leave_the_car_connected_in_any_order(car, order):
    error = {"type": "CONNECTED_SERVICES_ACCOUNT", "code": "AUTHENTICATION_FAILED"}
    times = {"ERROR": NOON, "RESOLVED": NOON + timedelta(seconds=5)}
    for state in order:
        keep(an_error(car, error | {"state": state}, at=times[state]))
        sweep_all(now=NOON + timedelta(minutes=1))

    car.connection.refresh_from_db()
    assert car.connection.state == "connected"


def test_ids_as_long_as_they_come_are_kept(client, car):
    body = json.loads(state_of(car.smartcar_id, km=84_300, at=NOON))
    body["meta"]["webhookId"] = "w" * 200
    body["data"]["vehicle"] |= {"make": "M" * 60, "model": "m" * 100}

    assert post(client, json.dumps(body).encode()).status_code == 200
    sweep_door()
    assert states() == ["done"]


def test_what_was_parked_while_its_car_came_in_is_rung(car):
    keep(state_of("came-in-just-then", km=5_000, at=NOON))
    sweep_all()
    a_car(car.fleet, smartcar_id="came-in-just-then")

    inbox.unpark_known(now=NOON)
    sweep_all()
    assert states() == ["done"]
