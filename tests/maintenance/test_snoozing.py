"""A snooze keeps the alerts still and moves nothing."""

from datetime import timedelta

import pytest

from fleet.owners.models import Role
from maintenance import caring, metering, notices, snoozing, workshop
from maintenance.metering import Said
from maintenance.models import Alert, Care, DueItem, Notice, Snooze
from maintenance.plans import programs
from maintenance.refusals import Refused
from maintenance.review import review, sweep
from tests.maintenance.scenes import at_km, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, unique
from vehicles.models import Reading

pytestmark = pytest.mark.django_db
VERDICT = [name for name in DueItem.VERDICT if name != "reviewed_at"]


@pytest.fixture
def car():
    car = a_car(a_fleet())
    last_done(car, km=40_000, days_ago=60)
    at_km(car, 47_500)  # soon: it is due at 48,046.7
    return car


@pytest.fixture
def technician(car):
    return a_member(car.fleet, Role.TECHNICIAN).user


def snooze(car, by, **said) -> Snooze:
    said = {"until_on": None, "for_km": None, "reason": "Waits for the filter", "now": NOON} | said
    return snoozing.snooze(item_of(car), by=by, **said)


def heard(car) -> list[str]:
    return list(Alert.objects.open().filter(vehicle=car, kind="due").values_list("level", flat=True))


def day(count: int):
    return NOON + timedelta(days=count)


def verdict(car) -> dict:
    return DueItem.objects.filter(pk=item_of(car).pk).values(*VERDICT).get()


def test_it_hides_the_alert_and_leaves_the_verdict_as_it_is(car, technician):
    before = verdict(car)
    assert heard(car) == ["soon"]

    made = snooze(car, technician, until_on=day(5).date())

    assert heard(car) == []
    assert verdict(car) == before
    assert (made.by_name, made.reason) == ("Technician Person", "Waits for the filter")


def test_it_wakes_on_its_day_and_the_clock_is_set_for_it(car, technician):
    snooze(car, technician, until_on=day(5).date())
    sweep(now=NOON)
    car.refresh_from_db()
    assert car.review_after == day(5).replace(hour=0)
    notices.sweep(now=day(1))  # what was told before is told
    at_km(car, 47_500, now=day(5) - timedelta(hours=1))

    review([car.pk], now=day(5))

    assert heard(car) == ["soon"]
    assert Snooze.objects.get().ended_why == "date"
    assert Notice.objects.filter(state="waiting", alert__kind="due", level="soon").exists()  # waking is news again


def test_a_job_of_last_week_that_is_logged_only_now_ends_it(car, technician):
    """What was done counts from when it was told."""
    made = snooze(car, technician)
    last_week = {"done_on": day(-7).date(), "odometer_km": None, "notes": "", "key": unique("form"), "now": day(1)}

    workshop.complete(item_of(car), by=technician, **last_week)

    made.refresh_from_db()
    assert made.ended_why == "done"


def test_it_wakes_at_its_distance(car, technician):
    snooze(car, technician, for_km=200)
    at_km(car, 47_699, now=day(1))
    assert heard(car) == []

    at_km(car, 47_700, now=day(2))

    assert heard(car) == ["soon"]
    assert Snooze.objects.get().ended_why == "distance"


def test_it_wakes_when_the_item_becomes_overdue(car, technician):
    snooze(car, technician)

    at_km(car, 48_100, now=day(1))

    assert heard(car) == ["overdue"]
    assert Snooze.objects.get().ended_why == "overdue"


def test_set_while_overdue_it_wakes_when_the_item_is_overdue_anew(car, technician):
    at_km(car, 48_100)
    snooze(car, technician)
    metering.void(Reading.objects.get(number=48_100), Said(technician, "misread", day(1)))
    assert (item_of(car).status, heard(car)) == ("soon", [])

    at_km(car, 48_060, now=day(2))

    assert (item_of(car).status, heard(car)) == ("overdue", ["overdue"])


def test_set_while_overdue_it_outlasts_a_job_that_is_taken_back(car, technician):
    at_km(car, 48_100)
    made = snooze(car, technician)
    said = {"done_on": NOON.date(), "odometer_km": None, "notes": "", "key": unique("form"), "now": day(1)}
    record = workshop.complete(item_of(car), by=technician, **said)

    workshop.void(record, by=technician, now=day(2))

    made.refresh_from_db()
    assert (made.ended_at, made.ended_why) == (None, "")
    assert (item_of(car).status, heard(car)) == ("overdue", [])


