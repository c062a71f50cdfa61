"""A fleet is reviewed anew, some vehicles at a time."""

from datetime import timedelta

import pytest

from maintenance import review
from maintenance.models import Program, Recheck
from maintenance.plans import rechecks
from tests.scenes import NOON, a_car, a_fleet
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    made = a_fleet()
    for _ in range(5):
        a_car(made)
    Vehicle.objects.update(review_after=None)
    return made


def step(seconds: int) -> Recheck:
    rechecks.sweep(now=NOON + timedelta(seconds=seconds), chunk=2)
    return Recheck.objects.latest("began_at")


def test_it_rings_for_some_counts_what_is_left_and_ends(fleet):
    rechecks.begin(fleet, "Engine v2", by_name="Ana", now=NOON)
    told, seconds = [], 0
    while (held := step(seconds)).over_at is None:
        told.append((held.done, Vehicle.objects.filter(review_after__lte=NOON).count()))
        review.sweep(now=NOON + timedelta(seconds=seconds))
        seconds += 2
        assert seconds < 30
    assert told == [(0, 2), (2, 2), (4, 1)]
    assert (held.done, held.left, held.look_after) == (5, 0, None)
    assert not Vehicle.objects.filter(review_after__lte=NOON).exists()


def test_while_enough_wait_nobody_else_is_rung_for(fleet):
    rechecks.begin(fleet, "Engine v2", by_name="Ana", now=NOON)
    for seconds in (0, 2, 4):
        assert step(seconds).left == 5
    assert Vehicle.objects.filter(review_after=NOON).count() == 2


def test_a_newer_one_takes_the_place_of_an_older(fleet):
    rechecks.begin(fleet, "Engine v2", by_name="Ana", now=NOON)
    rechecks.begin(fleet, "Engine v3", by_name="Ana", now=NOON + timedelta(seconds=1))
    assert [held.why for held in Recheck.objects.filter(over_at=None)] == ["Engine v3"]
    assert rechecks.sweep(now=NOON + timedelta(seconds=2)) == 1


def test_other_fleets_and_retired_cars_are_left_alone(fleet):
    theirs = a_car(a_fleet("Theirs"))
    Vehicle.objects.filter(pk=theirs.pk).update(review_after=None)
    gone = fleet.vehicles.first()
    Vehicle.objects.filter(pk=gone.pk).update(retired_at=NOON)
    rechecks.begin(fleet, "Engine v2", by_name="Ana", now=NOON)
    for seconds in range(0, 20, 2):
        step(seconds)
        review.sweep(now=NOON + timedelta(seconds=seconds))
    for car in (theirs, gone):
        car.refresh_from_db()
        assert car.review_after is None
    assert Recheck.objects.get().cars == 4


def test_it_ends_though_cars_left_meanwhile(fleet):
    rechecks.begin(fleet, "Engine v2", by_name="Ana", now=NOON)
    Vehicle.objects.for_fleet(fleet).update(retired_at=NOON)
    step(0)
    assert step(2).over_at is not None


def test_a_retired_program_gives_its_cars_to_the_next(fleet):
    car = fleet.vehicles.first()
    review.review([car.pk], now=NOON)
    for program in Program.objects.for_fleet(fleet):
        program.retired_at = NOON
        program.save()
    rechecks.begin(fleet, "retired", by_name="Ana", now=NOON)
    for seconds in range(0, 20, 2):
        step(seconds)
        review.sweep(now=NOON + timedelta(seconds=seconds))
    assert not car.due_items.exists()


def test_somebody_stops_it_and_the_rest_is_left_to_its_next_reading(fleet):
    rechecks.begin(fleet, "Engine v2", by_name="Ana", now=NOON)
    step(0)
    review.sweep(now=NOON)
    step(2)

    assert rechecks.stop(fleet, by_name="Ben", now=NOON + timedelta(seconds=3))
    assert not rechecks.stop(fleet, by_name="Ben", now=NOON + timedelta(seconds=4))

    held = step(5)
    assert (held.stopped_by, held.done, held.over_at) == ("Ben", 2, NOON + timedelta(seconds=3))
    assert Vehicle.objects.filter(review_after=NOON).count() == 2  # those rung for already


def test_one_that_tells_faults_anew_is_not_stopped_half_way(fleet):
    rechecks.begin(fleet, "Policy", by_name="Ana", now=NOON, refolds=True)

    assert not rechecks.stop(fleet, by_name="Ben", now=NOON)
    assert step(0).over_at is None
