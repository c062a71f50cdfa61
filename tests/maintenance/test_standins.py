"""What stands in for an odometer that nobody typed, when the reading it was taken from is taken back."""

from datetime import timedelta

import pytest

from fleet.owners.models import Role
from maintenance import anchors, metering
from maintenance.domain.plan import AnchorKind
from maintenance.metering import Said
from maintenance.models import DueItem, KeptStart
from maintenance.review import review
from tests.maintenance.scenes import drive, item_of
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer
from vehicles.models import Reading, Vehicle

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def car():
    car = a_car(a_fleet())
    review([car.pk], now=NOON)
    return car


@pytest.fixture
def boss(car):
    return a_member(car.fleet, Role.MANAGER).user


def day(ago: float, km: float):
    return odometer(km, at=NOON - ago * DAY)


def said(boss):
    return Said(boss, "read it myself", NOON)


def start(car, boss, kind, *, days_ago=0, km=None) -> DueItem:
    on = (NOON - days_ago * DAY).date()
    anchors.set_starts([anchors.Start(car, item_of(car).task, kind, on, km)], by=boss, now=NOON)
    return item_of(car)


def void(km: float, boss) -> Reading:
    reading = Reading.objects.get(number=km)
    metering.void(reading, said(boss))
    reading.refresh_from_db()
    return reading


def test_a_last_service_that_was_typed_outlives_a_reading_of_the_same_figure(car, boss):
    drive(car, day(20, 44_000), day(19, 44_300))
    due_km = start(car, boss, AnchorKind.KNOWN, days_ago=20, km=44_000).due_km

    void(44_000, boss)

    assert (item_of(car).anchor_km, item_of(car).due_km) == (44_000, due_km)


@pytest.mark.parametrize("kind", [AnchorKind.KNOWN, AnchorKind.TODAY, AnchorKind.NEW])
def test_a_start_that_took_a_reading_takes_another_without_it_and_the_same_with_it(car, boss, kind):
    drive(car, day(5, 44_000), day(0.1, 44_300))
    before = start(car, boss, kind)
    assert before.anchor_km == 44_300

    wrong = void(44_300, boss)
    assert item_of(car).anchor_km == 44_000

    metering.restore(wrong, said(boss))
    assert (item_of(car).anchor_km, item_of(car).due_km) == (44_300, before.due_km)


def test_a_reading_that_came_later_does_not_take_the_place_by_going_and_coming_back(car, boss):
    drive(car, day(5, 44_000), now=NOON - DAY)
    start(car, boss, AnchorKind.KNOWN, days_ago=4)
    drive(car, day(4, 44_100), now=NOON + DAY)

    metering.restore(void(44_100, boss), said(boss))

    assert item_of(car).anchor_km == 44_000


def test_readings_that_a_no_takes_back_stand_in_for_nothing(car, boss):
    drive(car, *(day(9 - n, 90_000 + 100 * n) for n in range(3)))
    start(car, boss, AnchorKind.KNOWN, days_ago=7)
    drive(car, *(day(6 - n, 20_000 + 100 * n) for n in range(3)))
    assert item_of(car).anchor_km == 90_200

    metering.deny(Vehicle.objects.get(pk=car.pk), wrong="high", said=said(boss))

    assert item_of(car).anchor_km == 20_000


def test_a_start_on_the_new_dash_that_took_a_reading_of_the_old_one_is_not_moved(car, boss):
    drive(car, day(7, 90_000))
    start(car, boss, AnchorKind.KNOWN, days_ago=5)
    assert item_of(car).anchor_km == 90_000

    metering.replace(car, begins_at=NOON - 6 * DAY, offset_km=89_980, said=said(boss))

    assert item_of(car).anchor_km == 90_000


def test_what_is_kept_while_no_program_asks_knows_its_reading_too(car, boss):
    drive(car, day(5, 44_000), day(0.1, 44_300))
    start(car, boss, AnchorKind.TODAY)
    line = item_of(car).line
    line.left_at = NOON
    line.save()
    review([car.pk], now=NOON)
    assert KeptStart.objects.get().anchor_km == 44_300

    void(44_300, boss)
    line.left_at = None
    line.save()
    review([car.pk], now=NOON)

    assert item_of(car).anchor_km == 44_000
