"""Services that nobody logged: asked about, never taken for done."""

from datetime import timedelta

import pytest

from fleet.owners.models import Role
from maintenance import answering, workshop
from maintenance.models import DueItem, Proposal, ServiceRecord
from maintenance.proving import proposals
from maintenance.refusals import Refused
from tests.maintenance.scenes import drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer, oil, unique
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import DealerRecord

pytestmark = pytest.mark.django_db
VERDICT = [name for name in DueItem.VERDICT if name not in ("reviewed_at",)]


def ago(days: float):
    return NOON - timedelta(days=days)


@pytest.fixture
def car():
    car = a_car(a_fleet())
    last_done(car, km=40_000, days_ago=120)
    drive(car, odometer(48_210, at=ago(6)), oil(18, at=ago(6)), now=ago(6))
    return car


@pytest.fixture
def technician(car):
    return a_member(car.fleet, Role.TECHNICIAN).user


def rise(car, *, days_ago: float = 5):
    drive(car, oil(100, at=ago(days_ago)), now=ago(days_ago))
    proposals.sweep(now=NOON)


def visit(name: str, days_ago: float, *, km: float | None = 47_000, their_id: str | None = "d1") -> dict:
    at = ago(days_ago).isoformat()
    cost = {"amount": 129.5, "currency": "CAD"}
    tasks = [{"id": None, "name": name}]
    return {"id": their_id, "at": at, "odometer_km": km, "tasks": tasks, "details": [], "cost": cost}


def dealer(car, *visits):
    drive(car, Measurement(Signal.SERVICE_RECORDS, list(visits), measured_at=ago(1), fetched_at=ago(1)), now=ago(1))
    proposals.sweep(now=NOON)


def test_a_question_stands_beside_the_next_until_a_person_answers(car, technician):
    drive(car, oil(20, at=ago(41)), now=ago(41))
    rise(car, days_ago=40)
    rise(car)
    proposals.sweep(now=NOON)
    assert sorted(Proposal.objects.values_list("done_on", "state")) == [
        (ago(40).date(), "open"),
        (ago(5).date(), "open"),
    ]

    said = {"odometer_km": None, "notes": "", "key": unique("form"), "now": NOON}
    workshop.complete(item_of(car), by=technician, done_on=ago(5).date(), **said)
    proposals.sweep(now=NOON)

    assert not Proposal.objects.filter(state="open").exists()  # the later job covers the earlier


def test_a_question_stands_when_a_late_reading_moves_its_rise(car):
    """The earlier of two: its low was lower, and it was high a day before."""
    drive(car, oil(20, at=ago(43)), now=ago(43))
    rise(car, days_ago=40)
    rise(car)
    asked = Proposal.objects.order_by("done_on").first()

    drive(car, oil(19, at=ago(42)), oil(98, at=ago(41)), now=NOON)
    proposals.after_oil([car.pk], now=NOON)

    assert Proposal.objects.filter(state="open").count() == 2
    asked.refresh_from_db()
    assert (asked.done_on, asked.facts["low"], asked.facts["high"]) == (ago(41).date(), 19, 98)


def test_a_rise_that_nobody_logged_is_asked_about_and_moves_nothing(car):
    before = DueItem.objects.filter(vehicle=car).values("due_km", "due_on").first()
    rise(car)

    asked = Proposal.objects.get()
    assert (asked.done_on, asked.odometer_km, asked.state) == (ago(5).date(), 48_210, "open")
    assert not ServiceRecord.objects.exists()
    assert DueItem.objects.filter(vehicle=car).values("due_km", "due_on").first() == before


def test_it_is_asked_once_however_often_it_is_looked_at(car):
    for _ in range(3):
        rise(car)
    proposals.after_oil([car.pk], now=NOON)

    assert Proposal.objects.count() == 1


def test_a_yes_logs_it_for_the_day_and_the_oil_is_new(car, technician):
    rise(car)
    record = answering.log(Proposal.objects.get(), by=technician, now=NOON)

    assert (record.done_on, record.odometer_km, record.odometer_is_stand_in) == (ago(5).date(), 48_210, True)
    assert record.proof.state == "watching"
    assert Proposal.objects.get().state == "taken"
    assert item_of(car).due_km == pytest.approx(48_210 + 8_046.7)
    drive(car)
    record.proof.refresh_from_db()
    assert record.proof.state == "confirmed"


def test_a_double_tap_logs_it_once(car, technician):
    rise(car)
    for _ in range(2):
        answering.log(Proposal.objects.get(), by=technician, now=NOON)

    assert ServiceRecord.objects.count() == 1


def test_taking_it_back_asks_again_and_it_may_be_logged_again(car, technician):
    rise(car)
    record = answering.log(Proposal.objects.get(), by=technician, now=NOON)
    workshop.void(record, by=technician, now=NOON)
    assert Proposal.objects.get().state == "open"

    answering.log(Proposal.objects.get(), by=technician, now=NOON)
    assert Proposal.objects.get().state == "taken"


def test_a_no_needs_its_reason_and_is_not_asked_again(car, technician):
    rise(car)
    with pytest.raises(Refused):
        answering.refuse(Proposal.objects.get(), by=technician, why=" ", now=NOON)
    answering.refuse(Proposal.objects.get(), by=technician, why="The battery was off.", now=NOON)

    rise(car)

    asked = Proposal.objects.get()
    assert (asked.state, asked.facts["why_not"]) == ("refused", "The battery was off.")


