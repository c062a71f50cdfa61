"""What each problem of a poll comes to, in the database."""

import json
from datetime import timedelta

import pytest

from fleet.owners.models import User
from tests.scenes import NOON, a_car, a_fleet, odometer
from vehicles.consent import mending
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Connection, OddAnswer, Source, Vehicle
from vehicles.smartcar.errors import NeedsOwner, SmartcarProblem, problem_from
from vehicles.waist import ingest, troubles

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=6)
AUTH = "CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED"


@pytest.fixture
def car():
    return a_car(a_fleet())


def told(status: int, name: str, **more) -> SmartcarProblem:
    kind, _, code = name.partition(".")
    body = {"type": kind, "code": code or None} | more
    return problem_from(status, {}, json.dumps(body).encode(), NOON)


def stand(car) -> tuple[str, str, str]:
    car = Vehicle.objects.select_related("connection").get(pk=car.pk)
    return car.connection.state, car.connection.reason, car.hold


@pytest.mark.parametrize(
    ("status", "name", "state", "hold"),
    [
        (400, AUTH, "needs_owner", ""),
        (400, "CONNECTED_SERVICES_ACCOUNT.SUBSCRIPTION", "needs_owner", ""),
        (400, "CONNECTED_SERVICES_ACCOUNT.VEHICLE_MISSING", "needs_owner", ""),
        (400, "CONNECTED_SERVICES_ACCOUNT.PERMISSION", "needs_owner", ""),
        (501, "COMPATIBILITY.PLATFORM_NOT_CAPABLE", "needs_owner", ""),
        (403, "PERMISSION", "needs_owner", ""),
        (430, "BILLING.VEHICLE_LIMIT", "not_on_plan", "plan"),
        (430, "BILLING.ACCOUNT_SUSPENDED", "not_on_plan", "plan"),
        (430, "BILLING.VEHICLE_REQUEST_LIMIT", "connected", "budget"),
        (429, "RATE_LIMIT.VEHICLE", "connected", "throttled"),
        (429, "RATE_LIMIT.SMARTCAR_API", "connected", ""),
        (502, "UPSTREAM.RATE_LIMIT", "connected", "throttled"),
        (502, "UPSTREAM.NO_RESPONSE", "connected", ""),
        (409, "VEHICLE_STATE.ASLEEP", "connected", "resting"),
        (409, "VEHICLE_STATE.REMOTE_ACCESS_DISABLED", "connected", "resting"),
        (500, "SERVER.INTERNAL", "connected", ""),
        (400, "VALIDATION.PARAMETER", "connected", ""),
        (404, "RESOURCE_NOT_FOUND.VEHICLE_NOT_FOUND", "connected", ""),
    ],
)
def test_each_problem_has_a_state_of_its_own(car, status, name, state, hold):
    troubles.take(car, told(status, name), now=NOON)

    assert stand(car) == (state, name if state != "connected" else "", hold)
    car.refresh_from_db()
    assert car.review_after == NOON
    assert (car.hold_reason == name) is bool(hold)


def test_a_wait_ends_when_smartcar_said(car):
    problem = problem_from(429, {"Retry-After": "5000"}, b'{"type": "RATE_LIMIT", "code": "VEHICLE"}', NOON)
    troubles.take(car, problem, now=NOON)

    car.refresh_from_db()
    assert car.hold_until == NOON + timedelta(seconds=5000)


def test_calls_used_up_come_back_with_the_month(car):
    troubles.take(car, told(430, "BILLING.VEHICLE_REQUEST_LIMIT"), now=NOON)

    car.refresh_from_db()
    assert (car.hold_until.month, car.hold_until.day, car.hold_until.hour) == (NOON.month + 1, 1, 0)


def test_a_car_that_cannot_be_read_at_all_is_looked_at_again_in_a_month(car):
    troubles.take(car, told(501, "COMPATIBILITY.VEHICLE_NOT_CAPABLE"), now=NOON)

    car.refresh_from_db()
    assert (car.hold, car.hold_until) == ("resting", NOON + timedelta(days=30))
    assert Capability.objects.get(vehicle=car, signal=Signal.ODOMETER).state == "unsupported"


def test_a_car_that_is_not_found_is_lost_until_it_tells_something(car):
    lost = told(404, "RESOURCE_NOT_FOUND.VEHICLE_NOT_FOUND")
    troubles.take(car, lost, now=NOON)
    troubles.take(car, lost, now=LATER)
    car.refresh_from_db()
    assert car.lost_since == NOON

    ingest.record(car, [odometer(5_000, at=LATER)], source=Source.POLL, now=LATER)
    car.refresh_from_db()
    assert car.lost_since is None


