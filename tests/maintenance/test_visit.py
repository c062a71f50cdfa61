"""Several jobs in one visit: one form, one transaction, each its record."""

from datetime import timedelta

import pytest

from fleet.owners.models import Role
from maintenance import caring, metering, workshop
from maintenance.metering import Said
from maintenance.models import DueItem, Proposal, ServiceRecord, Task
from maintenance.proving import proposals
from maintenance.refusals import ABOVE, DOUBTED, Asked, Refused
from maintenance.review import review
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, oil, unique
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Reading

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
NEIGHBOURS = [(2, 48_998.0, Refused), (-2, 48_980.0, Asked)]  # days before, and what a job at 48,990 km is told
VERDICT = [name for name in DueItem.VERDICT if name not in ("reviewed_at",)]


@pytest.fixture
def car():
    car = a_car(a_fleet())
    last_done(car, km=40_000, days_ago=60)
    for days in range(4, 0, -1):
        at_km(car, 49_000 - days, now=NOON - timedelta(days=days))
    at_km(car, 49_000)
    return car


@pytest.fixture
def technician(car):
    return a_member(car.fleet, Role.TECHNICIAN).user


def complete(car, by, task="oil-change", **said) -> ServiceRecord:
    said = {"done_on": TODAY, "odometer_km": 49_010.0, "notes": "", "key": unique("form"), "now": NOON} | said
    return workshop.complete(item_of(car, task), by=by, **said)


def verdicts(car) -> list[dict]:
    return list(DueItem.objects.filter(vehicle=car).order_by("pk").values(*VERDICT))


def test_each_job_of_one_form_has_its_record(car, technician):
    also = [item_of(car, "tyre-rotation"), item_of(car, "brake-inspection")]
    for _ in range(2):  # sent twice
        complete(car, technician, also=also, key="one-form", parts="Filter", checklist=[{"text": "Plug", "done": True}])

    records = ServiceRecord.objects.order_by("pk")
    assert [record.task.key for record in records] == ["oil-change", "tyre-rotation", "brake-inspection"]
    assert {record.odometer_km for record in records} == {49_010}
    assert Reading.objects.filter(number=49_010).count() == 1
    assert records[0].checklist and not records[1].checklist


def test_an_item_of_another_vehicle_is_not_done_with_it(car, technician):
    other = a_car(car.fleet)
    at_km(other, 5_000)

    complete(car, technician, also=[item_of(other)])

    assert not ServiceRecord.objects.filter(vehicle=other).exists()


def test_what_is_refused_for_one_job_is_logged_for_none(car, technician):
    complete(car, technician, "tyre-rotation", done_on=TODAY - timedelta(days=9), odometer_km=None)
    ServiceRecord.objects.update(odometer_km=60_000, odometer_is_stand_in=False)

    with pytest.raises(Refused):
        complete(car, technician, also=[item_of(car, "tyre-rotation")])
    assert ServiceRecord.objects.count() == 1


def test_a_lower_odometer_of_the_same_day_is_the_same_visit(car, technician):
    complete(car, technician)
    second = complete(car, technician, "tyre-rotation", odometer_km=49_005.0)

    assert second.odometer_km == 49_005
    assert Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER).number == 49_010


def test_a_higher_odometer_of_the_same_day_is_taken(car, technician):
    complete(car, technician)
    complete(car, technician, "tyre-rotation", odometer_km=49_015.0)

    assert Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER).number == 49_015


def test_taking_the_higher_one_back_leaves_the_lower_one(car, technician):
    complete(car, technician, odometer_km=49_010.0)
    first = complete(car, technician, "brake-inspection", odometer_km=49_015.0)
    lower = complete(car, technician, "tyre-rotation", odometer_km=49_012.0)

    workshop.void(first, by=technician, now=NOON)

    lower.refresh_from_db()
    assert Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER).number == 49_012
    assert (lower.reading.number, lower.reading.standing) == (49_012, "accepted")


def test_completing_several_and_voiding_all_is_the_identity(car, technician):
    before = verdicts(car)
    complete(car, technician, also=[item_of(car, "tyre-rotation")])
    assert verdicts(car) != before

    for record in ServiceRecord.objects.all():
        workshop.void(record, by=technician, now=NOON)

    assert verdicts(car) == before


