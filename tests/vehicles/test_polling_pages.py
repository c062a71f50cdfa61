"""The page that says when each car is asked and why, and the button that asks now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from tests.flows.makers import sandbox
from tests.scenes import a_car, a_fleet, a_member
from vehicles.asking import polling, refreshing
from vehicles.boards import polling as polling_board
from vehicles.line import breakers, budget
from vehicles.models import Breaker, CallBucket, Terms, Vehicle

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet, Role.MANAGER)
    client.force_login(member.user)
    return member


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def press(client, car, **headers):
    return client.post(f"/connect/polling/{car.pk}/refresh/", headers=HTMX | headers)


def test_each_car_says_when_it_is_asked_and_why(client, manager, fleet):
    soon = timezone.now() + timedelta(hours=5)
    a_car(fleet, name="Daily", poll_after=soon, poll_why="usual", month_calls=31, month=soon.date().replace(day=1))
    a_car(fleet, name="Held", poll_after=soon, poll_why="later", hold="throttled", hold_until=soon)
    a_car(fleet, name="Rung", poll_after=timezone.now() - timedelta(minutes=1), poll_why="asked")
    a_car(fleet, name="Alone", connected=False)

    page = words(client.get("/connect/polling/"))

    assert "Once a day: it reports by itself" in page
    assert "31 of 500" in page
    assert f"Throttled until {soon:%-d %b %H:%M}" in page
    assert "in line now" in page
    assert "never: not connected" in page
    assert "120 calls are left" in page


def test_the_list_is_searched_and_filtered_by_the_reason(client, manager, fleet):
    a_car(fleet, name="Wanted one", poll_why="wanted", poll_after=timezone.now())
    a_car(fleet, name="Usual one", poll_why="usual", poll_after=timezone.now())

    assert "Usual one" not in words(client.get("/connect/polling/?why=wanted"))
    assert "Wanted one" not in words(client.get("/connect/polling/?q=usual", headers=HTMX))
    assert words(client.get("/connect/polling/?why=nonsense&page=%00")).count("one</a>") == 2


def test_a_long_list_is_paged(client, manager, fleet):
    for number in range(51):
        a_car(fleet, name=f"Car {number:02d}", connected=False)

    assert "Car 50" not in words(client.get("/connect/polling/"))
    assert "Car 50" in words(client.get("/connect/polling/?page=2"))


def test_a_refresh_puts_the_car_first_and_tells_when_the_answer_is_in(client, manager, fleet):
    car = a_car(fleet, poll_after=timezone.now() + timedelta(hours=5), poll_rank=4)

    first = press(client, car)

    car.refresh_from_db()
    assert (car.poll_rank, car.poll_why) == (0, "asked")
    assert car.poll_after <= timezone.now()
    assert "In line, to be asked at once" in words(first)
    assert 'hx-trigger="every 2s"' in words(first)
    # Pressed once more it is the same wish.
    assert "In line" in words(press(client, car))

    Vehicle.objects.filter(pk=car.pk).update(asked_at=None, polled_at=timezone.now())
    after = words(client.get(f"/connect/polling/{car.pk}/refresh/", headers=HTMX))
    assert "It has just answered." in after
    assert "every 2s" not in after


def test_without_a_script_the_button_leads_to_a_page_that_tells(client, manager, fleet):
    car = a_car(fleet, poll_after=timezone.now() + timedelta(hours=5))

    answer = client.post(f"/connect/polling/{car.pk}/refresh/", follow=True)

    assert answer.redirect_chain == [(f"/connect/polling/{car.pk}/refresh/", 302)]
    assert '<noscript><meta http-equiv="refresh"' in words(answer)


def test_a_viewer_sees_no_button_and_may_not_ask(client, fleet):
    car = a_car(fleet)
    client.force_login(a_member(fleet, Role.VIEWER).user)

    assert press(client, car).status_code == 403
    assert Vehicle.objects.get(pk=car.pk).asked_at is None


def test_why_a_car_cannot_be_asked_is_said_in_words(client, manager, fleet, settings):
    now = timezone.now()
    month = {"month": now.date().replace(day=1), "month_calls": 40}
    Terms.objects.create(fleet=fleet, calls_a_month=40)
    until = now + timedelta(minutes=20)
    Breaker.objects.create(name="make SKODA", failures=7, open_until=until, changed_at=now)
    told = {
        "not connected": a_car(fleet, connected=False),
        "All 40 calls of this month are used": a_car(fleet, **month),
        "asked too often and is left alone until": a_car(fleet, hold="throttled", hold_until=until),
        "Skoda answers nobody at present": a_car(fleet, make="Skoda"),
    }
    for said, car in told.items():
        assert said in words(press(client, car))
        assert Vehicle.objects.get(pk=car.pk).asked_at is None

    broken = a_car(fleet)
    broken.connection.turn("needs_owner", "PERMISSION", now)
    assert "It cannot be asked: reconnect needed" in words(press(client, broken))


def test_an_empty_bucket_lets_a_person_stand_in_line_and_says_until_when(client, manager, fleet):
    CallBucket.objects.create(name=budget.NAME, left=0.0, at=timezone.now())
    car = a_car(fleet, poll_after=timezone.now() + timedelta(hours=5))

    assert "In line. No call is left until" in words(press(client, car))


def test_one_fleet_s_people_leave_calls_to_others(client, manager, fleet):
    for _ in range(20):
        a_car(fleet, asked_at=timezone.now())

    assert "20 cars of this fleet are being asked already" in words(press(client, a_car(fleet)))


@pytest.mark.django_db(transaction=True)
def test_the_answer_to_a_refresh_ends_it_whatever_it_is(client, manager, fleet, tmp_path, settings):
    car = a_car(fleet, poll_after=timezone.now() + timedelta(hours=5))
    press(client, car)
    with sandbox(tmp_path, settings):  # which does not know this car
        assert polling.sweep(now=timezone.now()) == 1

    told = words(client.get(f"/connect/polling/{car.pk}/refresh/", headers=HTMX))
    assert "The last try failed. The next is due" in told
    assert "every 2s" not in told
    assert breakers.open_ones() == []


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.001, "minute"), (0.29, "17 minutes"), (1.98, "119 minutes"), (8.333, "8.3 hours"), (1_234.5, "1,234.5 hours")],
)
def test_how_often_there_is_a_call_for_each_car_is_said_in_words(hours, words):
    assert polling_board.in_words(hours) == words


def test_a_cars_page_looks_at_its_own_row_alone(client, manager, fleet, django_assert_num_queries):
    """Whoever then asks is told what all wait for: its maker answers nobody."""
    now = timezone.now()
    car = a_car(fleet, make="FORD")
    Breaker.objects.create(name="make FORD", failures=9, open_until=now + timedelta(hours=1), changed_at=now)
    car = Vehicle.objects.select_related("connection", "fleet__terms").get(pk=car.pk)

    with django_assert_num_queries(0):
        assert refreshing.at_a_glance(car, now).may
    assert "answers nobody at present" in words(press(client, car))
