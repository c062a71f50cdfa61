"""The pages of thresholds: who is past each, and what a manager may set."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import workshop
from maintenance.models import Alert, Breach, Threshold, WorkOrder
from maintenance.watching import folding
from tests.maintenance.scenes import last_done
from tests.scenes import a_car, a_fleet, a_member
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import Source
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
GOOD = {
    "name": "12 V weak",
    "subject": "battery_12v:",
    "side": "below",
    "opens_at": "40",
    "closes_at": "55",
    "minutes": "0",
    "level": "warning",
    "reason": "Cold mornings",
}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def fleet(now):
    fleet = a_fleet()
    Threshold.objects.create(
        fleet=fleet, name="Old", signal="fuel_level", opens_at=1, closes_at=2, retired_at=now, fold_after=None
    )
    return fleet


def sign_in(client, fleet, role=Role.MANAGER):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def tell(car, signal, value, now):
    measurement = Measurement(signal, value, measured_at=now - timedelta(hours=1), fetched_at=now)
    ingest.record(car, [measurement], source=Source.WEBHOOK, now=now)


def weak(car, percent, now):
    tell(car, Signal.BATTERY_12V, percent, now)


def test_a_car_past_a_threshold_leads_to_an_order_that_says_so(client, fleet, now):
    car = a_car(fleet, name="Van 31")
    weak(car, 31, now)
    sign_in(client, fleet)
    client.post("/thresholds/new/", GOOD)
    alert = Alert.objects.open().get(kind="threshold")
    link = f"/orders/new/?alert={alert.pk}"
    assert link in client.get(f"/vehicles/{car.pk}/").content.decode()

    offered = client.get(link).content.decode()
    assert "12 V weak: 12 V battery charge at 31 %" in offered and f"threshold-{alert.subject}" not in offered
    client.post("/orders/new/", {"alert": alert.pk, "priority": "normal", "key": "one-form"})
    order = WorkOrder.objects.for_fleet(fleet).get()
    page = client.get(f"/vehicles/{car.pk}/").content.decode()
    assert link not in page and f"/orders/{order.pk}/" in page
    assert client.get(link).headers["location"] == f"/orders/{order.pk}/", "one open order is enough"


def test_a_manager_makes_a_threshold_and_sees_who_is_past_it(client, fleet, now):
    low, fine = a_car(fleet, name="Van 31"), a_car(fleet, name="Van 32")
    weak(low, 31, now)
    weak(fine, 88, now)
    member = sign_in(client, fleet)

    answer = client.post("/thresholds/new/", GOOD, follow=True)

    page = answer.content.decode()
    rule = Threshold.objects.standing().get()
    assert (rule.opens_at, rule.closes_at, rule.reason, rule.by_name) == (40, 55, "Cold mornings", str(member.user))
    assert "Van 31" in page and "12 V battery charge at 31 %" in page and "Van 32" not in page
    assert "1 car" in client.get("/thresholds/").content.decode()


def test_a_preview_counts_the_cars_and_saves_nothing(client, fleet, now):
    for percent in (31, 38, 88):
        weak(a_car(fleet), percent, now)
    a_car(fleet)
    sign_in(client, fleet)

    page = client.post("/thresholds/new/", GOOD | {"act": "preview"}).content.decode()

    assert "2 cars would be past it now" in page and "3 of 4 cars tell this signal" in page
    assert not Threshold.objects.standing().exists() and not Breach.objects.exists()


@pytest.mark.parametrize(
    ("typed", "where", "says"),
    [
        ({"closes_at": "35"}, "closes_at", "must be higher than the value that opens it"),
        ({"closes_at": "40"}, "closes_at", "must be higher than the value that opens it"),
        ({"side": "above", "closes_at": "55"}, "closes_at", "must be lower than the value that opens it"),
        ({"opens_at": "140", "closes_at": "150"}, "opens_at", "it lies between 0 % and 100 %"),
        ({"opens_at": "a lot"}, "opens_at", "Enter a number."),
        ({"minutes": "-5"}, "minutes", "greater than or equal to 0"),
        ({"subject": "vin:"}, "subject", "Select a valid choice"),
        ({"program": "999999"}, "program", "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, fleet, typed, where, says):
    sign_in(client, fleet)

    answer = client.post("/thresholds/new/", GOOD | typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page.split(f'id="id_{where}_error"')[1].split("</div>")[0]
    assert not Threshold.objects.standing().exists()


def test_a_fleet_in_miles_and_psi_types_psi(client, now):
    fleet = a_fleet(units="imperial")
    car = a_car(fleet)
    tell(car, Signal.TYRE_PRESSURE, {"0.0": 171.0, "0.1": 232.0}, now)
    sign_in(client, fleet)
    tyres = {"subject": "tyre_pressure:front", "opens_at": "26", "closes_at": "29", "name": "Front low"}

    page = client.post("/thresholds/new/", GOOD | tyres, follow=True).content.decode()

    rule = Threshold.objects.get(name="Front low")
    assert (rule.opens_at, rule.closes_at) == (179.3, 199.9)
    assert "24.8 psi" in page and 'value="26"' in page and "Tyre pressure, front axle (psi)" in page
    client.post(f"/thresholds/{rule.pk}/", GOOD | tyres | {"minutes": "5"})
    rule.refresh_from_db()
    assert (rule.opens_at, rule.closes_at, rule.minutes) == (179.3, 199.9, 5)


def test_an_edit_folds_anew_and_keeps_who_and_when(client, fleet, now):
    car = a_car(fleet)
    weak(car, 45, now)
    member = sign_in(client, fleet)
    client.post("/thresholds/new/", GOOD)
    rule = Threshold.objects.standing().get()
    assert not Breach.objects.open().exists()

    client.post(f"/thresholds/{rule.pk}/", GOOD | {"opens_at": "50"})

    rule.refresh_from_db()
    assert rule.edited_by == str(member.user) and rule.edited_at is not None
    assert Breach.objects.open().get().vehicle == car and Alert.objects.open().count() == 1
    client.post(f"/thresholds/{rule.pk}/", GOOD | {"opens_at": "30", "closes_at": "40"})
    assert not Breach.objects.open().exists() and not Alert.objects.open().exists()


def test_retiring_closes_its_alerts_and_says_who(client, fleet, now):
    weak(a_car(fleet), 31, now)
    member = sign_in(client, fleet)
    client.post("/thresholds/new/", GOOD)
    rule = Threshold.objects.standing().get()

    page = client.post(f"/thresholds/{rule.pk}/retire/", follow=True).content.decode()

    assert f"12 V weak, retired by {member.user}" in page
    assert not Alert.objects.open().exists()
    client.post(f"/thresholds/{rule.pk}/", GOOD | {"opens_at": "20"})
    rule.refresh_from_db()
    assert rule.opens_at == 40


def test_the_list_costs_the_same_however_many_cars_are_past(client, fleet, now):
    sign_in(client, fleet)
    client.post("/thresholds/new/", GOOD)
    rule = Threshold.objects.standing().get()

    def asked(where) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(where).status_code == 200
        return len(caught)

    wheres = ("/thresholds/", f"/thresholds/{rule.pk}/", "/thresholds/new/")
    few = [asked(where) for where in wheres]
    for _ in range(8):
        weak(a_car(fleet), 20, now)
    folding.fold_rule(rule, now=now)

    assert [asked(where) for where in wheres] == few
    assert max(few) <= 12 and Breach.objects.open().count() == 8


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.VIEWER])
def test_thresholds_are_the_managers(client, fleet, role):
    sign_in(client, fleet, role)

    assert client.get("/thresholds/").status_code == 403


def test_whoever_works_on_a_car_sees_what_it_is_past_and_logging_closes_nothing(client, fleet, now):
    car = a_car(fleet)
    Threshold.objects.create(
        fleet=fleet,
        name="12 V weak",
        signal=Signal.BATTERY_12V,
        opens_at=40,
        closes_at=55,
        level="warning",
        counts_from=now - timedelta(days=60),
        fold_after=now,
    )
    weak = Measurement(Signal.BATTERY_12V, 31, measured_at=now - timedelta(hours=1), fetched_at=now)
    ingest.record(car, [weak], source=Source.WEBHOOK, now=now)
    folding.sweep(now=now)
    member = sign_in(client, fleet, Role.TECHNICIAN)
    item = last_done(car, km=40_000, days_ago=120)
    order = WorkOrder.objects.create(fleet=fleet, vehicle=car, number=900, key="k900", created_at=now)

    for where in (f"/due/{item.pk}/complete/", f"/orders/{order.pk}/"):
        page = client.get(where).content.decode()
        assert "Also past a threshold" in page and "12 V weak" in page, where

    workshop.complete(
        item, by=member.user, done_on=fleet.day(now), odometer_km=None, notes="", key="one", now=timezone.now()
    )
    assert Breach.objects.open().filter(vehicle=car).exists()
    assert Alert.objects.open().filter(vehicle=car, kind=Alert.Kind.THRESHOLD).exists()