def test_a_larger_job_writes_down_what_it_includes_and_takes_it_along(car, technician):
    big, oil, brakes = (Task.objects.get(key=key) for key in ("tyre-rotation", "oil-change", "brake-inspection"))
    big.includes.add(oil)
    oil.includes.add(brakes, big)  # a circle must not hang
    before = verdicts(car)

    main = complete(car, technician, "tyre-rotation")

    parts = ServiceRecord.objects.filter(because_of=main)
    assert {record.task.key for record in parts} == {"oil-change", "brake-inspection"}
    assert item_of(car).due_km == pytest.approx(49_010 + 8_046.7)
    with pytest.raises(Refused):
        workshop.void(parts[0], by=technician, now=NOON)
    workshop.void(main, by=technician, now=NOON)
    assert not ServiceRecord.objects.standing().exists()
    assert verdicts(car) == before


def test_how_early_or_late_it_was_is_kept(car, technician):
    due = item_of(car)
    record = complete(car, technician)

    record.refresh_from_db()
    assert record.early_km == round(due.due_km - 49_010, 1) < 0
    assert record.early_days == (due.due_on - TODAY).days > 0


def test_how_late_it_was_counts_from_the_point_that_a_new_version_did_not_move(car, technician):
    item = item_of(car)
    due_km, line = item.due_km, item.line
    line.every_km = 16_000
    line.save()
    line.program.version += 1
    line.program.save()
    review([car.pk], now=NOON)
    assert item_of(car).due_km == due_km

    late = complete(car, technician)
    assert ServiceRecord.objects.get(pk=late.pk).early_km == pytest.approx(due_km - 49_010, abs=0.11)

    before = complete(car, technician, done_on=TODAY - timedelta(days=2), odometer_km=48_998.0)
    assert ServiceRecord.objects.get(pk=late.pk).early_km == pytest.approx(48_998 + 16_000 - 49_010, abs=0.11)
    workshop.void(before, by=technician, now=NOON)
    assert ServiceRecord.objects.get(pk=late.pk).early_km == pytest.approx(due_km - 49_010, abs=0.11)


def test_a_backdated_job_is_held_against_the_same_point_and_moves_that_of_the_next(car, technician):
    due_km = item_of(car).due_km
    late = complete(car, technician)
    before = complete(car, technician, done_on=TODAY - timedelta(days=2), odometer_km=48_998.0)

    before.refresh_from_db()
    assert before.early_km == pytest.approx(due_km - 48_998, abs=0.11)
    assert ServiceRecord.objects.get(pk=late.pk).early_km == pytest.approx(48_998 + 8_046.7 - 49_010, abs=0.11)

    workshop.void(before, by=technician, now=NOON)
    assert ServiceRecord.objects.get(pk=late.pk).early_km == pytest.approx(due_km - 49_010, abs=0.11)


def test_above_a_later_job_is_asked_and_a_yes_takes_it(car, technician):
    complete(car, technician)
    late = {"done_on": TODAY - timedelta(days=2), "odometer_km": 49_050.0}
    with pytest.raises(Asked) as asked:
        complete(car, technician, **late)
    assert asked.value.question == ABOVE

    record = complete(car, technician, **late, confirmed=[ABOVE, DOUBTED])
    assert record.odometer_km == 49_050


def test_below_an_earlier_job_is_refused_whatever_is_confirmed(car, technician):
    complete(car, technician, done_on=TODAY - timedelta(days=2), odometer_km=48_998.0)

    with pytest.raises(Refused) as refused:
        complete(car, technician, odometer_km=48_990.0, confirmed=[ABOVE, DOUBTED])
    assert not isinstance(refused.value, Asked)
    assert "10 May 2026" in refused.value.message


@pytest.mark.parametrize(("days", "km"), [neighbour[:2] for neighbour in NEIGHBOURS])
def test_an_odometer_that_only_stood_in_forbids_nothing(car, technician, days, km):
    """Nobody read it off a dash."""
    day = TODAY - timedelta(days=3)
    complete(car, technician, done_on=day - timedelta(days=days), odometer_km=km, confirmed=[DOUBTED])
    ServiceRecord.objects.update(odometer_is_stand_in=True)

    assert complete(car, technician, done_on=day, odometer_km=48_990.0, confirmed=[DOUBTED]).odometer_km == 48_990


