"""A host or a make that answers nobody is left alone, then one car is tried for all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from django.db import connections
from django.utils import timezone

from tests.flows.makers import sandbox
from tests.scenes import NOON, a_car, a_fleet, odometer
from vehicles.asking import polling
from vehicles.domain.measurements import Snapshot
from vehicles.line import breakers, turns
from vehicles.models import Breaker, Vehicle
from vehicles.smartcar.errors import NeedsOwner, OurFault, TryLater

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NO_WAY = TryLater(scope="app", detail="no connection")
UPSTREAM = TryLater(type="UPSTREAM", code="NO_RESPONSE", status=502)
GOOD = Snapshot((odometer(40_000, at=NOON),))


@pytest.fixture
def fleet():
    return a_fleet()


def cars(fleet, count: int, make: str = "FORD") -> list[Vehicle]:
    return [a_car(fleet, make=make, poll_after=NOON, poll_rank=4) for _ in range(count)]


def settle(asked: list[Vehicle], answer, *, now=NOON) -> None:
    for car in asked:
        polling.settle_all([polling.Asked(car, answer)], polling.Shares(), now=now)


def standing(now=None) -> list[str]:
    return [one.name for one in breakers.open_ones(now)]


@pytest.mark.parametrize(
    ("answer", "opens"),
    [
        (NO_WAY, ["host vehicle"]),
        (OurFault(type="AUTHENTICATION", status=401), ["host vehicle"]),
        (UPSTREAM, ["make FORD"]),
        (TryLater(type="RATE_LIMIT", code="VEHICLE", status=429), []),
        (TryLater(type="RATE_LIMIT", code="SMARTCAR_API", scope="app", status=429), []),
        (TryLater(type="VEHICLE_STATE", code="ASLEEP", status=409), []),
        (NeedsOwner("CONNECTED_SERVICES_ACCOUNT"), []),
        (GOOD, []),
    ],
)
def test_five_that_get_no_answer_open_what_stands_for_all(fleet, answer, opens):
    settle(cars(fleet, 5), answer)

    assert standing() == opens


def test_four_do_not_and_an_answer_between_begins_the_count_anew(fleet):
    settle(cars(fleet, 4), NO_WAY)
    settle(cars(fleet, 1), GOOD)
    settle(cars(fleet, 4), NO_WAY)

    assert standing() == []


def test_one_car_that_fails_again_and_again_is_its_own_trouble(fleet):
    (car,) = cars(fleet, 1)
    for number in range(9):
        car.refresh_from_db()
        settle([car], UPSTREAM, now=NOON + number * MINUTE)

    assert standing() == []


def test_behind_an_open_breaker_nobody_of_that_make_is_asked_and_others_are(fleet):
    settle(cars(fleet, 5), UPSTREAM)
    fords, toyota = cars(fleet, 3), cars(fleet, 1, make="TOYOTA")

    assert turns.claim(10, now=NOON) == toyota

    ford = Vehicle.objects.get(pk=fords[0].pk)
    assert (ford.poll_why, ford.poll_after) == ("breaker", NOON + MINUTE)
    assert breakers.open_ones(NOON)[0].title == "Ford"


def test_then_one_car_is_tried_and_its_answer_lets_all_go_on(fleet):
    settle(cars(fleet, 5), UPSTREAM)
    Vehicle.objects.update(poll_after=NOON + timedelta(days=1))
    waiting = cars(fleet, 4)
    turns.claim(10, now=NOON)
    later = NOON + 2 * MINUTE

    (probe,) = turns.claim(10, now=later)
    assert turns.claim(10, now=later + MINUTE) == []
    settle([probe], GOOD, now=later + MINUTE)

    assert standing() == []
    assert len(turns.claim(10, now=later + MINUTE)) == len(waiting) - 1


def test_a_probe_that_fails_opens_it_for_longer(fleet):
    settle(cars(fleet, 5), UPSTREAM)
    Vehicle.objects.update(poll_after=NOON + timedelta(days=1))
    cars(fleet, 4)
    turns.claim(10, now=NOON)
    later = NOON + 2 * MINUTE
    settle(turns.claim(10, now=later), UPSTREAM, now=later)

    assert Breaker.objects.get(name="make FORD").open_until == later + 2 * MINUTE
    assert turns.claim(10, now=later + MINUTE) == []


def test_a_probe_whose_process_died_is_tried_by_another(fleet):
    settle(cars(fleet, 5), UPSTREAM)
    Vehicle.objects.update(poll_after=NOON + timedelta(days=1))
    cars(fleet, 4)
    turns.claim(10, now=NOON)
    assert len(turns.claim(10, now=NOON + 2 * MINUTE)) == 1

    assert len(turns.claim(10, now=NOON + 11 * MINUTE)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_one_gets_the_probe():
    Breaker.objects.create(name="make FORD", failures=5, open_until=NOON, changed_at=NOON)

    def take(_) -> bool:
        try:
            return breakers.take_probe("make FORD", NOON + MINUTE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(24))) == 1


@pytest.mark.django_db(transaction=True)
def test_a_host_that_is_down_is_left_alone_until_it_answers(tmp_path, settings, fleet):
    cars(fleet, 9)
    with sandbox(tmp_path, settings) as origin:
        requests.post(f"{origin}/control/hosts", json={"outage": "503", "down": ["vehicle"]}, timeout=10)
        assert polling.sweep(now=timezone.now()) == 9
        assert standing(timezone.now()) == ["host vehicle"]

        Vehicle.objects.update(poll_after=NOON)
        assert polling.sweep(now=timezone.now()) == 0
