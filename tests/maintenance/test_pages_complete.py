"""Completing, with and without scripts, and taking it back."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from fleet.kit.units import MI_KM, show_distance
from fleet.owners.models import Role
from maintenance.models import Care, ServiceRecord
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import a_car, a_fleet, a_member, odometer
from vehicles.models import Vehicle
from vehicles.waist import witness

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def car(fleet, now):
    car = a_car(fleet)
    item = last_done(car, km=40_000, days_ago=30)
    item.anchor_on = (now - timedelta(days=30)).date()
    item.save()
    for km, days in ((47_900, 3), (48_000, 2), (48_200, 0)):
        at_km(car, km, now=now - timedelta(days=days))
    return car


def sign_in(client, fleet, role=Role.TECHNICIAN):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def typed(form: dict) -> dict:
    """What a browser would send of a form as it was shown."""
    return {name: form[name].value() or "" for name in ("done_on", "odometer_km", "notes", "key")}


def opened(client, car, task="oil-change"):
    where = f"/due/{item_of(car, task).pk}/complete/"
    answer = client.get(where)
    assert answer.status_code == 200
    return where, typed(answer.context["form"])


def test_the_form_comes_with_today_and_the_cars_odometer(client, fleet, car, now):
    sign_in(client, fleet)

    where, form = opened(client, car)
    page = client.get(where).content.decode()

    assert form["odometer_km"] == "48200"
    assert form["done_on"] == fleet.day(now)
    assert "From the car, 10 min ago" in page
    assert "56,247 km" in page  # 48,200 and 5,000 miles


@pytest.mark.parametrize(
    ("recurs", "severe", "next_km"), [("floating", 1, 56_246.7), ("fixed", 1, 56_093.4), ("floating", 0.5, 52_223.4)]
)
def test_the_form_promises_the_point_that_the_verdict_then_names(client, fleet, car, recurs, severe, next_km):
    sign_in(client, fleet)
    line = item_of(car).line
    line.distance_recurs = recurs
    line.save()
    Care.objects.create(fleet=fleet, vehicle=car, severe=severe)

    where, sent = opened(client, car)
    said = client.get(where).context["next"]
    client.post(where, sent)

    item = item_of(car)
    assert item.due_km == pytest.approx(next_km, abs=0.11)
    assert said[:2] == [show_distance(item.due_km, fleet.units), f"{item.due_on:%-d %b %Y}"]


def test_an_old_reading_is_shown_with_a_warning(client, fleet, now):
    car = a_car(fleet)
    at_km(car, 48_200, now=now - timedelta(days=3))
    sign_in(client, fleet)

    page = client.get(f"/due/{item_of(car).pk}/complete/").content.decode()

    assert "3 days old" in page


def test_done_without_scripts_ends_on_the_vehicle_with_a_receipt_and_an_undo(client, fleet, car):
    member = sign_in(client, fleet)
    where, form = opened(client, car)

    answer = client.post(where, form | {"notes": "Weeps a little."}, follow=True)

    page = answer.content.decode()
    record = ServiceRecord.objects.get()
    assert answer.redirect_chain == [(f"/vehicles/{car.pk}/", 302)]
    assert (record.by, record.notes, record.odometer_km) == (member.user, "Weeps a little.", 48_200)
    assert item_of(car).due_km == pytest.approx(48_200 + 8_046.7)
    assert "Oil and filter change on" in page and f"/records/{record.pk}/void/" in page


def test_done_from_the_list_ends_on_the_list(client, fleet, car):
    sign_in(client, fleet)
    where, form = opened(client, car)

    assert client.post(where, form | {"next": "/?show=overdue"})["Location"] == "/?show=overdue"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(client, fleet, car, elsewhere):
    sign_in(client, fleet)
    where, form = opened(client, car)

    assert client.post(where, form | {"next": elsewhere})["Location"] == f"/vehicles/{car.pk}/"


def test_htmx_is_told_where_to_go(client, fleet, car):
    sign_in(client, fleet)
    where, form = opened(client, car)

    answer = client.post(where, form, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/vehicles/{car.pk}/")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("done_on", "", "required"),
        ("done_on", "2999-01-01", "still to come"),
        ("odometer_km", "-4", "No odometer stands there"),
        ("odometer_km", "9000000000", "No odometer stands there"),
        ("odometer_km", "nan", "number"),
        ("odometer_km", "forty", "number"),
        ("odometer_km", "99000", "does not fit"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_what_was_typed_is_kept(client, fleet, car, field, value, says):
    sign_in(client, fleet)
    where, form = opened(client, car)

    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(where, form | {field: value, "notes": "Kept words"}, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert says in page and "Kept words" in page
        assert f'id="id_{field}_error"' in page and 'aria-invalid="true"' in page
        assert page.count(f'id_{field}_error"') == 2  # the words, and the field that points to them
        assert ("<html" in page) is not bool(headers)
    assert not ServiceRecord.objects.exists()


def test_a_double_click_is_one_completion(client, fleet, car):
    sign_in(client, fleet)
    where, form = opened(client, car)

    answers = [client.post(where, form).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert ServiceRecord.objects.count() == 1


def test_one_key_on_two_vehicles_is_two_completions(client, fleet, car, now):
    other = a_car(fleet)
    at_km(other, 20_000, now=now)
    sign_in(client, fleet)
    where, form = opened(client, car)
    there, _ = opened(client, other)

    client.post(where, form)
    assert client.post(there, form | {"odometer_km": "20000"}).status_code == 302

    assert ServiceRecord.objects.count() == 2


def test_an_empty_odometer_takes_the_nearest_reading(client, fleet, car):
    sign_in(client, fleet)
    where, form = opened(client, car)

    client.post(where, form | {"odometer_km": ""})

    assert ServiceRecord.objects.get().odometer_is_stand_in


def test_miles_are_typed_as_miles(client, now):
    fleet = a_fleet(units="imperial")
    car = a_car(fleet)
    at_km(car, 48_200, now=now)
    sign_in(client, fleet)
    where, form = opened(client, car)

    client.post(where, form | {"odometer_km": "29,951"})

    assert ServiceRecord.objects.get().odometer_km == round(29_951 * MI_KM, 1)


def test_the_dash_of_a_replaced_meter_is_offered_and_counted_on(client, fleet, car, now):
    member = sign_in(client, fleet, Role.MANAGER)
    said = witness.Said(member.user, "New cluster", now)
    witness.replace(car, begins_at=now - timedelta(minutes=8), offset_km=48_100, said=said)
    drive(car, odometer(150, at=now - timedelta(minutes=5)), now=now)

    where, form = opened(client, car)
    assert form["odometer_km"] == "150"
    client.post(where, form)

    assert ServiceRecord.objects.get().odometer_km == 48_250


def test_a_cluster_put_in_after_noon_is_the_one_that_was_read_that_day(client, fleet, now):
    member, car = sign_in(client, fleet, Role.MANAGER), a_car(fleet)
    last_done(car, km=40_000, days_ago=30)
    yesterday = fleet.day(now) - timedelta(days=1)
    at_three = datetime.combine(yesterday, time(15), tzinfo=fleet.zone)
    drive(car, odometer(48_000, at=at_three - timedelta(hours=2)), now=now)
    witness.replace(car, begins_at=at_three, offset_km=48_000, said=witness.Said(member.user, "New cluster", now))
    drive(car, odometer(150, at=now - timedelta(minutes=5)), now=now)

    where, form = opened(client, car)
    client.post(where, form | {"odometer_km": "40", "done_on": yesterday.isoformat()})

    assert ServiceRecord.objects.get().odometer_km == 48_040


def test_while_the_meter_is_in_question_the_form_leads_to_it(client, fleet, car, now):
    sign_in(client, fleet)
    Vehicle.objects.filter(pk=car.pk).update(meter_asked_at=now)
    where, form = opened(client, car)

    page = client.post(where, form).content.decode()

    assert f"/vehicles/{car.pk}/meter/answer/?next={where}" in page and "First say whether" in page
    assert not ServiceRecord.objects.exists()


def test_undo_brings_the_verdict_back(client, fleet, car):
    sign_in(client, fleet)
    where, form = opened(client, car)
    before = item_of(car).status
    client.post(where, form)

    answer = client.post(f"/records/{ServiceRecord.objects.get().pk}/void/", follow=True)

    assert "taken back" in answer.content.decode()
    assert item_of(car).status == before == "overdue"


def test_a_technician_takes_back_only_what_is_theirs(client, fleet, car):
    sign_in(client, fleet)
    where, form = opened(client, car)
    client.post(where, form)
    record = ServiceRecord.objects.get()
    sign_in(client, fleet)

    page = client.post(f"/records/{record.pk}/void/", follow=True).content.decode()

    record.refresh_from_db()
    assert record.voided_at is None
    assert "Only the person who logged it" in page and f'formaction="/records/{record.pk}/void/"' not in page


def test_a_manager_takes_back_anything(client, fleet, car):
    sign_in(client, fleet)
    where, form = opened(client, car)
    client.post(where, form)
    record = ServiceRecord.objects.get()
    sign_in(client, fleet, Role.MANAGER)

    assert f"/records/{record.pk}/void/" in client.get(f"/vehicles/{car.pk}/").content.decode()
    client.post(f"/records/{record.pk}/void/")

    record.refresh_from_db()
    assert record.voided_at is not None


def test_a_retired_vehicle_is_off_the_list(client, fleet, car, now):
    sign_in(client, fleet)
    Vehicle.objects.filter(pk=car.pk).update(retired_at=now)

    assert car.name not in client.get("/?show=all").content.decode()


def test_nothing_is_logged_on_a_retired_vehicle(client, fleet, car, now):
    sign_in(client, fleet)
    where, sent = opened(client, car)
    Vehicle.objects.filter(pk=car.pk).update(retired_at=now)

    assert client.get(where).status_code == client.post(where, sent).status_code == 404
    assert not ServiceRecord.objects.exists()
