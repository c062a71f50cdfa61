"""A password changes and twenty cars fall silent: each has its alert, and people hear of it once."""

from datetime import timedelta

import pytest
from django.core import mail

from fleet.owners.models import Owner, Role
from maintenance import notices, review
from maintenance.models import Alert, Notice
from tests.scenes import NOON, a_car, a_fleet, a_member
from tests.vehicles.standing import trouble
from vehicles.consent import mending, parting
from vehicles.models import Vehicle
from vehicles.models.connection import PARTED, REVOKED

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    fleet = a_fleet()
    a_member(fleet, Role.MANAGER, "manager@fleet.example")
    return fleet


def cars_of(fleet, owner: str, number: int) -> list[Vehicle]:
    holder, _ = Owner.objects.get_or_create(fleet=fleet, name=owner)
    cars = [a_car(fleet) for _ in range(number)]
    for car in cars:
        car.connection.owner = holder
        car.connection.save()
    return cars


def fail(cars, *, now=NOON, code="AUTHENTICATION_FAILED"):
    for car in cars:
        trouble(car, 400, "CONNECTED_SERVICES_ACCOUNT", code, now=now)


def send(*, now=NOON) -> list:
    mail.outbox.clear()
    while notices.sweep(now=now):
        pass
    return mail.outbox


def subjects() -> list[str]:
    return list(Alert.objects.open().order_by("pk").values_list("subject", flat=True))


def test_twenty_cars_of_one_owner_are_one_letter(fleet):
    cars = cars_of(fleet, "Halifax Leasing", 20)
    fail(cars)
    review.review([car.pk for car in cars], now=NOON)

    assert subjects() == ["reconnect"] * 20
    sent = send()
    assert len(sent) == 1
    assert "19 more cars with it" in sent[0].body and "Halifax Leasing" in sent[0].body
    assert "the owner’s sign-in at the maker no longer works" in sent[0].body


def test_they_are_one_letter_too_when_they_fail_one_after_the_other(fleet):
    cars = cars_of(fleet, "Halifax Leasing", 5)
    for minute, car in enumerate(cars):
        now = NOON + timedelta(minutes=minute)
        fail([car], now=now)
        review.review([car.pk], now=now)
    assert len(subjects()) == 5 and Notice.objects.count() == 1


def test_what_fails_days_later_is_news_again(fleet):
    first, second = cars_of(fleet, "Halifax Leasing", 2)
    for car, now in ((first, NOON), (second, NOON + timedelta(days=3))):
        fail([car], now=now)
        review.review([car.pk], now=now)
    assert Notice.objects.count() == 2


def test_two_owners_are_two_letters_and_many_owners_are_one_digest(fleet):
    for owners in (2, 6):
        Notice.objects.all().delete()
        cars = [cars_of(fleet, f"Owner {owners}.{n}", 2) for n in range(owners)]
        fail([car for held in cars for car in held])
        review.review([car.pk for held in cars for car in held], now=NOON)
        assert Notice.objects.filter(form="single").count() == (2 if owners == 2 else 0)
    sent = send(now=NOON + notices.GATHER)
    assert len(sent) == 1
    assert sent[0].body.count("the car no longer reports") == 8
    assert sent[0].body.count("1 more car with it") == 8


def test_a_plan_that_is_too_small_is_told_once_for_the_fleet(fleet):
    cars = [cars_of(fleet, f"Owner {n}", 1)[0] for n in range(5)]
    for car in cars:
        trouble(car, 430, "BILLING", "ACCOUNT_SUSPENDED")
    review.review([car.pk for car in cars], now=NOON)
    assert subjects() == ["not_on_plan"] * 5
    assert len(send()) == 1


@pytest.mark.parametrize(("reason", "told"), [(REVOKED, ["disconnected"]), (PARTED, [])])
def test_an_end_elsewhere_is_told_and_our_own_is_not(fleet, reason, told):
    (car,) = cars_of(fleet, "Halifax Leasing", 1)
    parting.lose(car.connection, reason, now=NOON)
    review.review([car.pk], now=NOON)
    assert subjects() == told


def test_what_is_mended_is_told_no_more(fleet):
    (car,) = cars_of(fleet, "Halifax Leasing", 1)
    fail([car])
    review.review([car.pk], now=NOON)
    car.connection.refresh_from_db()
    mending.take_up(car.connection, NOON + timedelta(minutes=1))
    review.review([car.pk], now=NOON + timedelta(minutes=1))
    assert subjects() == [] and send(now=NOON + timedelta(minutes=1)) == []


def test_the_letter_says_what_the_owner_has_to_do(fleet):
    (car,) = cars_of(fleet, "Halifax Leasing", 1)
    fail([car], code="SUBSCRIPTION")
    review.review([car.pk], now=NOON)
    (letter,) = send()
    assert "the maker’s connected services have ended for this car" in letter.body
    assert "Tell the owner" in letter.body


def test_a_throttled_car_is_no_alert(fleet):
    (car,) = cars_of(fleet, "Halifax Leasing", 1)
    trouble(car, 429, "RATE_LIMIT", "VEHICLE")
    review.review([car.pk], now=NOON)
    assert subjects() == []
