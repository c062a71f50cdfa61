"""An owner consents, the cars appear, the makers deliver, and verdicts follow: everything over HTTP."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from fleet.owners.models import Owner
from maintenance import review
from maintenance.models import DueItem
from tests.flows.makers import consent, sandbox, until
from tests.scenes import a_fleet, a_member
from vehicles.asking import polling
from vehicles.consent import connect, enrolment, subscribing
from vehicles.line import budget
from vehicles.models import Capability, ConnectAttempt, Delivery, Gauge, Vehicle
from vehicles.post import inbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager():
    return a_member(a_fleet())


@pytest.fixture
def owner(manager):
    return Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")


@pytest.fixture
def makers(tmp_path, settings, live_server):
    with sandbox(tmp_path, settings, door=live_server.url) as origin:
        yield origin


def walk(owner, manager, account, answer="allow") -> ConnectAttempt:
    """From the manager's click to the page that says how it ended."""
    began = {"by": manager.user, "session_key": "this-browser", "now": timezone.now()}
    came_back = consent(connect.begin(owner, **began), account, answer)
    attempt = connect.come_back(came_back, **began)
    enrolment.sweep(now=timezone.now())
    attempt.refresh_from_db()
    return attempt


def account_of(makers) -> str:
    return requests.get(f"{makers}/control/accounts", timeout=10).json()["accounts"][0]["account"]


def test_the_cars_of_an_owner_who_consents_come_into_the_fleet(makers, manager, owner):
    attempt = walk(owner, manager, account_of(makers))

    assert attempt.stage == "done"
    cars = list(attempt.vehicles.all())
    assert len(cars) > 3
    assert {car.fleet_id for car in cars} == {manager.fleet_id}
    assert all(car.make and car.connection.owner == owner for car in cars)


def test_a_subscribed_car_is_heard_of_and_judged(makers, manager, owner):
    walk(owner, manager, account_of(makers))
    count = Vehicle.objects.count()
    subscribing.sweep(now=timezone.now())
    until(lambda: Delivery.objects.filter(kind__contains="STATE").values("smartcar_id").distinct().count() == count)

    while inbox.sweep(now=timezone.now()):
        pass
    while review.sweep(now=timezone.now()):
        pass

    heard = Vehicle.objects.exclude(seen_at=None)
    assert heard.count() == count
    assert Gauge.objects.filter(signal="odometer").count() == count
    assert DueItem.objects.filter(vehicle__in=heard, status_since__isnull=False).count() >= 3 * count
    assert not Delivery.objects.filter(state__in=["waiting", "quarantined"]).exists()
    assert all(car.vin for car in heard)


def test_polling_ends_in_the_same_gauges_as_the_webhook(makers, manager, owner):
    walk(owner, manager, account_of(makers))
    subscribing.sweep(now=timezone.now())
    until(lambda: Delivery.objects.filter(kind__contains="STATE").count() >= Vehicle.objects.count())
    Vehicle.objects.update(poll_after=timezone.now())

    assert polling.sweep(now=timezone.now()) > 0

    polled = Vehicle.objects.exclude(polled_at=None)
    assert polled.exists()
    assert Gauge.objects.filter(vehicle__in=polled, signal="odometer").count() == polled.count()
    assert all(car.poll_after > timezone.now() + timedelta(hours=12) for car in polled)
    assert Capability.objects.filter(state="unsupported").exists()


def test_an_empty_store_is_no_health(makers, manager, owner):
    walk(owner, manager, account_of(makers))
    Vehicle.objects.update(poll_after=timezone.now())
    polling.sweep(now=timezone.now())

    assert not Gauge.objects.exists()
    assert not DueItem.objects.filter(status="ok").exists()


def test_an_owner_who_says_no_brings_nothing(makers, manager, owner):
    attempt = walk(owner, manager, account_of(makers), answer="access_denied")

    assert (attempt.stage, attempt.error) == ("failed", "access_denied")
    assert not Vehicle.objects.exists()


def test_a_state_opens_the_door_once_and_for_its_own_browser(makers, manager, owner):
    began = {"by": manager.user, "session_key": "this-browser", "now": timezone.now()}
    back = consent(connect.begin(owner, **began), account_of(makers))

    with pytest.raises(connect.BadState):
        connect.come_back(back, by=manager.user, session_key="another-browser", now=timezone.now())
    with pytest.raises(connect.BadState):
        stranger = a_member(a_fleet("Theirs")).user
        connect.come_back(back, by=stranger, session_key="this-browser", now=timezone.now())
    assert connect.come_back(back, **began).stage == "looking"
    with pytest.raises(connect.BadState):
        connect.come_back(back, **began)


def test_a_state_older_than_a_quarter_of_an_hour_is_over(makers, manager, owner):
    began = {"by": manager.user, "session_key": "this-browser", "now": timezone.now()}
    back = consent(connect.begin(owner, **began), account_of(makers))

    late = connect.come_back(back, **began | {"now": timezone.now() + timedelta(minutes=16)})
    assert (late.stage, late.error) == ("failed", "expired")


def test_a_car_that_another_fleet_holds_is_refused_without_naming_it(makers, manager, owner):
    walk(owner, manager, account_of(makers))
    other = a_member(a_fleet("Theirs"))
    theirs = Owner.objects.create(fleet=other.fleet, name="The same keys")

    attempt = walk(theirs, other, account_of(makers))

    assert (attempt.stage, attempt.error) == ("failed", "held")
    assert attempt.refused > 0
    assert not Vehicle.objects.for_fleet(other.fleet).exists()


def test_a_hint_in_the_redirect_is_not_believed(makers, manager, owner):
    began = {"by": manager.user, "session_key": "this-browser", "now": timezone.now()}
    address = connect.begin(owner, **began)
    state = dict(part.split("=") for part in address.split("?")[1].split("&"))["state"]
    connect.come_back({"state": state, "user_id": "somebody-elses-user"}, **began)
    now = timezone.now()
    for pause in [timedelta(0), *enrolment.PAUSES]:
        now += pause
        enrolment.sweep(now=now)

    attempt = ConnectAttempt.objects.get()
    assert (attempt.stage, attempt.error) == ("failed", "not_confirmed")
    assert not Vehicle.objects.exists()


def test_an_empty_bucket_stops_polling_and_loses_no_car(tmp_path, settings, manager, owner):
    with sandbox(tmp_path, settings, bucket_size=8) as makers:
        walk(owner, manager, account_of(makers))
        Vehicle.objects.update(poll_after=timezone.now())
        polling.sweep(now=timezone.now())

        assert budget.left(timezone.now()) < 5
        assert not Vehicle.objects.filter(poll_after=None).exists()
        assert polling.sweep(now=timezone.now()) == 0