@pytest.mark.parametrize(("days", "km", "what"), NEIGHBOURS)
def test_a_part_of_a_larger_job_lies_between_its_neighbours_too(car, technician, days, km, what):
    """What was done before forbids less, what was done after asks about more."""
    item_of(car).task.includes.add(item_of(car, "tyre-rotation").task)
    day = TODAY - timedelta(days=3)
    complete(car, technician, "tyre-rotation", done_on=day - timedelta(days=days), odometer_km=km, confirmed=[DOUBTED])

    with pytest.raises(Refused, match="part of this job") as refused:
        complete(car, technician, done_on=day, odometer_km=48_990.0, confirmed=[DOUBTED])
    assert type(refused.value) is what
    assert ServiceRecord.objects.count() == 1


@pytest.mark.parametrize("km", [99_000.0, 30.0])
def test_a_doubtful_odometer_is_taken_after_a_yes_and_flagged(car, technician, km):
    with pytest.raises(Asked) as asked:
        complete(car, technician, odometer_km=km)
    assert asked.value.question == DOUBTED
    assert not Reading.objects.filter(number=km).exists()

    record = complete(car, technician, odometer_km=km, confirmed=[DOUBTED])

    assert (record.odometer_km, record.odometer_is_doubted) == (km, True)
    assert Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER).number == 49_000  # the car is still believed


def test_a_doubtful_odometer_is_kept_for_a_person_to_confirm_or_take_back(car, technician):
    """Stored as any other it would put those that the car told afterwards in doubt."""
    for day, km in ((1, 49_100), (2, 49_200), (3, 49_300)):
        at_km(car, km, now=NOON + timedelta(days=day))
    said = {"done_on": (NOON + timedelta(days=1)).date(), "odometer_km": 49_290.0, "now": NOON + timedelta(days=4)}
    with pytest.raises(Asked):
        complete(car, technician, **said)
    record = complete(car, technician, **said, confirmed=[DOUBTED])
    odometers = Reading.objects.filter(vehicle=car, signal=Signal.ODOMETER).exclude(pk=record.reading.pk)

    assert (record.reading.number, record.reading.standing, record.odometer_is_doubted) == (49_290, "suspect", True)
    assert set(odometers.values_list("standing", flat=True)) == {"accepted"}
    at_km(car, 49_400, now=NOON + timedelta(days=5))
    assert set(odometers.values_list("standing", flat=True)) == {"accepted"}

    metering.confirm(record.reading, Said(technician, "it is", NOON + timedelta(days=6)))
    record.refresh_from_db()
    assert (record.reading.standing, record.odometer_is_doubted) == ("accepted", False)
    assert sorted(odometers.filter(standing="suspect").values_list("number", flat=True)) == [49_200]

    workshop.void(record, by=technician, now=NOON + timedelta(days=7))
    assert Reading.objects.get(pk=record.reading.pk).standing == "void"
    again = complete(car, technician, **said | {"now": NOON + timedelta(days=8)}, confirmed=[DOUBTED])
    assert (again.reading.pk, again.reading.standing, again.odometer_is_doubted) == (record.reading.pk, "suspect", True)


def test_dashes_of_one_day_are_believed_wherever_they_fit_what_the_car_said_on_it(car, technician):
    at_km(car, 49_100, now=NOON + timedelta(hours=2))
    evening = NOON + timedelta(hours=6)

    record = complete(car, technician, odometer_km=49_110.0, now=evening)
    lower = complete(car, technician, "tyre-rotation", odometer_km=49_107.0, now=evening + timedelta(minutes=10))
    morning = complete(car, technician, "brake-inspection", odometer_km=49_005.0, now=evening + timedelta(minutes=20))

    assert not any(one.odometer_is_doubted for one in (record, lower, morning))
    assert record.done_at == evening
    assert lower.reading == record.reading and record.reading.at == evening  # one visit, at its highest
    assert morning.reading.at == NOON
    assert Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER).number == 49_110
    with pytest.raises(Asked):
        complete(car, technician, "tyre-rotation", odometer_km=80_000.0, now=evening)
    assert not Reading.objects.filter(number=80_000).exists()


