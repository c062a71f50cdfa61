"""A pace becomes the range that is stored with an item."""

from datetime import timedelta

import pytest

from maintenance import review
from maintenance.forecasts import pacing
from maintenance.models import DueItem
from tests.maintenance.paces import DAY, driven
from tests.maintenance.scenes import item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, odometer
from vehicles.models import Source
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def expected(car) -> DueItem:
    """The oil change, after the sweep and the review that it wakes."""
    pacing.look([car.pk], now=NOON)
    review.sweep(now=NOON)
    return item_of(car)


@pytest.fixture
def car():
    """43,000 km, and 50 a day; the last oil change was at 40,000, and the next is due at 48,047."""
    found = a_car(a_fleet())
    last_done(found, km=40_000, days_ago=60)
    driven(found, days=60, a_day=50)
    return found


def test_what_remains_by_the_pace_is_the_range_of_the_item(car):
    item = expected(car)
    days = (item.due_km - 43_000) / 50
    assert (item.likely_from, item.likely_to) == (TODAY + timedelta(days=100), TODAY + timedelta(days=101))
    assert 100 < days < 101
    assert item.forecast["distance"]["usual"] == 50


def test_a_car_that_stands_keeps_why_there_is_no_range_though_the_calendar_has_a_day(car):
    expected(car)
    stands = [odometer(43_000, at=NOON + n * DAY) for n in range(1, 31)]
    ingest.record(car, stands, source=Source.WEBHOOK, now=NOON + 30 * DAY)
    pacing.look([car.pk], now=NOON + 30 * DAY)
    review.sweep(now=NOON + 30 * DAY)

    told = item_of(car).forecast["distance"]
    assert (told["why"], told["early"], told["usual"]) == ("stands", None, None)


def test_a_forecast_makes_nothing_due_however_fast_the_car_is(car):
    """2,400 km a day would be past the point tomorrow; today it is not."""
    fast = a_car(car.fleet)
    last_done(fast, km=40_000, days_ago=60)
    driven(fast, days=20, a_day=2_000, start_km=8_000)
    item = expected(fast)
    assert item.likely_from <= TODAY + timedelta(days=5)
    assert item.status == "soon"

    pacing.look([fast.pk], now=NOON + 20 * DAY)
    review.review([fast.pk], now=NOON + 20 * DAY)
    assert item_of(fast).status == "soon"  # it must be far beyond the point by now, and nobody has measured it
