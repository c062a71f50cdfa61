"""A fleet that still consents by v2.0: code, grant, cars, signals, over HTTP."""

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from fleet.kit import sealing
from fleet.owners.models import Owner
from tests.flows.makers import consent, sandbox
from tests.flows.walking import account_of, beginning, command, ended, walk
from tests.scenes import a_fleet, a_member
from vehicles.consent import connect, enrolment
from vehicles.line import gateway, grants
from vehicles.models import ConnectAttempt, Connection, Grant, Terms, Vehicle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager():
    member = a_member(a_fleet())
    Terms.objects.create(fleet=member.fleet, generation="v2")
    return member


@pytest.fixture
def owner(manager):
    return Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")


@pytest.fixture
def makers(tmp_path, settings):
    with sandbox(tmp_path, settings) as origin:
        yield origin


def test_the_cars_of_a_v2_consent_come_into_the_fleet_on_one_grant(makers, manager, owner):
    attempt = walk(owner, manager, account_of(makers))

    assert (attempt.stage, attempt.error) == ("done", "")
    cars = list(attempt.vehicles.select_related("connection__grant"))
    grant = Grant.objects.get()
    assert len(cars) > 3
    assert {(car.connection.generation, car.connection.grant) for car in cars} == {("v2", grant)}
    assert {car.connection.user_id for car in cars} == {grant.user_id}
    assert all(car.make and car.connection.smartcar_id == car.smartcar_id for car in cars)
    assert all("read_odometer" in car.connection.permissions for car in cars)


def test_the_code_is_sealed_until_a_worker_has_traded_it(makers, manager, owner):
    began = beginning(manager)
    back = consent(connect.begin(owner, **began), account_of(makers))
    connect.come_back(back, **began)
    kept = ConnectAttempt.objects.get()

    assert back["code"] not in kept.code and sealing.unseal(kept.code) == back["code"]
    assert not Grant.objects.exists()  # the browser's request traded nothing

    assert ended(kept).code == ""


def test_a_v2_car_is_read_over_its_line(makers, manager, owner):
    walk(owner, manager, account_of(makers))
    car = Vehicle.objects.select_related("connection__grant").first()

    snapshot = gateway.line(car.connection).read(car.smartcar_id, timezone.now())

    assert {"odometer", "vin"} <= {measurement.signal for measurement in snapshot.measurements}


def test_reading_goes_on_when_the_tokens_have_run_out(makers, manager, owner):
    walk(owner, manager, account_of(makers))
    Grant.objects.update(access_until=timezone.now() - timedelta(days=1))
    car = Vehicle.objects.select_related("connection__grant").first()

    assert gateway.line(car.connection).read(car.smartcar_id, timezone.now()).measurements
    assert Grant.objects.get().version == 2


def test_a_code_counts_once_at_smartcar_too(makers, manager, owner):
    began = beginning(manager)
    back = consent(connect.begin(owner, **began), account_of(makers))
    attempt = connect.come_back(back, **began)
    sealed = attempt.code
    ended(attempt)
    again = connect.begin(owner, **began).partition("state=")[2].partition("&")[0]

    spent = ended(connect.come_back({"state": again, "code": sealing.unseal(sealed)}, **began))

    assert (spent.stage, spent.error, spent.code) == ("failed", "code_refused", "")
    assert Grant.objects.count() == 1


def test_a_yes_without_a_code_is_none(makers, manager, owner):
    began = beginning(manager)
    state = connect.begin(owner, **began).partition("state=")[2].partition("&")[0]

    attempt = connect.come_back({"state": state, "user_id": "somebody"}, **began)

    assert (attempt.stage, attempt.error) == ("failed", "no_code")


def test_a_grant_outlives_a_list_that_cannot_be_read(makers, manager, owner):
    began = beginning(manager)
    attempt = connect.come_back(consent(connect.begin(owner, **began), account_of(makers)), **began)
    command(makers, "hosts", outage="503", down=["api"])
    enrolment.sweep(now=timezone.now())
    attempt.refresh_from_db()
    assert (attempt.stage, attempt.code) == ("looking", "") and attempt.grant is not None

    command(makers, "hosts", outage="")

    assert ended(attempt).stage == "done"
    assert Grant.objects.count() == 1


def test_a_car_that_another_fleet_holds_is_refused_without_naming_it(makers, manager, owner):
    walk(owner, manager, account_of(makers))
    other = a_member(a_fleet("Theirs"))
    Terms.objects.create(fleet=other.fleet, generation="v2")
    theirs = Owner.objects.create(fleet=other.fleet, name="The same keys")

    attempt = walk(theirs, other, account_of(makers))

    assert (attempt.stage, attempt.error) == ("failed", "held")
    assert not Connection.objects.for_fleet(other.fleet).exists()
    grants.sweep(now=timezone.now() + timedelta(days=2))
    assert [grant.fleet for grant in Grant.objects.all()] == [manager.fleet]  # nothing of theirs is kept


def test_a_second_walk_renews_the_rows_and_drops_the_old_grant(makers, manager, owner):
    walk(owner, manager, account_of(makers))
    before = set(Connection.objects.values_list("pk", flat=True))
    old = Grant.objects.get()

    walk(owner, manager, account_of(makers))

    assert set(Connection.objects.values_list("pk", flat=True)) == before
    grants.drop_unused(now=timezone.now() + timedelta(days=2))
    assert Grant.objects.get() != old


def test_an_owner_who_consents_by_v3_takes_the_rows_along(makers, manager, owner):
    walk(owner, manager, account_of(makers))
    cars, rows = Vehicle.objects.count(), Connection.objects.count()
    Terms.objects.update(generation="v3")

    walk(owner, manager, account_of(makers))

    assert (Vehicle.objects.count(), Connection.objects.count()) == (cars, rows)
    assert set(Connection.objects.values_list("generation", flat=True)) == {"v3"}
    connections.close_all()


def test_without_the_legacy_secret_a_fleet_consents_by_v3(makers, manager, owner, settings):
    settings.SMARTCAR_LEGACY_CLIENT_SECRET = ""

    assert "response_type=none" in connect.begin(owner, **beginning(manager))