def test_a_logged_service_of_the_fortnight_before_declares_it(car, technician):
    workshop.complete(
        item_of(car),
        by=technician,
        done_on=ago(10).date(),
        odometer_km=None,
        notes="",
        key=unique("f"),
        now=ago(5.5),
    )
    rise(car)

    assert not Proposal.objects.exists()


def test_a_record_written_by_another_way_answers_it(car):
    rise(car)
    ServiceRecord.objects.create(
        fleet=car.fleet,
        vehicle=car,
        task=item_of(car).task,
        done_on=ago(6).date(),
        done_at=ago(6),
        key=unique("f"),
        created_at=ago(1),
    )
    proposals.sweep(now=NOON)

    assert Proposal.objects.get().state == "taken"


def test_a_history_that_comes_backwards_asks_the_same(car):
    other = a_car(car.fleet)
    last_done(other, km=40_000, days_ago=120)
    for measurement in (oil(99, at=ago(4)), oil(100, at=ago(5)), oil(18, at=ago(6)), odometer(48_210, at=ago(6))):
        drive(other, measurement, now=ago(1))
        proposals.sweep(now=NOON)

    assert Proposal.objects.get(vehicle=other).done_on == ago(5).date()


def test_the_dealers_visit_is_offered_with_his_day_and_odometer(car, technician):
    dealer(car, visit("Rotate tires", 40))

    asked = Proposal.objects.get()
    assert (asked.task.key, asked.done_on, asked.odometer_km) == ("tyre-rotation", ago(40).date(), 47_000)
    record = answering.log(asked, by=technician, now=NOON)
    assert (record.done_on, record.odometer_km, record.odometer_is_stand_in) == (ago(40).date(), 47_000, False)


def test_of_many_visits_the_last_is_offered_once(car):
    dealer(car, visit("Rotate tires", 400, their_id="d1"), visit("Tire rotation", 40, their_id="d2"))
    dealer(car, visit("Rotate tires", 400, their_id="d1"), visit("Tire rotation", 40, their_id="d2"))

    assert [asked.done_on for asked in Proposal.objects.all()] == [ago(40).date()]


def test_a_question_of_a_visit_stands_beside_the_next_visit(car, technician):
    dealer(car, visit("Rotate tires", 100, km=44_000, their_id="d1"))
    dealer(car, visit("Rotate tires", 100, km=44_000, their_id="d1"), visit("Tire rotation", 40, their_id="d2"))
    first, second = Proposal.objects.order_by("done_on")
    assert (first.done_on, second.done_on) == (ago(100).date(), ago(40).date())

    answering.refuse(first, by=technician, why="They only looked.", now=NOON)
    proposals.after_dealer([car.pk], now=NOON)
    assert [asked.state for asked in Proposal.objects.order_by("done_on")] == ["refused", "open"]


def test_what_the_dealer_did_and_somebody_logged_is_not_asked(car, technician):
    workshop.complete(
        item_of(car, "tyre-rotation"),
        by=technician,
        done_on=ago(38).date(),
        odometer_km=None,
        notes="",
        key=unique("f"),
        now=ago(2),
    )
    dealer(car, visit("Rotate tires", 40))

    assert not Proposal.objects.exists()


def test_words_that_name_no_task_offer_nothing(car):
    dealer(car, visit("Software update", 40))

    assert DealerRecord.objects.exists() and not Proposal.objects.exists()


def test_a_dealers_oil_change_and_the_rise_after_it_are_one_job(car, technician):
    dealer(car, visit("Oil change", 6.5, km=48_200))
    rise(car)
    assert Proposal.objects.count() == 2

    answering.log(Proposal.objects.get(source="dealer"), by=technician, now=NOON)

    assert set(Proposal.objects.values_list("state", flat=True)) == {"taken"}


def logged(car, technician, days_ago: float):
    day = ago(days_ago).date()
    return workshop.complete(
        item_of(car), by=technician, done_on=day, odometer_km=None, notes="", key=unique("f"), now=NOON
    )


def test_a_job_while_the_car_was_silent_accounts_for_the_rise(car, technician):
    car = a_car(car.fleet)
    last_done(car, km=40_000, days_ago=120)
    drive(car, odometer(48_210, at=ago(45)), oil(18, at=ago(45)), now=ago(45))
    rise(car)
    assert Proposal.objects.get().state == "open"

    record = logged(car, technician, 40)
    assert Proposal.objects.get().state == "taken"

    workshop.void(record, by=technician, now=NOON)
    assert Proposal.objects.get().state == "open"


def test_a_later_job_covers_the_question_and_taking_it_back_asks_again(car, technician):
    dealer(car, visit("Engine oil and filter", 60))
    assert Proposal.objects.get().source == "dealer"

    record = logged(car, technician, 20)
    proposals.sweep(now=NOON)
    assert not Proposal.objects.filter(state="open").exists()

    workshop.void(record, by=technician, now=NOON)
    assert Proposal.objects.get().state == "open"


def test_a_job_that_kept_a_rise_from_being_asked_asks_when_it_is_taken_back(car, technician):
    record = logged(car, technician, 10)
    rise(car)
    assert not Proposal.objects.exists()

    workshop.void(record, by=technician, now=NOON)
    assert Proposal.objects.get().state == "open"


def test_what_was_answered_with_no_is_not_asked_again_for_a_late_reading(car, technician):
    rise(car, days_ago=3)
    answering.refuse(Proposal.objects.get(), by=technician, why="The battery was off.", now=NOON)

    drive(car, oil(17, at=ago(5)), now=NOON)
    proposals.after_oil([car.pk], now=NOON)

    assert Proposal.objects.get().state == "refused"
