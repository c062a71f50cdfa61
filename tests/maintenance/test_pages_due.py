"""The due list, as it comes over the counter."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.owners.models import Role
from maintenance import review
from tests.maintenance.scenes import at_km, drive, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, codes, oil

pytestmark = pytest.mark.django_db


def signed_in(client, fleet, role=Role.MANAGER):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def an_overdue_car(fleet, **fields):
    car = a_car(fleet, **fields)
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 40_000 + 8_200)
    return car


def queries(client, where) -> int:
    client.get(where)  # the rail beside the page remembers its numbers for some seconds
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(where).status_code == 200
    return len(caught)


def test_an_overdue_item_stands_on_the_list_with_its_sum(client):
    fleet = a_fleet()
    car = an_overdue_car(fleet, name="Van 07", plate="BT 61 204")
    signed_in(client, fleet)

    page = client.get("/").content.decode()

    assert "Van 07" in page and "BT 61 204" in page
    assert "153 km over" in page
    assert f'href="/vehicles/{car.pk}/"' in page


def test_a_fleet_without_cars_is_told_what_to_do_next(client):
    fleet = a_fleet()
    signed_in(client, fleet, Role.MANAGER)
    assert "Connect an owner" in client.get("/").content.decode()

    signed_in(client, fleet, Role.VIEWER)
    page = client.get("/").content.decode()
    assert "No cars yet" in page and "/connect/" not in page


def test_a_fleet_whose_cars_were_not_looked_at_yet_waits_for_first_data(client):
    fleet = a_fleet()
    a_car(fleet)
    signed_in(client, fleet)

    page = client.get("/").content.decode()

    assert "Waiting for first data" in page and "1 car is here" in page and "No cars yet" not in page


def test_what_cannot_be_told_is_counted_and_listed_but_not_among_the_urgent(client):
    fleet = a_fleet()
    car = a_car(fleet, name="Pickup 13")
    review.review([car.pk], now=NOON)
    signed_in(client, fleet)

    assert "Pickup 13" not in client.get("/").content.decode()
    page = client.get("/?show=unknown").content.decode()
    assert "Pickup 13" in page and "Set last service" in page and "start unknown" in page


def test_a_viewer_sees_the_list_and_no_button(client):
    fleet = a_fleet()
    an_overdue_car(fleet)
    signed_in(client, fleet, Role.VIEWER)

    page = client.get("/").content.decode()

    assert "153 km over" in page
    assert "/complete/" not in page and "/connect/" not in page and "/outbox/" not in page


def test_another_fleets_cars_are_not_there(client):
    theirs = a_fleet("Theirs")
    an_overdue_car(theirs, name="Foreign 01")
    signed_in(client, a_fleet("Ours"))

    for where in ("/", "/?show=all", "/?q=foreign", "/?show=faults", "/vehicles/", "/vehicles/?q=foreign"):
        assert "Foreign 01" not in client.get(where).content.decode()


@pytest.mark.parametrize("q", ["07", "bt 61", "OIL", "bt 61 204"])
def test_search_finds_by_vehicle_plate_or_task(client, q):
    fleet = a_fleet()
    an_overdue_car(fleet, name="Van 07", plate="BT 61 204")
    signed_in(client, fleet)

    assert "153 km over" in client.get("/", {"q": q}).content.decode()


def test_a_search_that_finds_nothing_says_so_and_keeps_what_was_typed_harmless(client):
    fleet = a_fleet()
    an_overdue_car(fleet)
    signed_in(client, fleet)

    page = client.get("/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "Nothing found" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("query", ["?show=nonsense", "?page=abc", "?page=-3", "?page=99999999999", "?page=0&q=%00"])
def test_a_strange_address_shows_the_list(client, query):
    fleet = a_fleet()
    an_overdue_car(fleet)
    signed_in(client, fleet)

    assert client.get(f"/{query}").status_code == 200


def test_open_faults_have_their_own_list_with_their_meaning(client):
    fleet = a_fleet()
    car = a_car(fleet, name="Van 21")
    drive(car, codes("P0420", at=NOON - timedelta(hours=1)))
    signed_in(client, fleet)

    page = client.get("/?show=faults").content.decode()

    assert "Van 21" in page and "P0420" in page and "catalytic" in page


def test_the_pages_ask_the_same_number_of_questions_however_many_cars_there_are(client):
    fleet = a_fleet()
    signed_in(client, fleet)
    drive(an_overdue_car(fleet), codes("P0420", at=NOON))
    few = {where: queries(client, where) for where in ("/", "/?show=all", "/vehicles/", "/?show=faults", "/outbox/")}
    for _ in range(8):
        car = an_overdue_car(fleet)
        drive(car, codes("P0420", at=NOON), oil(12, at=NOON))

    many = {where: queries(client, where) for where in few}

    assert many == few
    assert max(many.values()) <= 12


def test_a_long_list_is_leafed_through(client):
    fleet = a_fleet()
    cars = [a_car(fleet, name=f"Van {n:03d}", connected=False) for n in range(60)]
    signed_in(client, fleet)

    first, second = (client.get(f"/vehicles/?page={n}").content.decode() for n in (1, 2))

    assert cars[49].name in first and cars[50].name not in first
    assert cars[50].name in second and cars[49].name not in second
    assert 'rel="next"' in first and 'rel="next"' not in second


def test_a_fleet_that_reads_miles_reads_miles(client):
    fleet = a_fleet(units="imperial")
    an_overdue_car(fleet)
    signed_in(client, fleet)

    page = client.get("/").content.decode()

    assert "mi over" in page and " km" not in page
