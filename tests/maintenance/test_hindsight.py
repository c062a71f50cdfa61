"""A past that came in at once is foretold as it would have been, week by week."""

from datetime import timedelta

import pytest

from maintenance import hindsight, review
from maintenance.models import DueItem, Foretold, HitRate, ServiceRecord
from tests.maintenance.paces import DAY, driven
from tests.scenes import NOON, a_car, a_fleet
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def serviced(car, *, days_ago: int, km: float) -> None:
    done = NOON - days_ago * DAY
    ServiceRecord.objects.create(
        fleet=car.fleet, vehicle=car, task=car.fleet.tasks.get(key="oil-change"), done_on=done.date(), done_at=done,
        odometer_km=km, key=f"{car.pk}-{days_ago}",
    )  # fmt: skip


@pytest.fixture
def car():
    """A year at 50 km a day, up to 58,250 km, with an oil change 340 days ago."""
    found = a_car(a_fleet())
    driven(found, days=365, a_day=50)
    serviced(found, days_ago=340, km=41_250)
    review.review([found.pk], now=NOON)
    return found


def ranges(car) -> list[Foretold]:
    item = DueItem.objects.get(vehicle=car, task__key="oil-change")
    return list(Foretold.objects.filter(item=item, axis="distance").order_by("said_on"))


def test_the_weeks_before_a_point_are_foretold_and_settled(car):
    hindsight.foretell(car.fleet, days=365, now=NOON)
    told = ranges(car)
    point = DueItem.objects.get(vehicle=car, task__key="oil-change").due_km
    reached = TODAY - timedelta(days=round((58_250 - point) / 50))

    assert {one.point for one in told} == {point}
    assert {one.verdict for one in told} == {"hit"}
    assert all(abs(one.happened_on - reached) <= timedelta(days=1) for one in told)
    gaps = {(b.said_on - a.said_on).days for a, b in zip(told, told[1:], strict=False)}
    assert gaps == {7} and 15 <= len(told) <= 18 and told[-1].said_on < reached
    assert sum(rate.hit for rate in HitRate.objects.filter(fleet=car.fleet, axis="distance")) == len(told)


def test_only_what_was_known_then_counts(car):
    """The later service neither moved the point that stood before it, nor did it count before it was done."""
    serviced(car, days_ago=200, km=48_250)
    hindsight.foretell(car.fleet, days=365, now=NOON)
    told = ranges(car)

    before = [one for one in told if one.said_on < TODAY - timedelta(days=200)]
    after = [one for one in told if one.said_on >= TODAY - timedelta(days=200)]
    assert {one.verdict for one in before} == {"void"} and {one.settled_on for one in before} == {TODAY - 200 * DAY}
    assert len({one.point for one in before} | {one.point for one in after}) == 2
    assert {one.verdict for one in after} == {"hit"}


def test_a_fleet_that_has_a_back_test_gets_no_second_one(car):
    first = hindsight.foretell(car.fleet, days=365, now=NOON)
    assert first and hindsight.foretell(car.fleet, days=365, now=NOON + 2 * DAY) == 0
    assert Foretold.objects.count() == first


def test_nothing_is_changed_but_the_back_test(car):
    before = list(DueItem.objects.order_by("pk").values()), list(Vehicle.objects.values())
    hindsight.foretell(car.fleet, days=365, now=NOON)
    assert (list(DueItem.objects.order_by("pk").values()), list(Vehicle.objects.values())) == before
