"""One car's trouble is its own."""

import pytest
from django.utils import timezone

from tests.flows.makers import sandbox
from tests.scenes import a_car, a_fleet
from vehicles import polling
from vehicles.models import Vehicle
from vehicles.smartcar.errors import NeedsOwner, SmartcarProblem, TryLater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def car():
    car = a_car(a_fleet())
    car.poll_after = timezone.now()
    car.save()
    return car


def test_an_answer_that_cannot_be_taken_in_is_put_back(car):
    polling.settle_or_put_back(car, object(), polled=1)

    car.refresh_from_db()
    assert car.poll_failures == 1
    assert car.poll_after > timezone.now()


@pytest.mark.parametrize("answer", [TryLater(), SmartcarProblem("odd")])
def test_a_failed_poll_is_a_later_clock(car, answer):
    polling.settle(car, answer, polled=1)

    car.refresh_from_db()
    assert car.poll_failures == 1
    assert car.poll_after > timezone.now()


def test_a_car_that_needs_its_owner_is_asked_no_more(car):
    polling.settle(car, NeedsOwner("CONNECTED_SERVICES_ACCOUNT"), polled=1)

    car.refresh_from_db()
    assert (car.poll_after, car.connection.state) == (None, "needs_owner")


def test_cars_that_smartcar_does_not_know_wait_and_are_not_lost(tmp_path, settings, car):
    others = [a_car(car.fleet) for _ in range(3)]
    Vehicle.objects.update(poll_after=timezone.now())
    with sandbox(tmp_path, settings):
        assert polling.sweep(now=timezone.now()) == len(others) + 1

    assert not Vehicle.objects.filter(poll_after__lte=timezone.now()).exists()
    assert set(Vehicle.objects.values_list("poll_failures", flat=True)) == {1}