def test_it_wakes_at_the_cap(car, technician):
    made = snooze(car, technician)

    assert (made.until_on, made.until_km) == (day(30).date(), 48_500)


def test_set_before_any_odometer_was_known_it_is_capped_from_the_first_on(technician, car):
    silent = a_car(car.fleet)
    last_done(silent, km=40_000, days_ago=360)
    review([silent.pk], now=NOON)
    snooze(silent, technician)

    at_km(silent, 40_200, now=day(1))
    at_km(silent, 41_199, now=day(2))
    assert [(one.until_km, one.ended_why) for one in Snooze.objects.filter(vehicle=silent)] == [(41_200, "")]
    at_km(silent, 41_200, now=day(3))
    assert Snooze.objects.get(vehicle=silent).ended_why == "distance"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"until_on": NOON.date()}, "until_on"),
        ({"until_on": day(31).date()}, "until_on"),
        ({"for_km": 1_001.0}, "for_km"),
        ({"for_km": 0.0}, "for_km"),
    ],
)
def test_what_may_not_be_is_refused(car, technician, said, field):
    with pytest.raises(Refused) as refused:
        snooze(car, technician, **said)
    assert refused.value.field == field
    assert heard(car) == ["soon"]


def test_a_completion_ends_it_and_voiding_revives_it(car, technician):
    made = snooze(car, technician)
    record = workshop.complete(
        item_of(car),
        by=technician,
        done_on=NOON.date(),
        odometer_km=None,
        notes="",
        key=unique("form"),
        now=NOON + timedelta(hours=1),
    )
    made.refresh_from_db()
    assert (made.ended_why, made.ended_by) == ("done", record)

    workshop.void(record, by=technician, now=NOON + timedelta(hours=2))

    made.refresh_from_db()
    assert (made.ended_at, made.ended_why, made.ended_by) == (None, "", None)
    assert heard(car) == []


def test_somebody_may_wake_it(car, technician):
    snooze(car, technician)

    snoozing.wake(item_of(car), now=NOON)

    assert heard(car) == ["soon"]
    review([car.pk], now=day(1))
    assert Snooze.objects.get().ended_why == "woken"


def test_a_second_one_takes_the_place_of_the_first(car, technician):
    snooze(car, technician, until_on=day(2).date())
    snooze(car, technician, until_on=day(9).date())

    assert list(Snooze.objects.order_by("pk").values_list("ended_why", flat=True)) == ["replaced", ""]


def test_a_paused_vehicle_keeps_still_until_its_day(car):
    care, _ = Care.objects.update_or_create(vehicle=car, defaults={"fleet": car.fleet, "paused_until": day(10).date()})
    before = verdict(car)
    review([car.pk], now=NOON)
    assert heard(car) == []
    assert verdict(car) == before

    review([car.pk], now=day(10))

    assert heard(car) == ["soon"]


def test_it_outlives_the_program_and_goes_on_when_that_is_taken_up_again(car, technician):
    made = snooze(car, technician)
    program = item_of(car).line.program
    programs.retire(program, by=technician, now=day(1))
    review([car.pk], now=day(1))
    assert not DueItem.objects.filter(vehicle=car).exists()

    programs.restore(program, by=technician, now=day(2))
    review([car.pk], now=day(2))

    made.refresh_from_db()
    assert (made.item, made.reason, made.ended_at) == (item_of(car), "Waits for the filter", None)
    assert (item_of(car).status, heard(car)) == ("soon", [])
    at_km(car, 47_510, now=day(31))
    assert heard(car) == ["soon"]


def test_it_goes_on_with_no_job_that_was_asked_for_once_meanwhile(car, technician):
    made = snooze(car, technician)
    task, program = item_of(car).task, item_of(car).line.program
    programs.retire(program, by=technician, now=day(1))
    review([car.pk], now=day(1))

    once = {"on": day(2).date(), "dash_km": None, "in_km": None, "by": technician}
    asked = caring.ask_once(car, task=task, called="", now=day(1), **once)
    assert heard(car) == ["soon"]
    snooze(car, technician, now=day(1))
    made.refresh_from_db()
    assert made.ended_why == "replaced"
    caring.drop(asked, now=day(1))
    programs.restore(program, by=technician, now=day(2))
    review([car.pk], now=day(2))

    assert heard(car) == ["soon"]
