"""Work done, taken back, and done twice by a nervous thumb."""

from datetime import date, timedelta

import pytest

from fleet.owners.models import Role
from maintenance import workshop
from maintenance.models import Alert, DueItem, ServiceRecord
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer, oil, unique
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Reading

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def car():
    car = a_car(a_fleet())
    last_done(car, km=40_000, days_ago=60)
    at_km(car, 49_000)
    return car


@pytest.fixture
def technician(car):
    return a_member(car.fleet, Role.TECHNICIAN).user


def complete(car, by, **said) -> ServiceRecord:
    said = {"done_on": TODAY, "odometer_km": 49_010.0, "notes": "", "key": unique("form"), "now": NOON} | said
    return workshop.complete(item_of(car), by=by, **said)


def test_completing_moves_the_due_point(car, technician):
    complete(car, technician)

    item = item_of(car)
    assert item.status != "overdue"
    assert round(item.due_km, 1) == round(49_010 + 8_046.7, 1)
    assert item.trace["anchor"]["km"] == 49_010


def test_what_is_logged_in_the_afternoon_was_done_in_the_afternoon(car, technician):
    """The oil was read low at three, changed, and logged at six with the date of today: the low reading is old oil."""
    three, six = NOON + timedelta(hours=3), NOON + timedelta(hours=6)
    drive(car, oil(5, at=three), odometer(49_300, at=three), now=three)
    assert item_of(car).status == "overdue"

    record = complete(car, technician, odometer_km=49_310.0, now=six)  # the dash as it stands now: doubted by nothing

    assert record.done_at == six and not record.odometer_is_doubted
    assert item_of(car).status == "unknown"  # nothing of the new oil is known yet


def test_each_interval_has_its_own_alert(car, technician):
    for turn in range(3):
        now = NOON + timedelta(days=30 * turn)
        at_km(car, 49_000 + 9_000 * turn, now=now)
        assert Alert.objects.filter(vehicle=car, kind="due", subject="oil-change").count() == turn + 1
        complete(car, technician, done_on=now.date(), odometer_km=None, now=now)

    assert not Alert.objects.open().filter(vehicle=car, kind="due", subject="oil-change").exists()


def test_a_double_click_is_one_completion(car, technician):
    first = complete(car, technician, key="one-form")
    second = complete(car, technician, key="one-form")

    assert first.pk == second.pk
    assert ServiceRecord.objects.count() == 1


def test_completing_and_voiding_is_the_identity(car, technician):
    before = DueItem.objects.filter(pk=item_of(car).pk).values(*DueItem.VERDICT[:9]).get()
    record = complete(car, technician)
    workshop.void(record, by=technician, now=NOON + timedelta(minutes=1))

    assert DueItem.objects.filter(pk=item_of(car).pk).values(*DueItem.VERDICT[:9]).get() == before
    assert Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER).number == 49_000
    assert Reading.objects.get(number=49_010).standing == "void"


def test_without_an_odometer_the_nearest_reading_stands_in_and_says_so(car, technician):
    record = complete(car, technician, odometer_km=None)

    assert (record.odometer_km, record.odometer_is_stand_in) == (49_000, True)
    assert item_of(car).status != "overdue"


def test_without_any_reading_the_first_that_comes_stands_in(technician, car):
    silent = a_car(car.fleet)
    last_done(silent, km=1_000, days_ago=10)
    complete(silent, technician, odometer_km=None)
    later = NOON + timedelta(days=2)
    at_km(silent, 7_700, now=later)

    assert ServiceRecord.objects.get(vehicle=silent).odometer_km == 7_700


def test_a_job_of_last_week_counts_from_last_week(car, technician):
    record = complete(car, technician, done_on=TODAY - timedelta(days=7), odometer_km=None)

    assert record.done_at == NOON - timedelta(days=7)
    assert item_of(car).due_on == date(2027, 5, 5)


