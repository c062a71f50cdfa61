"""The page of one vehicle, and what a manager may set on it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import review
from maintenance.models import DueItem, Notice
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import a_car, a_fleet, a_member, codes, odometer, oil
from vehicles.domain.measurements import Gap, Measurement, Snapshot, Why
from vehicles.domain.signals import Signal
from vehicles.models import Connection, Fault, Source
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def fleet():
    return a_fleet()


def sign_in(client, fleet, role=Role.MANAGER):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def shown(client, car, part: str = "") -> str:
    answer = client.get(f"/vehicles/{car.pk}/{part}")
    assert answer.status_code == 200
    return answer.content.decode()


def lacks(car, signal, why, now):
    arrival = ingest.Arrival(car.pk, Snapshot(gaps=(Gap(signal, why),)), Source.WEBHOOK, now)
    ingest.record_all([arrival], now=now)


def test_every_number_wears_its_age_and_source(client, fleet, now):
    car = a_car(fleet)
    drive(car, odometer(48_212, at=now - timedelta(hours=2)), oil(31, at=now - timedelta(days=6)), now=now)
    sign_in(client, fleet)

    page = shown(client, car)

    assert "48,212 <small>km</small>" in page and "2 h" in page and "sent by the car’s maker" in page
    assert 'class="age stale"' in page and "6 days" in page


@pytest.mark.parametrize(
    ("why", "says"),
    [(Why.UNSUPPORTED, "Not provided by this car"), (Why.NOT_PERMITTED, "Not permitted"), (None, "Waiting for first")],
)
def test_each_kind_of_nothing_has_its_own_words(client, fleet, now, why, says):
    car = a_car(fleet)
    at_km(car, 48_000, now=now)
    for signal in (Signal.OIL_LIFE, Signal.FUEL_LEVEL, Signal.BATTERY_12V, Signal.TYRE_PRESSURE):
        if why:
            lacks(car, signal, why, now)
    sign_in(client, fleet)

    assert says in shown(client, car)


def test_an_electric_car_is_not_asked_for_its_oil(client, fleet, now):
    car = a_car(fleet, powertrain="BEV")
    at_km(car, 48_000, now=now)
    sign_in(client, fleet)

    page = shown(client, car)

    assert "Oil life" not in page and "Battery charge" in page


def test_a_lost_connection_is_named_with_its_cause_and_the_next_step(client, fleet, now):
    car = a_car(fleet)
    Connection.objects.update(
        state="needs_owner", reason="CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED", state_since=now
    )
    sign_in(client, fleet)

    page = shown(client, car)

    assert "Reconnect needed" in page and "sign-in at the maker no longer works" in page and "/connect/?q=" in page
    assert "The owner goes through Connect once more." in page


def test_why_is_this_due_can_be_checked_with_a_pencil(client, fleet, now):
    car = a_car(fleet)
    item = last_done(car, km=40_000, days_ago=30)
    item.anchor_on = (now - timedelta(days=30)).date()
    item.save()
    at_km(car, 48_200, now=now)
    sign_in(client, fleet)

    page = shown(client, car)

    assert "40,000 + 8,047 (5,000 mi) = 48,047; 48,047 − 48,200" in page
    assert "153 km over" in page and "Needs the workshop: oil and filter change." in page


def test_faults_are_told_in_plain_words(client, fleet, now):
    car = a_car(fleet)
    drive(car, codes("U0121", at=now - timedelta(hours=1)), now=now)
    sign_in(client, fleet)

    page = shown(client, car)

    assert "Needs the workshop: U0121" in page and "The brake control unit does not answer" in page
    assert "U0121 reported" in shown(client, car, "history/")


def test_the_gravest_fault_stands_first(client, fleet, now):
    car = a_car(fleet)
    for hours, code in ((9, "P0420"), (5, "P0524"), (1, "P0442")):
        at = now - timedelta(hours=hours)
        Fault.objects.create(fleet=fleet, vehicle=car, code=code, opened_at=at, last_seen_at=at)
    sign_in(client, fleet)

    listed = client.get(f"/vehicles/{car.pk}/").context["open_faults"]
    assert [one.fault.code for one in listed] == ["P0524", "P0442", "P0420"]  # then the one seen last


def test_tyres_and_lights_are_drawn_and_silence_is_not_ok(client, fleet, now):
    car = a_car(fleet)
    light = Measurement(Signal.SYSTEM_MIL, {"status": "ALERT", "description": None}, measured_at=now)
    wheels = Measurement(
        Signal.TYRE_PRESSURE, {"0.0": 338.2, "0.1": 379.0, "1.0": 478.1, "1.1": 471.0}, measured_at=now
    )
    drive(car, light, wheels, now=now)
    sign_in(client, fleet)

    page = shown(client, car)

    assert "front left 338 kPa" in page and "rear right 471 kPa" in page
    assert "Engine light is on" in page and "not reported" in page


def test_a_page_has_no_inline_style_or_script(client, fleet, now):
    car = a_car(fleet)
    at_km(car, 48_000, now=now)
    sign_in(client, fleet)

    for where in ("/", "/vehicles/", f"/vehicles/{car.pk}/", f"/due/{item_of(car).pk}/complete/", "/connect/"):
        answer = client.get(where)
        page = answer.content.decode()
        assert " style=" not in page and "<style" not in page and " onclick" not in page
        assert all("src=" in tag.split(">")[0] for tag in page.split("<script")[1:])
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_manager_names_a_vehicle(client, fleet):
    car = a_car(fleet)
    sign_in(client, fleet)

    client.post(f"/vehicles/{car.pk}/edit/", {"name": "Van 99", "plate": "XX 1", "registered_on": "2021-03-04"})

    car.refresh_from_db()
    assert (car.name, car.plate, car.registered_on) == ("Van 99", "XX 1", date(2021, 3, 4))


def test_a_vehicle_without_a_name_is_refused_beside_the_field(client, fleet):
    car = a_car(fleet, name="Van 07")
    sign_in(client, fleet)

    answer = client.post(f"/vehicles/{car.pk}/edit/", {"name": "", "plate": "Kept 1"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_name_error"' in page and "Kept 1" in page and "Edit Van 07" in page


def start(item, kind, on="", km="") -> dict:
    return {f"i{item.pk}-kind": kind, f"i{item.pk}-on": on, f"i{item.pk}-odometer_km": km}


def test_saying_when_the_last_service_was_makes_the_unknown_known(client, fleet, now):
    car = a_car(fleet)
    at_km(car, 48_200, now=now)
    sign_in(client, fleet)
    items = [item_of(car, task) for task in ("oil-change", "tyre-rotation", "brake-inspection")]
    day = (now - timedelta(days=100)).date()
    sent = start(items[0], "known", day.isoformat(), "47000") | start(items[1], "today") | start(items[2], "unknown")

    answer = client.post(f"/vehicles/{car.pk}/baselines/", sent)

    assert answer.status_code == 302
    oil_change, tyres, brakes = (item_of(car, task) for task in ("oil-change", "tyre-rotation", "brake-inspection"))
    assert (oil_change.anchor, oil_change.anchor_on, oil_change.anchor_km) == ("known", day, 47_000)
    assert (tyres.anchor, tyres.anchor_km) == ("today", 48_200)
    assert brakes.status == "unknown" and oil_change.due_km == pytest.approx(47_000 + 8_046.7)


def test_a_known_service_needs_its_day(client, fleet, now):
    car = a_car(fleet)
    at_km(car, 48_200, now=now)
    sign_in(client, fleet)
    items = [item_of(car, task) for task in ("oil-change", "tyre-rotation", "brake-inspection")]
    sent = start(items[0], "known", "", "47000") | start(items[1], "unknown") | start(items[2], "known", "2999-01-01")

    answer = client.post(f"/vehicles/{car.pk}/baselines/", sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A known service needs its day." in page and "still to come" in page and 'value="47000"' in page
    assert item_of(car).anchor == "unknown"


def test_baselines_of_an_untouched_form_change_nothing(client, fleet, now):
    car = a_car(fleet)
    last_done(car, km=40_000.4, days_ago=30)
    review.review([car.pk], now=now)
    sign_in(client, fleet)
    page = client.get(f"/vehicles/{car.pk}/baselines/")
    sent = {field.html_name: field.value() or "" for form in page.context["forms"] for field in form}

    client.post(f"/vehicles/{car.pk}/baselines/", sent)

    assert item_of(car).anchor_km == 40_000.4


def test_the_outbox_shows_what_was_sent_as_it_was_sent(client, fleet, now):
    member = sign_in(client, fleet)
    Notice.objects.create(
        fleet=fleet, user=member.user, state="sent", subject="Van 07: <oil>", body="Dear <you>", sent_at=now
    )

    page = client.get("/outbox/").content.decode()

    assert "Van 07: &lt;oil&gt;" in page and "Dear &lt;you&gt;" in page


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, "This car does not tell its faults"),
        ({"status": "OK", "description": None}, "no fault is reported"),
        ({"status": "ALERT", "description": None}, "a system light is on"),
    ],
)
def test_green_is_claimed_only_of_what_the_car_tells(client, told, sentence):
    member = a_member(a_fleet())
    car = a_car(member.fleet, powertrain="BEV")
    for task in ("tyre-rotation", "brake-inspection", "cabin-filter", "brake-fluid"):
        last_done(car, task, km=40_000, days_ago=10)
    now = timezone.now()
    DueItem.objects.filter(vehicle=car).update(anchor_on=now.date())
    said = [odometer(40_500, at=now)]
    if told:
        said.append(Measurement(Signal.SYSTEM_MIL, told, now, now))
    drive(car, *said, now=now)
    client.force_login(member.user)

    assert sentence in client.get(f"/vehicles/{car.pk}/").content.decode()
