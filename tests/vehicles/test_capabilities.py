"""What a car gives is learnt from every answer, and looked at again after a month."""

from datetime import timedelta
from itertools import permutations

import pytest

from tests.scenes import NOON, a_car, a_fleet
from vehicles.consent import mending
from vehicles.domain.signals import Signal
from vehicles.models import Capability
from vehicles.waist import capabilities

pytestmark = pytest.mark.django_db
MINUTES_10 = timedelta(minutes=10)


@pytest.fixture
def car():
    return a_car(a_fleet())


def say(car, state: str, *, at, signal=Signal.OIL_LIFE):
    capabilities.learn(car, [(car.pk, signal.value, at, state, "")], now=at)


def known(car) -> str:
    return Capability.objects.get(vehicle=car, signal=Signal.OIL_LIFE).state


def test_a_no_within_the_hour_after_a_value_is_not_lost(car):
    say(car, "given", at=NOON)
    say(car, "unsupported", at=NOON + MINUTES_10)
    assert known(car) == "unsupported"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_newest_of_several_within_an_hour_stands_in_any_order(car, order):
    said = ["unsupported", "given", "unsupported", "unsupported"]
    for number in order:
        say(car, said[number], at=NOON + number * MINUTES_10)
    assert known(car) == "unsupported"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_permission_that_ended_and_came_back_in_any_order(car, order):
    said = ["given", "not_permitted", "open"]
    for number in order:
        say(car, said[number], at=NOON + number * MINUTES_10)
    assert known(car) == "open"


def test_what_a_car_does_not_give_is_asked_again_after_a_month(car):
    say(car, "unsupported", at=NOON)
    say(car, "not_permitted", at=NOON, signal=Signal.ODOMETER)

    def at(days: int) -> set:
        return capabilities.hopeless(car.connection, now=NOON + timedelta(days=days))

    assert at(29) == {Signal.OIL_LIFE}
    assert at(30) == set()


def test_a_new_consent_opens_what_was_not_permitted_and_nothing_else(car):
    say(car, "not_permitted", at=NOON)
    say(car, "unsupported", at=NOON, signal=Signal.TYRE_PRESSURE)
    mending.take_up(car.connection, NOON + MINUTES_10)

    states = dict(Capability.objects.values_list("signal", "state"))
    assert states == {"oil_life": "open", "tyre_pressure": "unsupported"}
