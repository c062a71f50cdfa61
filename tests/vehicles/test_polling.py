"""One car's trouble is its own, and whatever comes back leads to a later clock with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.flows.makers import sandbox
from tests.scenes import a_car, a_fleet, odometer
from vehicles.asking import polling
from vehicles.domain.cadence import Rank
from vehicles.domain.measurements import Snapshot
from vehicles.line import budget
from vehicles.models import Gauge, Vehicle
from vehicles.smartcar.errors import NeedsOwner, SmartcarProblem, TryLater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def car():
    car = a_car(a_fleet())
    car.poll_after = timezone.now()
    car.save()
    return car


def settle(car, answer) -> Vehicle:
    polling.settle_all([polling.Asked(car, answer)], polling.Shares(), now=timezone.now())
    return Vehicle.objects.get(pk=car.pk)


def km(value: float) -> Snapshot:
    return Snapshot((odometer(value, at=timezone.now() - timedelta(hours=1)),))


def test_an_answer_is_recorded_and_the_next_poll_is_a_day_away(car):
    now = settle(car, km(40_000))

    assert Gauge.objects.get(vehicle=car, signal="odometer").number == 40_000
    assert (now.poll_why, now.poll_rank) == ("usual", Rank.ROUTINE)
    assert timedelta(hours=20) < now.poll_after - timezone.now() < timedelta(hours=28)


def test_an_answer_that_cannot_be_taken_in_is_put_back_and_takes_no_other_along(car):
    other = a_car(car.fleet, poll_after=timezone.now())
    odd = polling.Asked(car, Snapshot((object(),)))

    polling.settle_all([odd, polling.Asked(other, km(40_000))], polling.Shares(), now=timezone.now())

    car.refresh_from_db()
    assert car.poll_failures == 1
    assert car.poll_after > timezone.now()
    assert Gauge.objects.get(vehicle=other).number == 40_000


@pytest.mark.parametrize("answer", [TryLater(), SmartcarProblem("odd")])
def test_a_failed_poll_is_a_later_clock(car, answer):
    now = settle(car, answer)

    assert (now.poll_failures, now.poll_why) == (1, "failed")
    assert now.poll_after > timezone.now()


def test_a_car_that_needs_its_owner_is_asked_no_more(car):
    now = settle(car, NeedsOwner("CONNECTED_SERVICES_ACCOUNT"))

    assert (now.poll_after, now.connection.state) == (None, "needs_owner")


def test_our_own_empty_bucket_is_no_failure_of_the_car(car):
    now = settle(car, budget.OutOfCalls(timedelta(minutes=3), scope="app"))

    assert now.poll_failures == 0
    assert timedelta(minutes=2) < now.poll_after - timezone.now() <= timedelta(minutes=3)


def test_smartcar_s_word_on_the_bucket_empties_ours(car):
    limited = TryLater(timedelta(seconds=60), scope="app", type="RATE_LIMIT", code="SMARTCAR_API", status=429)

    assert settle(car, limited).poll_failures == 0
    assert budget.left(timezone.now()) < 0


def test_a_ring_that_came_while_the_car_was_asked_is_kept(car):
    Vehicle.objects.filter(pk=car.pk).update(poll_after=timezone.now() + timedelta(seconds=5), poll_why="asked")

    assert settle(car, km(40_000)).poll_why == "asked"


def test_cars_that_smartcar_does_not_know_wait_and_are_not_lost(tmp_path, settings, car):
    others = [a_car(car.fleet) for _ in range(3)]
    Vehicle.objects.update(poll_after=timezone.now())
    with sandbox(tmp_path, settings):
        assert polling.sweep(now=timezone.now()) == len(others) + 1

    assert not Vehicle.objects.filter(poll_after__lte=timezone.now()).exists()
    assert set(Vehicle.objects.values_list("poll_failures", flat=True)) == {1}
