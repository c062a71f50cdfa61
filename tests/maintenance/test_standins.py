"""What stands in for an odometer that nobody typed, when the reading it was taken from is taken back."""

from datetime import timedelta

import pytest

from fleet.owners.models import Role
from maintenance import anchors, metering, workshop
from maintenance.domain.plan import AnchorKind
from maintenance.forecasts import pacing
from maintenance.metering import Said
from maintenance.models import DueItem, KeptStart, ServiceRecord
from maintenance.review import review, sweep
from tests.maintenance.scenes import drive, item_of
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer, unique
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


def complete(car, by, task="oil-change", *, km=None) -> ServiceRecord:
    return workshop.complete(
        item_of(car, task), by=by, done_on=NOON.date(), odometer_km=km, notes="", key=unique("form"), now=NOON
    )


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


def test_what_a_voided_job_was_typed_with_stands_in_for_no_other_job(car, boss):
    record = complete(car, boss, "tyre-rotation")
    wrong = complete(car, boss, km=500_000)
    record.refresh_from_db()
    assert (record.odometer_km, record.odometer_is_stand_in) == (500_000, True)

    workshop.void(wrong, by=boss, now=NOON)
    drive(car, odometer(50_000, at=NOON + DAY), now=NOON + DAY)
    drive(car, odometer(65_000, at=NOON + 30 * DAY), now=NOON + 30 * DAY)

    record.refresh_from_db()
    assert (record.odometer_km, record.odometer_is_stand_in) == (50_000, True)
    assert item_of(car, "tyre-rotation").status == "overdue"


def test_how_early_a_job_was_follows_the_reading_that_stands_in(car, boss):
    drive(car, day(2, 50_000), day(1, 50_400))
    start(car, boss, AnchorKind.KNOWN, days_ago=90, km=45_000)
    record = complete(car, boss)
    record.refresh_from_db()
    early_km = record.early_km

    void(50_400, boss)

    record.refresh_from_db()
    assert record.early_km == pytest.approx(early_km + 400)


def test_what_a_voided_job_was_typed_with_starts_no_clock(car, boss):
    task = item_of(car, "tyre-rotation").task
    anchors.set_starts([anchors.Start(car, task, AnchorKind.TODAY)], by=boss, now=NOON)
    wrong = complete(car, boss, km=500_000)
    assert item_of(car, "tyre-rotation").anchor_km == 500_000

    workshop.void(wrong, by=boss, now=NOON)
    drive(car, odometer(50_000, at=NOON + DAY), now=NOON + DAY)

    assert item_of(car, "tyre-rotation").anchor_km == 50_000


def test_the_lower_dash_of_a_visit_stands_in_once_the_higher_one_is_taken_back(car, boss):
    drive(car, day(1, 50_000))
    high, low = (
        complete(car, boss, task, km=km) for task, km in (("oil-change", 50_090), ("brake-inspection", 50_050))
    )
    record = complete(car, boss, "tyre-rotation")
    assert record.odometer_km == 50_090

    workshop.void(high, by=boss, now=NOON)

    record.refresh_from_db()
    low.refresh_from_db()
    assert record.odometer_km == 50_050 and record.reading == low.reading


def test_a_reading_that_was_typed_by_itself_does_not_go_with_a_job_of_the_same_figure(car, boss):
    metering.type_in(car, 41_500, at=NOON, said=said(boss))
    workshop.void(complete(car, boss, km=41_500), by=boss, now=NOON)
    reading = Reading.objects.get(number=41_500)
    assert reading.standing == "accepted"

    metering.void(reading, said(boss))
    workshop.void(complete(car, boss, km=41_500), by=boss, now=NOON)
    assert Reading.objects.get(number=41_500).standing == "void"


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


@pytest.mark.parametrize("begin", ["job", "start"])
def test_a_reading_that_comes_to_be_doubted_stands_in_for_nothing(car, boss, begin):
    """The first reading ever was a fat finger in the maker's office; three that agree bring that to light."""
    drive(car, day(0.2, 500_000))
    if begin == "job":
        complete(car, boss)
    else:
        start(car, boss, AnchorKind.TODAY)
    assert item_of(car).due_km > 500_000

    for later in (1, 2, 3):
        drive(car, day(-later, 41_000 + 10 * later), now=NOON + later * DAY)
    Vehicle.objects.filter(pk=car.pk).update(pace_after=NOON + 3 * DAY)
    pacing.sweep(now=NOON + 3 * DAY)
    sweep(now=NOON + 3 * DAY)

    assert Reading.objects.get(number=500_000).standing == "suspect"
    assert item_of(car).trace["anchor"]["km"] == 41_010
    if begin == "job":
        assert (ServiceRecord.objects.get().odometer_km, ServiceRecord.objects.get().reading.number) == (41_010, 41_010)
