"""A batch of vehicles asks the database a number of questions that does not grow with it."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from maintenance import rebuilding, review
from maintenance.models import Alert, DueItem
from tests.maintenance.scenes import at_km, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db
MOST = 24  # one for each kind of fact, one for each kind of change, and the clocks


def driven(fleet, count: int) -> None:
    """Cars that each stand elsewhere, so that each has points, moments and alerts of its own."""
    for place in range(count):
        car = a_car(fleet)
        last_done(car, km=40_000 + place, days_ago=30 + place)
        at_km(car, 45_000 + 300 * place)


def asked(moment) -> list[str]:
    Vehicle.objects.update(review_after=moment)
    with CaptureQueriesContext(connection) as caught:
        review.sweep(now=moment)
    return [query["sql"] for query in caught if query["sql"].split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]


def test_questions_do_not_grow_with_the_batch_nor_with_the_fleets():
    one, other = a_fleet(), a_fleet("Southgate")
    driven(one, 2)
    few = len(asked(NOON + timedelta(hours=1)))
    driven(one, 12)
    driven(other, 12)
    Vehicle.objects.update(wanted_at=None)  # so that every car’s wish is written anew

    many = len(asked(NOON + timedelta(hours=2)))
    assert many <= few + 2  # the wishes, and the clocks
    assert many <= MOST


def test_a_review_that_changes_nothing_writes_no_verdict():
    driven(a_fleet(), 3)
    asked(NOON + timedelta(hours=1))
    again = asked(NOON + timedelta(hours=2))
    assert not [sql for sql in again if sql.startswith("UPDATE") and "dueitem" in sql]


def test_alerts_that_are_over_are_not_read_again():
    """A car of ten years has had thousands."""
    driven(a_fleet(), 1)
    car = Vehicle.objects.get()
    closed = {"level": "due", "opened_at": NOON, "level_at": NOON, "closed_at": NOON}
    Alert.objects.bulk_create(
        Alert(fleet=car.fleet, vehicle=car, kind="fault", subject="P0301", occurrence=f"episode-{n}", **closed)
        for n in range(50)
    )
    reading = next(sql for sql in asked(NOON + timedelta(hours=1)) if 'FROM "maintenance_alert"' in sql)
    with connection.cursor() as cursor:
        cursor.execute(reading)
        assert not [row for row in cursor.fetchall() if "P0301" in row]


def test_a_rebuild_believes_no_stored_verdict():
    """The digest says that nothing differs; the columns were spoilt all the same."""
    driven(a_fleet(), 1)
    car = Vehicle.objects.get()
    item = item_of(car)
    DueItem.objects.filter(pk=item.pk).update(due_km=1.0, trace={})
    rebuilding.rebuild(car, now=NOON)
    item.refresh_from_db()
    assert item.due_km > 40_000 and item.trace["axes"]


def test_how_late_an_item_is_does_not_stand_still():
    """Nothing is told of the car any more, and the calendar goes on: the ranking of the overdue reads this share."""
    car = a_car(a_fleet())
    item = last_done(car, "brake-inspection", km=40_000, days_ago=400)
    at_km(car, 40_100)
    first = item_of(car, "brake-inspection").overdue_share
    for _ in range(200):
        car.refresh_from_db()
        if car.review_after is None or car.review_after > NOON + timedelta(days=100):
            break
        review.sweep(now=car.review_after)
    later = item_of(car, "brake-inspection").overdue_share
    assert item.pk and later - first == pytest.approx(100 / 365, abs=0.02)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_take_different_vehicles_and_who_dies_gives_them_back():
    driven(a_fleet(), 2)
    held, other = Vehicle.objects.order_by("pk")
    later = NOON + timedelta(hours=1)
    Vehicle.objects.update(review_after=later)
    counted = []

    def sweep():
        try:
            counted.append(review.sweep(now=later))
        finally:
            connections.close_all()

    with pytest.raises(ConnectionError), transaction.atomic():
        review.locked(Vehicle.objects.filter(pk=held.pk))
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join(timeout=60)
        raise ConnectionError

    assert counted == [1]
    assert Vehicle.objects.get(pk=other.pk).review_after != later
    assert Vehicle.objects.get(pk=held.pk).review_after == later
    assert review.sweep(now=later) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_what_others_hold_postpones_no_car():
    """As where two sweeps wake each other's cars, and the database ends one of them."""
    driven(a_fleet(), 2)
    later = NOON + timedelta(hours=1)
    Vehicle.objects.update(review_after=later)
    DueItem.objects.update(told_digest="")  # so that each is written anew
    is_held, may_go = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                list(DueItem.objects.select_for_update())
                is_held.set()
                may_go.wait(60)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_held.wait(60)
    with pytest.raises(OperationalError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
        review.sweep(now=later)
    may_go.set()
    thread.join(60)

    assert set(Vehicle.objects.values_list("review_after", flat=True)) == {later}
    assert review.sweep(now=later) == 2
