"""The back-test: what was foretold, and what came of it."""

from datetime import date, timedelta

import pytest

from maintenance.forecasts import pacing, rates
from maintenance.forecasts.rates import Rate
from maintenance.models import DueItem, Foretold, ServiceRecord, Task
from tests.maintenance.paces import DAY, burned, driven
from tests.scenes import NOON, a_car, a_fleet, odometer
from vehicles.models import Source
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def an_item(car, *, km: float | None = None, oil: float | None = None, task="oil-change") -> DueItem:
    found = Task.objects.for_fleet(car.fleet).get(key=task)
    return DueItem.objects.create(fleet=car.fleet, vehicle=car, task=found, due_km=km, oil_limit_pct=oil)


def look(car, days: float = 0) -> list[Foretold]:
    pacing.look([car.pk], now=NOON + days * DAY)
    return list(Foretold.objects.order_by("pk"))


def reports(car, km: float, *, day: float) -> None:
    at = NOON + day * DAY
    ingest.record(car, [odometer(km, at=at)], source=Source.WEBHOOK, now=at)


@pytest.fixture
def car():
    """50 km a day for two months; the odometer stands at 43,000 km."""
    found = a_car(a_fleet())
    driven(found, days=60, a_day=50)
    return found


def test_a_range_is_written_once_a_week_for_each_axis(car):
    an_item(car, km=44_000, oil=20)
    burned(car, *range(80, 50, -1))

    said = {one.axis: one for one in look(car)}
    assert (said["distance"].point, said["distance"].said_on) == (44_000, TODAY)
    assert (said["distance"].likely_from, said["distance"].likely_to) == (date(2026, 6, 1), date(2026, 6, 1))
    assert (said["oil"].point, said["oil"].likely_from) == (20, TODAY + timedelta(days=31))

    assert len(look(car, 6)) == 2
    assert len(look(car, 7)) == 4


@pytest.mark.parametrize("km", [43_000, 42_000, 60_000, None])
def test_what_is_due_or_months_away_is_not_written(car, km):
    an_item(car, km=km)
    assert look(car) == []


def test_on_an_old_reading_nothing_is_foretold(car):
    an_item(car, km=44_000)
    assert look(car, 8) == []


@pytest.mark.parametrize(
    ("came_on", "verdict"),
    [(19, "early"), (20, "hit"), (21, "late")],
)
def test_the_car_passes_the_point_and_the_range_is_settled(car, came_on, verdict):
    an_item(car, km=44_000)
    look(car)
    reports(car, 43_990, day=came_on - 0.6)
    assert look(car, came_on - 0.5)[0].verdict == ""
    reports(car, 44_010, day=came_on + 0.2)

    settled = look(car, came_on + 0.4)[0]

    assert (settled.verdict, settled.happened_on) == (verdict, TODAY + timedelta(days=came_on))
    assert settled.settled_on == settled.happened_on


def test_a_point_not_reached_when_the_range_is_over_is_late_at_once(car):
    an_item(car, km=44_000)
    look(car)
    reports(car, 43_100, day=20)
    assert look(car, 20)[0].verdict == ""
    assert look(car, 25)[0].verdict == ""  # no later reading: nobody knows
    reports(car, 43_100, day=26)

    settled = look(car, 26)[0]

    assert (settled.verdict, settled.happened_on) == ("late", None)


def test_a_service_before_the_point_says_nothing_of_the_range(car):
    item = an_item(car, km=44_000)
    look(car)
    done = NOON + 5 * DAY
    ServiceRecord.objects.create(
        fleet=car.fleet, vehicle=car, task=item.task, done_on=done.date(), done_at=done, key="one"
    )
    DueItem.objects.filter(pk=item.pk).update(due_km=53_000)
    reports(car, 44_500, day=19)

    assert look(car, 20)[0].verdict == "void"


def test_a_service_after_the_point_leaves_what_happened(car):
    item = an_item(car, km=44_000)
    look(car)
    reports(car, 44_000, day=20)
    reports(car, 44_050, day=21)
    DueItem.objects.filter(pk=item.pk).update(due_km=52_000)

    assert look(car, 22)[0].verdict == "hit"


def test_a_plan_that_changed_voids_the_range(car):
    item = an_item(car, km=44_000)
    look(car)
    DueItem.objects.filter(pk=item.pk).update(due_km=46_000)
    assert look(car, 1)[0].verdict == "void"


def test_oil_that_rose_before_the_limit_voids_and_after_it_counts():
    fleet = a_fleet()
    undeclared, worn = a_car(fleet), a_car(fleet)
    for one in (undeclared, worn):
        burned(one, *range(60, 28, -1))
        an_item(one, oil=20)
    pacing.look([undeclared.pk, worn.pk], now=NOON)
    burned(undeclared, 26, 25, 100, 99, until=NOON + 7 * DAY)
    burned(worn, *range(28, 17, -1), 100, until=NOON + 12 * DAY)
    pacing.look([undeclared.pk, worn.pk], now=NOON + 12 * DAY)

    came = {one.item.vehicle_id: one.verdict for one in Foretold.objects.filter(said_on=TODAY).select_related("item")}
    assert came == {undeclared.pk: "void", worn.pk: "hit"}


def test_the_rate_counts_what_was_settled_and_only_ours(car):
    item = an_item(car, km=44_000)
    theirs = an_item(a_car(a_fleet("Theirs")), km=1)
    for n, (owner, verdict) in enumerate(
        [(item, "hit")] * 15 + [(item, "early")] * 5 + [(item, "void")] + [(theirs, "late")]
    ):
        day = TODAY - timedelta(days=n)
        Foretold.objects.create(
            fleet=owner.fleet, item=owner, axis="distance", point=1, said_on=day, likely_from=day, likely_to=day,
            verdict=verdict, settled_on=day,
        )  # fmt: skip

    rates.recount([(car.fleet_id, TODAY), (car.fleet_id, date(2026, 4, 30))], now=NOON)
    rates.recount([(theirs.fleet_id, TODAY), (car.fleet_id, TODAY)], now=NOON)  # twice does no harm
    months = rates.by_month(car.fleet, TODAY)
    year = rates.by_axis(months)["distance"]

    assert year == Rate(hit=15, early=5, late=0, void=1) and year.share == 0.75
    assert months["distance", date(2026, 5, 1)] == Rate(hit=12)
    assert months["distance", date(2026, 5, 1)].share is None
