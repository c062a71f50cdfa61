"""Breaches are folded from readings, whatever order they come in, and people hear of them once."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.owners.models import Role
from maintenance import notices
from maintenance.models import Alert, Bookmark, Breach, Notice, Threshold
from maintenance.watching import folding, stock
from tests.scenes import NOON, a_car, a_fleet, a_member, oil
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import Reading, Source, Vehicle
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
LONG_AGO = NOON - timedelta(days=60)


@pytest.fixture
def fleet():
    fleet = a_fleet()
    weak(fleet, retired_at=NOON, fold_after=None)  # or the standard set would be stocked
    a_member(fleet, Role.TECHNICIAN)
    return fleet


@pytest.fixture
def car(fleet):
    car = a_car(fleet)
    hear(car, battery(90, 30), now=NOON - timedelta(hours=30))
    return car


def at(hours_ago: float):
    return NOON - timedelta(hours=hours_ago)


def battery(percent: float, hours_ago: float) -> Measurement:
    return Measurement(Signal.BATTERY_12V, percent, measured_at=at(hours_ago), fetched_at=at(hours_ago))


def hear(car, *measurements, now=NOON):
    """The car says something, and the bells ring: once to know of it, once to read it."""
    ingest.record(car, measurements, source=Source.WEBHOOK, now=now)
    folding.sweep(now=now)
    folding.sweep(now=now)


def weak(fleet, **fields) -> Threshold:
    fields = {"signal": Signal.BATTERY_12V, "opens_at": 40, "closes_at": 55, "level": "warning"} | fields
    fields = {"counts_from": LONG_AGO, "fold_after": LONG_AGO, "name": "12 V weak"} | fields
    return Threshold.objects.create(fleet=fleet, **fields)


def rows() -> list[tuple]:
    found = Breach.objects.order_by("threshold", "vehicle", "began_at")
    return list(found.values_list(*folding.COLUMNS))


def test_a_car_past_the_value_is_a_breach_with_an_alert_and_one_notice(fleet, car):
    weak(fleet)

    hear(car, battery(35, 2))
    hear(car, battery(33, 1))

    breach = Breach.objects.get()
    assert (breach.began_at, breach.opened_at, breach.worst, breach.last_at) == (at(2), at(2), 33, at(1))
    alert = Alert.objects.open().get()
    assert (alert.kind, alert.level, alert.opened_at) == ("threshold", "warning", at(2))
    assert Notice.objects.filter(alert=alert).count() == 1


def test_between_the_two_values_nothing_changes_and_beyond_the_second_it_is_over(fleet, car):
    weak(fleet)
    hear(car, battery(35, 4))

    hear(car, battery(50, 3))
    assert Alert.objects.open().count() == 1
    hear(car, battery(56, 2))

    assert not Alert.objects.open().exists()
    assert Breach.objects.get().closed_at == at(2)
    hear(car, battery(50, 1))
    assert not Breach.objects.open().exists()


def test_what_must_last_opens_once_it_has(fleet, car):
    weak(fleet, minutes=60)

    hear(car, battery(35, 3))
    assert not Breach.objects.open().exists() and not Alert.objects.exists()
    hear(car, battery(35, 2))

    assert Breach.objects.open().get().opened_at == at(2)


@pytest.mark.parametrize("minutes", [0, 60, 150])
def test_the_order_of_arrival_changes_nothing(fleet, minutes):
    """Each order through the waist and the bells, one car each: all end with the same rows."""
    rule = weak(fleet, minutes=minutes)
    told = [battery(35, 5), battery(38, 4), battery(57, 3), battery(39, 2)]
    ends = set()
    for order in permutations(told):
        one = a_car(fleet)
        for measurement in order:
            hear(one, measurement)
        ends.add(
            tuple(Breach.objects.filter(vehicle=one, threshold=rule).order_by("began_at").values_list(*folding.COLUMNS))
        )

    assert len(ends) == 1 and ends != {()}


def test_a_late_reading_that_moves_the_beginning_repeats_no_notice(fleet, car):
    weak(fleet)
    hear(car, battery(35, 2))

    hear(car, battery(36, 6))

    assert Breach.objects.get().began_at == at(6)
    assert Alert.objects.count() == 1 and Notice.objects.count() == 1


def test_what_was_measured_more_than_a_day_ago_comes_in_a_digest(fleet, car):
    weak(fleet)

    hear(car, battery(35, 25))

    assert Alert.objects.open().exists()
    assert set(Notice.objects.values_list("form", flat=True)) == {"digest"}


def test_a_new_rule_finds_the_cars_that_are_past_it_and_tells_them_in_one_digest(fleet):
    cars = [a_car(fleet) for _ in range(3)]
    for car, percent in zip(cars, (35, 45, 90), strict=True):
        hear(car, battery(percent, 2))

    weak(fleet, counts_from=NOON)
    folding.sweep(now=NOON)

    assert list(Breach.objects.open().values_list("vehicle", flat=True)) == [cars[0].pk]
    assert set(Notice.objects.values_list("form", flat=True)) == {"digest"}
    assert not Threshold.objects.exclude(fold_after=None).exists()


def test_a_rule_that_is_retired_closes_its_alerts(fleet, car):
    rule = weak(fleet)
    hear(car, battery(35, 2))

    Threshold.objects.filter(pk=rule.pk).update(retired_at=NOON, fold_after=NOON)
    folding.sweep(now=NOON)

    assert not Alert.objects.open().exists() and not Breach.objects.open().exists()


def test_a_car_that_is_retired_needs_nobody(fleet, car):
    weak(fleet)
    hear(car, battery(35, 2))

    Vehicle.objects.filter(pk=car.pk).update(retired_at=NOON)
    folding.sweep(now=NOON)

    assert not Alert.objects.open().exists()


def test_each_axle_has_its_own_breach_of_its_worst_wheel(fleet, car):
    tyres = {"signal": Signal.TYRE_PRESSURE, "opens_at": 180, "closes_at": 200}
    front, rear = weak(fleet, part="front", **tyres), weak(fleet, part="rear", **tyres)
    wheels = {"0.0": 231.0, "0.1": 229.0, "1.0": 171.0, "1.1": 232.0}

    hear(car, Measurement(Signal.TYRE_PRESSURE, wheels, measured_at=at(1)))

    assert not front.breaches.exists()
    assert rear.breaches.get().worst == 171.0


def test_a_program_rule_looks_at_its_own_cars_alone(fleet):
    from maintenance import review

    van, ev = a_car(fleet), a_car(fleet, powertrain="BEV")
    review.review([van.pk, ev.pk], now=NOON)
    program = van.due_items.first().line.program
    weak(fleet, program=program)

    hear(van, battery(35, 2))
    hear(ev, battery(35, 2))

    assert list(Breach.objects.values_list("vehicle", flat=True)) == [van.pk]


def test_another_fleets_rules_see_nothing_of_it(fleet, car):
    weak(a_fleet("Theirs"), signal=Signal.BATTERY_12V, opens_at=99, closes_at=100)

    hear(car, battery(35, 2))

    assert not Breach.objects.exists()


def test_a_review_leaves_these_alerts_alone(fleet, car):
    from maintenance import review

    weak(fleet)
    hear(car, battery(35, 2))

    review.review([car.pk], now=NOON)

    assert Alert.objects.open().filter(kind="threshold").exists()


def test_the_notice_says_what_the_car_says_now(fleet, car, mailoutbox):
    weak(fleet, name="12 V battery weak")
    hear(car, battery(35, 2), now=NOON)

    notices.sweep(now=NOON)

    assert "12 V battery weak" in mailoutbox[0].subject and "35 %" in mailoutbox[0].body


def test_a_row_that_became_visible_late_is_read_all_the_same(fleet, car):
    """Two transactions: the later number was seen first."""
    weak(fleet)
    hear(car, battery(90, 3))
    mark = Bookmark.objects.get(name=folding.READ).place
    ingest.record(car, [battery(35, 2)], source=Source.WEBHOOK, now=NOON)

    folding.sweep(now=NOON)
    assert Bookmark.objects.get(name=folding.READ).place == mark < Reading.objects.latest("pk").pk
    folding.sweep(now=NOON)

    assert Breach.objects.open().exists()


def test_a_sweep_costs_the_same_queries_for_many_cars(fleet):
    weak(fleet)
    cars = [a_car(fleet) for _ in range(12)]
    for car in cars:
        hear(car, battery(90, 30), now=at(30))

    def asked(some, percent, hours_ago) -> int:
        for one in some:
            ingest.record(one, [battery(percent, hours_ago)], source=Source.WEBHOOK, now=NOON)
        folding.sweep(now=NOON)
        with CaptureQueriesContext(connection) as caught:
            folding.sweep(now=NOON)
        return len(caught)

    assert asked(cars, 85, 29) <= asked(cars[:1], 85, 28) <= 18
    asked(cars, 35, 5)
    assert asked(cars, 34, 4) - asked(cars[:1], 34, 3) <= 0


def test_the_standard_set_is_stocked_once_and_says_why():
    fleet = a_fleet()
    folding.sweep(now=NOON)
    stock.stock(fleet)

    held = Threshold.objects.for_fleet(fleet)
    assert held.count() == len(stock.FIRST)
    assert all(rule.reason and rule.name for rule in held)


def test_oil_at_five_percent_is_critical_in_the_standard_set():
    fleet = a_fleet()
    stock.stock(fleet)
    Threshold.objects.update(counts_from=LONG_AGO, fold_after=LONG_AGO)
    car = a_car(fleet)

    hear(car, oil(40, at=at(50)), now=at(50))
    hear(car, oil(5, at=at(2)))

    assert Alert.objects.open().get().level == "critical"
