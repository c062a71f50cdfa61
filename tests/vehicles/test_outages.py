"""A time in which nobody listened is noticed, and the cars are asked for what it lost."""

from datetime import timedelta

import pytest

from fleet.owners.models import Role
from tests.scenes import NOON, a_car, a_fleet, a_member
from vehicles.asking import outages
from vehicles.domain.cadence import Rank
from vehicles.models import Outage, Vehicle

pytestmark = pytest.mark.django_db

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BACK = NOON + 10 * MINUTE


@pytest.fixture(autouse=True)
def nothing_lapsed():
    outages.lapse.take(NOON + 9 * DAY)


@pytest.fixture
def fleet():
    return a_fleet()


def subscribed(fleet, *, heard, **fields) -> Vehicle:
    return a_car(fleet, subscribed_at=NOON - DAY, seen_at=heard, poll_after=NOON + DAY, poll_rank=4, **fields)


def go_down_for(gap: timedelta) -> None:
    outages.door_is_open(now=NOON)
    outages.door_is_open(now=NOON + gap)


@pytest.mark.parametrize(("gap", "noticed"), [(30, 0), (119, 0), (121, 1), (600, 1)])
def test_a_gap_beyond_two_minutes_is_an_outage(gap, noticed):
    go_down_for(timedelta(seconds=gap))

    assert Outage.objects.count() == noticed


def test_the_first_start_of_all_is_none():
    outages.door_is_open(now=NOON)

    assert not Outage.objects.exists()


def test_of_two_processes_that_start_together_one_writes_it_down():
    go_down_for(10 * MINUTE)
    outages.door_is_open(now=BACK + timedelta(seconds=1))

    assert Outage.objects.count() == 1


def test_subscribed_cars_not_heard_of_since_are_put_in_line_the_urgent_first(fleet):
    calm = subscribed(fleet, heard=NOON)
    urgent = subscribed(fleet, heard=NOON, wanted_at=NOON + DAY)
    subscribed(fleet, heard=BACK + MINUTE)
    a_car(fleet, seen_at=NOON, poll_after=NOON + DAY, poll_rank=4)
    go_down_for(10 * MINUTE)

    outages.heal(now=BACK + 2 * MINUTE)

    line = Vehicle.objects.filter(poll_rank=Rank.OUTAGE).order_by("poll_after")
    assert [car.pk for car in line] == [urgent.pk, calm.pk]
    assert Outage.objects.get().cars == 2


def test_it_is_healed_when_all_were_heard_of_or_cannot_be(fleet):
    cars = [subscribed(fleet, heard=NOON) for _ in range(3)]
    go_down_for(10 * MINUTE)
    outages.heal(now=BACK)
    Vehicle.objects.filter(pk=cars[0].pk).update(seen_at=BACK + MINUTE)
    Vehicle.objects.filter(pk=cars[1].pk).update(hold_until=BACK + DAY)
    Vehicle.objects.filter(pk=cars[2].pk).update(poll_failures=2)

    outages.heal(now=BACK + 2 * MINUTE)
    assert Outage.objects.get().healed_at is None

    Vehicle.objects.filter(pk=cars[2].pk).update(poll_failures=3)
    outages.heal(now=BACK + 3 * MINUTE)
    assert Outage.objects.get().healed_at == BACK + 3 * MINUTE


def test_a_car_that_failed_is_not_rung_again_by_the_same_outage(fleet):
    car = subscribed(fleet, heard=NOON)
    go_down_for(10 * MINUTE)
    outages.heal(now=BACK)
    later = BACK + 30 * MINUTE
    Vehicle.objects.filter(pk=car.pk).update(poll_after=later, poll_rank=4, poll_failures=1)

    outages.heal(now=BACK + MINUTE)

    assert Vehicle.objects.get(pk=car.pk).poll_after == later


def test_outages_merge_and_ask_again_who_was_asked_between(fleet):
    car = subscribed(fleet, heard=NOON)
    slow = subscribed(fleet, heard=NOON)
    go_down_for(10 * MINUTE)
    outages.heal(now=BACK)
    Vehicle.objects.filter(pk=car.pk).update(seen_at=BACK + MINUTE, poll_after=BACK + DAY, poll_rank=4)

    outages.door_is_open(now=BACK + 20 * MINUTE)
    outages.heal(now=BACK + 21 * MINUTE)

    merged = Outage.objects.get()
    assert (merged.began_at, merged.ended_at, merged.cars) == (NOON, BACK + 20 * MINUTE, 2)
    assert set(Vehicle.objects.filter(poll_rank=Rank.OUTAGE)) == {car, slow}


@pytest.mark.parametrize(("kept_after", "asked_after", "noticed"), [(1, 5, 0), (5, 6, 1), (None, 2, 0), (None, 4, 1)])
def test_deliveries_that_could_not_be_kept_are_an_outage_unless_a_retry_was(kept_after, asked_after, noticed):
    outages.door_is_open(now=NOON)
    outages.lapse.failed(NOON + timedelta(seconds=1))
    if kept_after:
        outages.lapse.kept(NOON + kept_after * MINUTE)
    for minute in range(1, asked_after + 1):
        outages.door_is_open(now=NOON + minute * MINUTE)

    assert Outage.objects.count() == noticed


def test_the_banner_stands_on_every_page_until_the_fleet_s_cars_were_heard_of(client, fleet):
    car = subscribed(fleet, heard=NOON)
    elsewhere = subscribed(a_fleet("Elsewhere"), heard=NOON)
    go_down_for(10 * MINUTE)
    outages.heal(now=BACK)
    client.force_login(a_member(fleet, Role.VIEWER).user)

    assert b"0 of 1 car has been heard of since" in client.get("/").content
    assert b"0 of 1 car has been" in client.get("/vehicles/").content

    Vehicle.objects.filter(pk=car.pk).update(seen_at=BACK + MINUTE)
    assert elsewhere.pk in Vehicle.objects.filter(poll_rank=Rank.OUTAGE).values_list("pk", flat=True)
    assert b"heard of since" not in client.get("/").content
    assert b"note" not in client.get("/connect/outage/", headers={"HX-Request": "true"}).content
