"""A meter that was replaced, and readings that people take back: what follows for the plan."""

from datetime import timedelta

import pytest

from fleet.owners.models import Role
from maintenance import caring, metering, review, workshop
from maintenance.metering import CannotSay, Said
from maintenance.models import Alert, Breach, ServiceRecord, Snooze, Threshold
from maintenance.watching import folding
from tests.maintenance.scenes import drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, MeterNote, Reading, Standing
from vehicles.waist import meters

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def car():
    return a_car(a_fleet())


@pytest.fixture
def boss(car):
    return a_member(car.fleet, Role.MANAGER).user


def said(boss, why="read it myself"):
    return Said(boss, why, NOON)


def day(ago: float, km: float):
    return odometer(km, at=NOON - ago * DAY)


def replaced(car):
    """Three high ones, then three low ones: the car asks its question."""
    drive(car, *(day(9 - n, 90_000 + 100 * n) for n in range(3)), *(day(6 - n, 20 + 100 * n) for n in range(3)))
    car.refresh_from_db()


def gauge(car) -> Gauge:
    return Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER)


def reading(car, km: float) -> Reading:
    return Reading.objects.get(vehicle=car, signal=Signal.ODOMETER, number=km)


def test_a_step_back_that_stays_asks_and_an_alert_is_open_until_the_answer(car, boss):
    replaced(car)
    assert car.meter_asked_at == NOON - 6 * DAY
    assert Alert.objects.open().get(vehicle=car).kind == Alert.Kind.METER

    metering.replace(car, begins_at=car.meter_asked_at, offset_km=90_180, said=said(boss))

    car.refresh_from_db()
    assert car.meter_asked_at is None
    assert not Alert.objects.open().filter(vehicle=car, kind=Alert.Kind.METER).exists()
    assert (gauge(car).number, meters.dash_of(gauge(car))) == (90_400, 220)


def test_what_comes_after_a_replacement_goes_on_as_true_distance(car, boss):
    replaced(car)
    metering.replace(car, begins_at=car.meter_asked_at, offset_km=90_180, said=said(boss))

    drive(car, day(1, 300))
    drive(car, day(1, 300))

    assert (gauge(car).number, gauge(car).detail) == (90_480, {"dash": 300.0})
    assert Reading.objects.filter(vehicle=car, number=300).count() == 1


def test_taking_the_replacement_back_is_the_identity(car, boss):
    last_done(car, km=84_000, days_ago=200)
    replaced(car)
    workshop_day = car.meter_asked_at.date()
    ServiceRecord.objects.create(
        fleet=car.fleet, vehicle=car, task=item_of(car).task, done_on=workshop_day, done_at=NOON - 5 * DAY,
        odometer_km=120, key="a-form", created_at=NOON,
    )  # fmt: skip

    def state():
        car.refresh_from_db()
        held = dict(Reading.objects.filter(vehicle=car).values_list("pk", "standing"))
        item = item_of(car)
        kms = list(ServiceRecord.objects.values_list("odometer_km", flat=True))
        return held, gauge(car).number, gauge(car).detail, car.meter_asked_at, item.anchor_km, item.due_km, kms

    review.review([car.pk], now=NOON)
    before = state()
    segment = metering.replace(car, begins_at=car.meter_asked_at, offset_km=90_180, said=said(boss))
    assert ServiceRecord.objects.get().odometer_km == 90_300
    assert state() != before
    metering.rescind(segment, said(boss))

    assert state() == before
    assert [note.what for note in MeterNote.objects.all()] == ["replaced", "rescinded"]
    assert {note.by_name for note in MeterNote.objects.all()} == {str(boss)}


@pytest.mark.parametrize(("wrong", "left"), [("low", 90_200), ("high", 220)])
def test_a_no_takes_the_wrong_side_back(car, boss, wrong, left):
    replaced(car)

    assert metering.deny(car, wrong=wrong, said=said(boss)) == 3

    car.refresh_from_db()
    assert car.meter_asked_at is None
    assert gauge(car).number == left
    assert MeterNote.objects.filter(what="voided", reading__isnull=False).count() == 3


def test_a_stand_in_that_is_taken_back_is_chosen_again_and_restored_again(car, boss):
    last_done(car, km=40_000, days_ago=300)
    drive(car, day(5, 50_000), day(3, 50_300), day(1, 50_500))
    record = workshop.complete(
        item_of(car), by=boss, done_on=(NOON - 2 * DAY).date(), odometer_km=None, notes="", key="k", now=NOON
    )
    assert record.odometer_km == 50_300
    due_km = item_of(car).due_km

    metering.void(reading(car, 50_300), said(boss))
    record.refresh_from_db()
    assert record.odometer_km == 50_000
    assert item_of(car).due_km == due_km - 300

    metering.restore(reading(car, 50_300), said(boss))
    record.refresh_from_db()
    assert (record.odometer_km, item_of(car).due_km) == (50_300, due_km)


def test_a_typed_odometer_goes_only_with_its_job(car, boss):
    drive(car, day(5, 50_000))
    workshop.complete(item_of(car), by=boss, done_on=NOON.date(), odometer_km=50_400, notes="", key="k", now=NOON)

    with pytest.raises(CannotSay, match="Take that job back"):
        metering.void(reading(car, 50_400), said(boss))


def test_a_job_after_a_replacement_is_typed_from_the_dash(car, boss):
    last_done(car, km=84_000, days_ago=200)
    replaced(car)
    metering.replace(car, begins_at=car.meter_asked_at, offset_km=90_180, said=said(boss))

    record = workshop.complete(item_of(car), by=boss, done_on=NOON.date(), odometer_km=400, notes="", key="k", now=NOON)

    assert (record.odometer_km, record.reading.number, record.reading.standing) == (90_580, 400, Standing.ACCEPTED)