URL = "{}/oauth/reauthenticate?vehicle_id=1"


@pytest.mark.parametrize(
    ("origin", "kept"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.0.0.1:2", False),
        ("https://127.0.0.1:1", False),
        ("https://evil", False),
    ],
)
def test_the_way_to_mend_it_is_kept_if_it_leads_to_connect(car, settings, origin, kept):
    settings.SMARTCAR_ORIGINS = settings.SMARTCAR_ORIGINS | {"connect": "http://127.0.0.1:1/connect"}
    url = URL.format(f"{origin}/connect")
    troubles.take(car, told(400, AUTH, resolution={"type": "REAUTHENTICATE", "url": url}), now=NOON)

    assert Connection.objects.get().mend_url == (url if kept else "")


def test_data_that_was_fetched_afterwards_ends_the_trouble_and_older_data_does_not(car):
    troubles.take(car, told(400, AUTH), now=NOON)
    Vehicle.objects.update(poll_after=None)

    ingest.record(car, [odometer(5_000, at=NOON - timedelta(hours=1))], source=Source.POLL, now=LATER)
    assert stand(car)[0] == "needs_owner"

    ingest.record(car, [odometer(5_001, at=NOON + timedelta(hours=1))], source=Source.WEBHOOK, now=LATER)
    assert stand(car) == ("connected", "", "")
    car.refresh_from_db()
    assert car.poll_after == LATER


def test_only_an_answer_shows_that_the_plan_has_room_again(car):
    troubles.take(car, told(430, "BILLING.VEHICLE_LIMIT"), now=NOON)
    assert Vehicle.objects.pollable().filter(pk=car.pk).exists()

    ingest.record(car, [odometer(5_000, at=LATER)], source=Source.WEBHOOK, now=LATER)
    assert stand(car)[0] == "not_on_plan"

    ingest.record(car, [odometer(5_000, at=LATER)], source=Source.POLL, now=LATER)
    assert stand(car)[0] == "connected"


def test_a_dead_grant_is_not_brought_back_by_what_the_webhook_still_tells(car):
    troubles.take(car, NeedsOwner("GRANT_DEAD"), now=NOON)
    ingest.record(car, [odometer(5_000, at=LATER)], source=Source.WEBHOOK, now=LATER)
    assert stand(car)[:2] == ("needs_owner", "GRANT_DEAD")

    mending.take_up(Connection.objects.get(), LATER)
    ingest.record(car, [odometer(5_001, at=LATER)], source=Source.WEBHOOK, now=LATER)
    assert stand(car)[0] == "connected"


def test_a_state_that_others_wrote_is_not_lost_beside_a_new_word(car):
    car.connection.turn("needs_owner", "GRANT_DEAD", NOON)
    troubles.accuse(car, "BILLING.VEHICLE_LIMIT", at=LATER, now=LATER)
    assert stand(car)[:2] == ("needs_owner", "GRANT_DEAD")


def test_what_was_given_back_stays_given_back(car):
    car.connection.turn("disconnected", "PARTED", NOON)
    troubles.take(car, told(400, AUTH), now=LATER)
    ingest.record(car, [odometer(5_000, at=LATER)], source=Source.WEBHOOK, now=LATER)
    assert stand(car)[:2] == ("disconnected", "PARTED")


def test_what_nobody_has_seen_is_counted_for_the_operator(car, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            troubles.take(car, told(418, "SUNSPOTS.MANY"), now=NOON)
        troubles.take(car, told(400, "VALIDATION.PARAMETER"), now=NOON)
        troubles.take(car, told(409, "VEHICLE_STATE.ASLEEP"), now=NOON)

    odd = {(row.kind, row.name, row.status): row.count for row in OddAnswer.objects.all()}
    assert odd[("error", "SUNSPOTS.MANY", 418)] == 3
    assert ("fault", "VALIDATION.PARAMETER", 400) in odd
    assert not [name for _, name, _ in odd if "ASLEEP" in name]


def test_the_operator_marks_what_was_looked_at(client):
    row = OddAnswer.objects.create(kind="error", name="SUNSPOTS.MANY", status=418, first_at=NOON, last_at=NOON)
    client.force_login(User.objects.create_superuser("admin@fettle.example", "a-long-pass-phrase"))

    page = client.get("/admin/vehicles/oddanswer/").content.decode()
    assert "SUNSPOTS.MANY" in page
    client.post("/admin/vehicles/oddanswer/", {"action": "looked_at", "_selected_action": [row.pk]})

    row.refresh_from_db()
    assert row.seen_at is not None