@pytest.mark.parametrize(
    "said, field",
    [
        ({"done_on": TODAY + timedelta(days=1)}, "done_on"),
        ({"done_on": date(1926, 5, 12), "odometer_km": None}, "done_on"),
        ({"odometer_km": 490_100.0}, "odometer_km"),
        ({"odometer_km": 100.0}, "odometer_km"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_leaves_nothing(car, technician, said, field):
    with pytest.raises(workshop.Refused) as refused:
        complete(car, technician, **said)

    assert refused.value.field == field
    assert not ServiceRecord.objects.exists()
    assert Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER).number == 49_000


@pytest.mark.parametrize("typed", [99_000.0, 12.0])
def test_a_typed_odometer_never_makes_the_car_doubtful(car, technician, typed):
    newcomer = a_car(car.fleet)
    last_done(newcomer, km=40_000, days_ago=60)
    later = NOON + timedelta(hours=5)
    at_km(newcomer, 48_200, now=later)

    with pytest.raises(workshop.Refused):
        workshop.complete(
            item_of(newcomer), by=technician, done_on=TODAY, odometer_km=typed, notes="", key=unique("f"), now=later
        )
    assert Gauge.objects.get(vehicle=newcomer, signal=Signal.ODOMETER).number == 48_200


def test_from_today_takes_the_first_reading_that_comes(car):
    newcomer = a_car(car.fleet)
    last_done(newcomer, km=0, days_ago=0)
    DueItem.objects.filter(vehicle=newcomer).update(anchor="today", anchor_on=TODAY, anchor_km=None)
    at_km(newcomer, 7_700, now=NOON + timedelta(days=2))

    assert item_of(newcomer).anchor_km == 7_700
    assert round(item_of(newcomer).due_km, 1) == round(7_700 + 8_046.7, 1)


def test_a_known_service_takes_no_reading_of_another_season(car):
    newcomer = a_car(car.fleet)
    last_done(newcomer, km=0, days_ago=90)
    DueItem.objects.filter(vehicle=newcomer).update(anchor_km=None)
    at_km(newcomer, 7_700)

    assert item_of(newcomer).anchor_km is None


def test_a_technician_takes_back_only_what_is_theirs(car, technician):
    record = complete(car, technician)
    with pytest.raises(workshop.Refused):
        workshop.void(record, by=a_member(car.fleet, Role.TECHNICIAN).user, now=NOON)

    workshop.void(record, by=a_member(car.fleet, Role.MANAGER).user, now=NOON)
    record.refresh_from_db()
    assert record.voided_at == NOON


def test_undone_and_done_again_rests_on_a_standing_reading(car, technician):
    workshop.void(complete(car, technician), by=technician, now=NOON)
    again = complete(car, technician)

    assert again.reading.standing == "accepted"
    assert Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER).number == 49_010


def test_a_form_that_was_taken_back_is_not_taken_for_done(car, technician):
    workshop.void(complete(car, technician, key="same"), by=technician, now=NOON)
    with pytest.raises(workshop.Refused):
        complete(car, technician, key="same")


def test_completing_sets_the_clock_for_the_next_turn(car, technician):
    complete(car, technician)
    item = item_of(car)
    car.refresh_from_db()

    assert item.changes_on is not None
    assert car.review_after is not None


def test_what_is_taken_back_leaves_the_item_as_long_overdue_as_it_was(car, technician):
    told = ("status", "status_since", "sort_on", "reading")
    before = DueItem.objects.filter(pk=item_of(car).pk).values(*told).get()
    first = complete(car, technician, now=NOON + timedelta(days=1))
    second = complete(car, technician, odometer_km=49_011.0, now=NOON + timedelta(days=2))
    assert item_of(car).status_since == NOON + timedelta(days=1)

    workshop.void(first, by=technician, now=NOON + timedelta(days=3))
    assert item_of(car).status_since == NOON + timedelta(days=1)  # it has been settled since then, by whichever
    workshop.void(second, by=technician, now=NOON + timedelta(days=4))

    assert DueItem.objects.filter(pk=item_of(car).pk).values(*told).get() == before


def test_a_job_inside_a_larger_one_is_as_long_overdue_again_as_that(car, technician):
    oil, rotation = item_of(car), item_of(car, "tyre-rotation")
    rotation.task.includes.add(oil.task)
    record = workshop.complete(
        rotation, by=technician, done_on=TODAY, odometer_km=49_010.0, notes="", key="larger", now=NOON
    )
    assert item_of(car).status != "overdue"

    workshop.void(record, by=technician, now=NOON + timedelta(days=3))

    assert (item_of(car).status, item_of(car).status_since) == ("overdue", oil.status_since)