def test_a_confirmed_suspect_counts_and_can_be_doubted_again(car, boss):
    drive(car, day(5, 50_000), day(1, 80_000))
    odd = reading(car, 80_000)
    assert odd.standing == Standing.SUSPECT

    metering.confirm(odd, said(boss))
    assert gauge(car).number == 80_000
    metering.unconfirm(reading(car, 80_000), said(boss))
    assert gauge(car).number == 50_000


def test_confirming_against_three_that_are_believed_is_refused_and_changes_nothing(car, boss):
    drive(car, *(day(5 - n, 50_000 + n * 10) for n in range(3)), day(1, 20))

    with pytest.raises(CannotSay, match="3 readings"):
        metering.confirm(reading(car, 20), said(boss))
    assert gauge(car).number == 50_020
    assert not MeterNote.objects.exists()


def test_what_is_typed_is_judged_and_written_down(car, boss):
    drive(car, day(5, 50_000))

    metering.type_in(car, 50_250, at=NOON - DAY, said=said(boss))

    assert gauge(car).number == 50_250
    assert MeterNote.objects.get().what == "typed"
    with pytest.raises(CannotSay, match="still to come"):
        metering.type_in(car, 50_300, at=NOON + DAY, said=said(boss))


def test_a_threshold_over_a_reading_that_is_taken_back_is_folded_anew(car, boss):
    rule = {"opens_at": 90_000, "closes_at": 89_000, "level": "warning", "name": "Sell it"}
    Threshold.objects.create(
        fleet=car.fleet, signal=Signal.ODOMETER, is_below=False, counts_from=NOON - 60 * DAY, fold_after=NOON, **rule
    )
    drive(car, day(3, 88_000), day(2, 90_500))
    folding.sweep(now=NOON)
    assert Breach.objects.open().filter(vehicle=car).exists()
    assert Alert.objects.open().filter(vehicle=car, kind=Alert.Kind.THRESHOLD).exists()

    metering.void(reading(car, 90_500), said(boss))
    assert not Breach.objects.filter(vehicle=car).exists()
    assert not Alert.objects.open().filter(vehicle=car, kind=Alert.Kind.THRESHOLD).exists()

    metering.restore(reading(car, 90_500), said(boss))
    assert Breach.objects.open().filter(vehicle=car).exists()


@pytest.mark.parametrize(("begins_ago", "until"), [(6, 90_980), (0.25, 800)])
def test_a_snooze_keeps_its_distance_when_the_meter_turns_out_to_be_another(car, boss, begins_ago, until):
    """Counted from a dash that was new already, it moves with it; from the old dash, it stays."""
    item = last_done(car, km=84_000, days_ago=200)
    replaced(car)
    Gauge.objects.filter(vehicle=car, signal=Signal.ODOMETER).update(number=300)
    lasts = {"until_km": 800, "until_on": (NOON + 9 * DAY).date(), "set_at": NOON - DAY / 2}
    of = {"fleet": car.fleet, "vehicle": car, "task": item.task, "item": item}
    made = Snooze.objects.create(status="due", reason="later", by_name="Ana", **of, **lasts)

    segment = metering.replace(car, begins_at=NOON - begins_ago * DAY, offset_km=90_180, said=said(boss))
    made.refresh_from_db()
    assert made.until_km == until

    metering.rescind(segment, said(boss))
    made.refresh_from_db()
    assert made.until_km == 800


@pytest.mark.parametrize(
    ("asked", "begins_ago", "due"),
    [
        ({"dash_km": 800}, 1, 90_980),  # read off the new dash today
        ({"in_km": 500}, 1, 90_980),  # from its reading, which was the new dash’s too
        ({"in_km": 500}, 0, 800),  # the reading is older than the new dash
    ],
)
def test_a_job_asked_once_keeps_its_distance_when_the_meter_turns_out_to_be_another(car, boss, asked, begins_ago, due):
    replaced(car)
    seen = NOON - DAY / 2
    Gauge.objects.filter(vehicle=car, signal=Signal.ODOMETER).update(number=300, at=seen)
    whole = {"task": None, "called": "Tow bar", "on": None, "dash_km": None, "in_km": None} | asked
    item = caring.ask_once(car, by=boss, now=NOON, **whole)
    assert item.once_km == 800

    segment = metering.replace(car, begins_at=NOON - begins_ago * DAY, offset_km=90_180, said=said(boss))
    item.refresh_from_db()
    assert item.once_km == due
    metering.rescind(segment, said(boss))
    item.refresh_from_db()
    assert item.once_km == 800


def test_a_threshold_over_the_odometer_compares_the_distance_of_the_car(car, boss):
    """Not the new dash, by which a car of 90,000 km would be a young one."""
    replaced(car)
    metering.replace(car, begins_at=car.meter_asked_at, offset_km=90_180, said=said(boss))
    rule = {"opens_at": 90_300, "closes_at": 89_000, "level": "warning", "name": "Sell it"}
    Threshold.objects.create(
        fleet=car.fleet, signal=Signal.ODOMETER, is_below=False, counts_from=NOON - 60 * DAY, fold_after=NOON, **rule
    )
    folding.sweep(now=NOON)

    assert Breach.objects.open().get(vehicle=car).worst == 90_400


def test_the_list_of_vehicles_shows_the_dash_and_marks_the_true_distance(car, boss, client):
    replaced(car)
    metering.replace(car, begins_at=car.meter_asked_at, offset_km=90_180, said=said(boss))
    client.force_login(boss)

    page = client.get("/vehicles/").content.decode()

    assert "220 km" in page and "90,400 km in all" in page
