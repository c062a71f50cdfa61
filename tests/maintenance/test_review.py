"""From facts to stored verdicts and alerts."""

from datetime import timedelta

import pytest

from maintenance import review
from maintenance.models import Alert, DueItem
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, codes, odometer, oil
from vehicles.domain.measurements import Gap, Snapshot, Why
from vehicles.domain.signals import Signal
from vehicles.models import Source
from vehicles.waist.ingest import Arrival, record_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return a_car(a_fleet())


def statuses(vehicle) -> dict:
    return dict(DueItem.objects.filter(vehicle=vehicle).values_list("task__key", "status"))


def test_a_new_car_gets_the_items_of_its_program_and_claims_nothing(car):
    review.review([car.pk], now=NOON)

    assert statuses(car) == {"oil-change": "unknown", "tyre-rotation": "unknown", "brake-inspection": "unknown"}


def test_an_electric_car_has_no_oil_to_change(car):
    electric = a_car(car.fleet, powertrain="BEV")
    review.review([electric.pk], now=NOON)

    assert "oil-change" not in statuses(electric)
    assert "brake-fluid" in statuses(electric)


def test_a_car_that_turns_out_electric_changes_its_program(car):
    unsaid = a_car(car.fleet, powertrain="")
    review.review([unsaid.pk], now=NOON)
    unsaid.powertrain = "BEV"
    unsaid.save()
    review.review([unsaid.pk], now=NOON)

    assert "oil-change" not in statuses(unsaid)


@pytest.mark.parametrize(
    "km, status",
    [(47_000, "ok"), (47_300, "soon"), (48_046.7, "due"), (48_046.8, "overdue"), (50_000, "overdue")],
)
def test_distance_turns_the_verdict_at_the_mark(car, km, status):
    gone_by = a_car(car.fleet)
    last_done(gone_by, km=40_000, days_ago=30)
    record_unsupported(gone_by, Signal.OIL_LIFE)
    at_km(gone_by, km)

    assert statuses(gone_by)["oil-change"] == status


def test_the_stored_verdict_names_its_point_and_its_winner(car):
    last_done(car, km=40_000, days_ago=30)
    drive(car, odometer(49_000, at=NOON), oil(60, at=NOON))

    item = item_of(car)
    assert (item.status, item.winner, round(item.due_km, 1)) == ("overdue", "distance", 48_046.7)
    assert item.trace["task"] == "Oil and filter change"


def test_oil_life_makes_an_item_due_even_when_the_start_is_unknown(car):
    drive(car, odometer(49_000, at=NOON), oil(18, at=NOON))

    assert (item_of(car).status, item_of(car).winner) == ("due", "oil")


def test_a_quiet_day_rewrites_nothing(car):
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 45_000)
    before = list(DueItem.objects.filter(vehicle=car).values())

    at_km(car, 45_060, now=NOON + timedelta(days=1))

    assert list(DueItem.objects.filter(vehicle=car).values()) == before


def test_time_alone_turns_an_item_through_the_clock(car):
    last_done(car, km=40_000, days_ago=300)
    at_km(car, 40_100)
    assert item_of(car).status == "unknown"  # time and distance are fine, yet oil life has not been heard of

    car.review_after = None
    car.save()
    review.review([car.pk], now=NOON)
    car.refresh_from_db()
    later = car.review_after
    assert later.astimezone(car.fleet.zone).hour == 0

    review.sweep(now=later)
    assert item_of(car).status == "soon"


def test_what_may_yet_come_is_never_green(car):
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 42_000)

    assert item_of(car).status == "unknown"


def test_what_the_car_cannot_give_is_left_out(car):
    last_done(car, km=40_000, days_ago=30)
    record_unsupported(car, Signal.OIL_LIFE)
    at_km(car, 42_000)

    assert item_of(car).status == "ok"


def record_unsupported(vehicle, signal):
    record_all([Arrival(vehicle.pk, Snapshot(gaps=(Gap(signal, Why.UNSUPPORTED),)), Source.POLL, NOON)], now=NOON)


def open_alerts(vehicle) -> set:
    return set(Alert.objects.open().filter(vehicle=vehicle).values_list("kind", "subject", "level"))


def test_a_level_rises_inside_one_alert(car):
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 47_500)
    at_km(car, 48_200, now=NOON + timedelta(hours=3))

    assert open_alerts(car) == {("due", "oil-change", "overdue")}
    assert Alert.objects.filter(vehicle=car).count() == 1


def test_a_code_is_an_alert_until_its_episode_closes(car):
    drive(car, codes("P0420", at=NOON))
    assert ("fault", "P0420", "warning") in open_alerts(car)

    for hours in (2, 9):
        later = NOON + timedelta(hours=hours)
        drive(car, codes(at=later), now=later)
    assert open_alerts(car) == set()


def test_the_same_facts_again_change_nothing(car):
    last_done(car, km=40_000, days_ago=30)
    drive(car, odometer(48_500, at=NOON), codes("P0420", at=NOON))
    before = list(Alert.objects.values())

    review.review([car.pk], now=NOON + timedelta(minutes=5))

    assert list(Alert.objects.values()) == before


def test_a_batch_costs_the_same_queries_as_one_car(car, django_assert_max_num_queries):
    cars = [a_car(car.fleet, connected=False) for _ in range(30)]
    for one in cars:
        drive(one, odometer(10_000, at=NOON))

    with django_assert_max_num_queries(34):
        review.review([one.pk for one in cars], now=NOON)