def test_before_noon_too_the_jobs_of_one_day_are_one_visit(car, technician):
    nine = NOON + timedelta(hours=21)
    day = nine.date()

    high = complete(car, technician, done_on=day, odometer_km=49_110.0, now=nine)
    low = complete(car, technician, "tyre-rotation", done_on=day, odometer_km=49_107.0, now=nine + timedelta(minutes=9))

    assert not low.odometer_is_doubted and low.reading == high.reading


def test_while_the_meter_is_in_question_nothing_is_logged(car, technician):
    car.meter_asked_at = NOON
    car.save()

    with pytest.raises(Refused) as refused:
        complete(car, technician)
    assert "meter" in refused.value.message


def test_a_one_off_leaves_when_done_and_comes_back_when_voided(car, technician):
    task = Task.objects.create(fleet=car.fleet, key="recall", name="Recall 26-104")
    item = DueItem.objects.create(
        fleet=car.fleet, vehicle=car, task=task, once_on=TODAY + timedelta(days=30), anchor="today"
    )
    review([car.pk], now=NOON)

    record = workshop.complete(
        item, by=technician, done_on=TODAY, odometer_km=None, notes="", key=unique("f"), now=NOON
    )
    assert item not in DueItem.objects.standing()

    workshop.void(record, by=technician, now=NOON + timedelta(minutes=1))
    assert item in DueItem.objects.standing()


def test_a_larger_job_settles_a_one_off_that_it_includes_until_it_is_taken_back(car, technician):
    recall = Task.objects.create(fleet=car.fleet, key="recall", name="Recall 26-104")
    item_of(car).task.includes.add(recall)
    item = DueItem.objects.create(fleet=car.fleet, vehicle=car, task=recall, once_on=TODAY, anchor="today")
    review([car.pk], now=NOON)
    assert item in DueItem.objects.standing()

    record = complete(car, technician)
    assert item not in DueItem.objects.standing()

    workshop.void(record, by=technician, now=NOON + timedelta(minutes=1))
    assert item in DueItem.objects.standing()


def test_a_larger_job_of_before_it_was_asked_for_settles_no_one_off(car, technician):
    recall = Task.objects.create(fleet=car.fleet, key="recall", name="Recall 26-104")
    item_of(car).task.includes.add(recall)
    asked = {"task": recall, "called": "", "on": TODAY, "dash_km": None, "in_km": None, "by": technician, "now": NOON}
    item = caring.ask_once(car, **asked)

    earlier = complete(car, technician, done_on=TODAY - timedelta(days=30), odometer_km=None)
    assert ServiceRecord.objects.filter(because_of=earlier, task=recall).exists()
    assert item in DueItem.objects.standing()

    said = {"done_on": TODAY - timedelta(days=1), "odometer_km": None, "confirmed": []}
    own = complete(car, technician, "recall", **said)  # of itself somebody says so
    assert item not in DueItem.objects.standing()
    complete(car, technician, done_on=TODAY - timedelta(days=20), odometer_km=None, now=NOON + timedelta(minutes=1))
    workshop.void(own, by=technician, now=NOON + timedelta(minutes=2))
    assert item in DueItem.objects.standing()


def test_logging_a_job_answers_the_question_about_it_and_voiding_asks_again(car, technician):
    low, high = NOON - timedelta(days=6), NOON - timedelta(days=5)
    drive(car, oil(18, at=low), oil(100, at=high))
    proposals.sweep(now=NOON)
    assert Proposal.objects.get().state == "open"

    record = complete(car, technician, done_on=high.date(), odometer_km=None)
    answered = Proposal.objects.get()
    assert (answered.state, answered.record) == (Proposal.State.TAKEN, record)

    workshop.void(record, by=technician, now=NOON)

    asked = Proposal.objects.get()
    assert (asked.state, asked.record) == (Proposal.State.OPEN, None)
