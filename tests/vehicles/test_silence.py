"""A car that should have reported is noticed by its own rhythm; many of a make are one trouble."""

from datetime import timedelta

import pytest
from django.core import mail

from fleet.owners.models import Role
from maintenance import notices, review
from maintenance.models import Alert
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer
from vehicles.asking import silence
from vehicles.models import Capability, Connection, Hush, Source, Vehicle
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def fleet():
    fleet = a_fleet()
    a_member(fleet, Role.MANAGER)
    return fleet


def reporting(fleet, *, every: timedelta, last, times: int = 12, **fields) -> Vehicle:
    car = a_car(fleet, watch_after=last, **fields)
    for number in reversed(range(times)):
        at = last - number * every
        ingest.record(car, [odometer(40_000 - 50 * number, at=at)], source=Source.WEBHOOK, now=at)
    return car


def look(now) -> None:
    silence.sweep(now=now)
    while review.sweep(now=now):
        pass


def open_silences() -> list[tuple[str, int]]:
    alerts = Alert.objects.open().filter(kind=Alert.Kind.SILENCE)
    return sorted(alerts.values_list("subject", "vehicle_id"))


def test_the_rhythm_is_learnt_from_what_the_car_told(fleet):
    car = reporting(fleet, every=DAY, last=NOON)
    new = reporting(fleet, every=DAY, last=NOON, times=3)
    look(NOON)

    assert Vehicle.objects.get(pk=car.pk).rhythm_minutes == 24 * 60
    assert Vehicle.objects.get(pk=new.pk).rhythm_minutes is None


@pytest.mark.parametrize(
    ("every", "after", "silent"),
    [(3 * HOUR, 35 * HOUR, False), (3 * HOUR, 37 * HOUR, True), (DAY, 71 * HOUR, False), (DAY, 73 * HOUR, True)],
)
def test_silence_is_told_by_the_car_s_own_rhythm(fleet, every, after, silent):
    car = reporting(fleet, every=every, last=NOON)
    look(NOON + after)

    assert (Vehicle.objects.get(pk=car.pk).silent_since == NOON) == silent
    assert open_silences() == ([("car", car.pk)] if silent else [])


def test_the_next_report_ends_it_and_people_were_told_once(fleet):
    car = reporting(fleet, every=3 * HOUR, last=NOON)
    for hours in (37, 38, 39):
        look(NOON + hours * HOUR)
    notices.sweep(now=NOON + 39 * HOUR)
    spoke = NOON + 40 * HOUR
    ingest.record(car, [odometer(40_100, at=spoke)], source=Source.WEBHOOK, now=spoke)
    look(spoke)

    assert open_silences() == []
    assert len(mail.outbox) == 1
    assert "has told nothing new since 12 May 12:00; as a rule it reports every 3 hours" in mail.outbox[0].body


def test_a_poll_that_brings_only_the_old_is_no_sign_of_life(fleet):
    car = reporting(fleet, every=3 * HOUR, last=NOON)
    ingest.record(car, [odometer(40_000, at=NOON)], source=Source.POLL, now=NOON + 30 * HOUR)
    look(NOON + 37 * HOUR)

    assert open_silences() == [("car", car.pk)]


def test_a_car_that_cannot_be_reached_is_not_called_silent(fleet):
    broken = reporting(fleet, every=3 * HOUR, last=NOON)
    broken.connection.turn("needs_owner", "PERMISSION", NOON)
    look(NOON + 60 * HOUR)

    assert open_silences() == []


def connected_since_noon(fleet) -> Vehicle:
    car = a_car(fleet, watch_after=NOON, enrolled_at=NOON)
    Connection.objects.filter(pk=car.connection_id).update(state_since=NOON)
    return car


def test_a_car_that_never_told_anything_is_silent_since_it_was_connected(fleet):
    never, cannot = connected_since_noon(fleet), connected_since_noon(fleet)
    gone = {"state": "unsupported", "since": NOON, "checked_at": NOON}
    Capability.objects.create(vehicle=cannot, signal="odometer", **gone)
    look(NOON + 35 * HOUR)
    assert open_silences() == []

    look(NOON + 60 * HOUR)
    notices.sweep(now=NOON + 61 * HOUR)

    assert open_silences() == [("car", never.pk)]
    assert "the car is connected since 12 May 12:00 and has never told anything." in mail.outbox[0].body


@pytest.mark.parametrize(("until", "silent"), [(NOON + 100 * HOUR, False), (NOON + 2 * HOUR, True)])
def test_a_hold_that_is_over_holds_no_car(fleet, until, silent):
    car = reporting(fleet, every=3 * HOUR, last=NOON, hold="resting", hold_until=until)
    look(NOON + 60 * HOUR)

    assert open_silences() == ([("car", car.pk)] if silent else [])


def test_the_alert_of_a_make_goes_on_with_another_car_when_its_own_is_retired(fleet):
    fords = [reporting(fleet, every=3 * HOUR, last=NOON, make="FORD") for _ in range(6)]
    later = NOON + 37 * HOUR
    look(later)
    notices.sweep(now=later + HOUR)
    told = len(mail.outbox)
    carrier = Hush.objects.get().carrier
    Vehicle.objects.filter(pk=carrier.pk).update(retired_at=later, review_after=later)
    look(later + HOUR)
    look(later + 2 * HOUR)
    notices.sweep(now=later + 3 * HOUR)

    others = [car.pk for car in fords if car.pk != carrier.pk]
    assert open_silences() == [("make FORD", others[0])]
    assert len(mail.outbox) == told == 1


def test_many_of_a_make_are_one_alert_that_names_it(fleet):
    fords = [reporting(fleet, every=3 * HOUR, last=NOON - n * HOUR, make="Ford") for n in range(6)]
    toyota = reporting(fleet, every=3 * HOUR, last=NOON, make="TOYOTA")
    later = NOON + 37 * HOUR
    look(later)
    notices.sweep(now=later + HOUR)

    assert open_silences() == [("car", toyota.pk), ("make FORD", fords[0].pk)]
    assert any("6 cars of Ford have told nothing new since" in letter.body for letter in mail.outbox)
    assert [(one.make, one.silent, one.cars) for one in silence.quiet_makes()] == [("FORD", 6, 6)]

    for car in fords[:4]:
        ingest.record(car, [odometer(41_000, at=later)], source=Source.WEBHOOK, now=later)
    look(later + HOUR)

    assert Hush.objects.get().over_at == later + HOUR
    assert {subject for subject, _ in open_silences()} == {"car"}
    assert len(open_silences()) == 3


def test_cars_that_stopped_weeks_apart_are_each_their_own_trouble(fleet):
    for n in range(6):
        reporting(fleet, every=3 * HOUR, last=NOON - n * 5 * DAY, make="FORD")
    look(NOON + 37 * HOUR)

    assert {subject for subject, _ in open_silences()} == {"car"}
    assert not Hush.objects.exists()
