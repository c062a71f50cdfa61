"""Find or do: what a word leads to, for whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fleet.owners.models import Role
from maintenance.boards import find
from maintenance.models import WorkOrder
from tests.scenes import NOON, PASSWORD, a_car, a_fleet, a_member, unique
from vehicles.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


def an_order(car, number: int, **fields) -> WorkOrder:
    more = {"key": unique("o"), "created_by": "A", "created_at": NOON} | fields
    return WorkOrder.objects.create(fleet=car.fleet, vehicle=car, number=number, **more)


def told(fleet, q: str, role=Role.MANAGER) -> dict[str, str]:
    """What was found, with where it leads."""
    return {one.text: one.href for one in find.board(a_member(fleet, role), q)["found"]}


def test_a_vehicle_is_found_by_name_plate_and_the_end_of_its_vin(fleet):
    car = a_car(fleet, name="Van 07", plate="BT 61 204", vin="1FTBW2CM5LKA81532")
    a_car(fleet, name="Pickup 01", vin="1FTBW2CM5LKA11111")

    for q in ("van", "VAN 07", "61 204", "a81532", "1532"):
        assert told(fleet, q).get("Van 07") == f"/vehicles/{car.pk}/", q
        assert "Pickup 01" not in told(fleet, q)
    assert "Van 07" not in told(fleet, "532")  # too little of a VIN to go by


def test_an_order_is_found_by_its_number_by_those_who_may_see_it(fleet):
    hand = a_member(fleet, Role.TECHNICIAN)
    order = an_order(a_car(fleet), 1042, assignee=hand.user)

    for q in ("1042", "WO-1042", "wo 1042"):
        assert told(fleet, q)["WO-1042"] == f"/orders/{order.pk}/"
    assert "WO-1042" not in told(fleet, "1042", Role.TECHNICIAN)  # another one's
    assert "WO-1042" not in told(fleet, "104")


def test_tasks_groups_and_pages_are_found_too(fleet):
    group = Group.objects.create(fleet=fleet, name="Depot West")

    assert told(fleet, "depot")["Depot West"] == f"/plans/groups/{group.pk}/"
    assert "Oil and filter change" in told(fleet, "oil")
    assert told(fleet, "hit rate")["How forecasts held"] == "/forecast/"


def test_what_can_be_done_is_offered_beside_where_one_can_go(fleet):
    assert told(fleet, "csv")["Save the due list as a file"] == "/due.csv"
    assert told(fleet, "invite")["Ask somebody to join"] == "/settings/people/#invite"
    assert "Ask somebody to join" not in told(fleet, "invite", Role.TECHNICIAN)


def test_of_a_vehicle_that_is_plainly_meant_its_acts_are_offered(fleet):
    car = a_car(fleet, name="Van 07")
    found = told(fleet, "van 07")
    assert found["Write a work order for Van 07"] == f"/orders/new/?vehicle={car.pk}"
    assert found["Type a reading of Van 07"] == f"/vehicles/{car.pk}/meter/type/"
    assert list(told(fleet, "van 07", Role.VIEWER)) == ["Van 07", "Print the sticker of Van 07"]

    for n in range(find.FEW):
        a_car(fleet, name=f"Van 07 {n}")
    assert "Write a work order for Van 07" not in told(fleet, "van 07")


def test_nothing_of_another_fleet_is_found(fleet):
    theirs = a_fleet("Theirs")
    an_order(a_car(theirs, name="Foreign 01", plate="XX 1"), 77)
    Group.objects.create(fleet=theirs, name="Foreign depot")

    for q in ("foreign", "xx 1", "77", "depot"):
        assert not [text for text in told(fleet, q) if "Foreign" in text or text == "WO-77"]


def test_everybody_is_offered_what_they_may_open_and_no_more(client, fleet):
    for role in Role:
        member = a_member(fleet, role, password=PASSWORD)
        client.force_login(member.user)
        for one in find.acts(member, ""):
            assert client.get(one.href).status_code == 200, (role, one.href)
    assert "Outbox" not in told(fleet, "outbox", Role.VIEWER)


def test_the_palette_gets_options_and_the_page_works_alone(client, fleet):
    a_car(fleet, name="<b>Van</b>")
    client.force_login(a_member(fleet).user)

    part = client.get("/find/", {"q": "van"}, headers={"HX-Request": "true"}).content.decode()
    page = client.get("/find/", {"q": "van"}).content.decode()

    assert "<html" not in part and part.count('role="option"') == 1 + len(find.ON_VEHICLE) and "&lt;b&gt;Van" in part
    assert "<html" in page and "&lt;b&gt;Van" in page
    assert "Nothing here is called" in client.get("/find/", {"q": "zeppelin"}).content.decode()


def test_it_asks_few_questions(client, fleet):
    for n in range(30):
        an_order(a_car(fleet, name=f"Van {n}"), n + 1)
    client.force_login(a_member(fleet).user)
    client.get("/find/")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/find/", {"q": "1"}, headers={"HX-Request": "true"})
    assert answer.content.decode().count('role="option"') <= 20
    assert len(queries) <= 3 + 4  # who asks, and one a kind


def test_every_address_that_is_offered_exists():
    assert all(reverse(where) for _, _, where, _, _ in find.ACTS)
    assert all(reverse(where) for _, _, where, *_ in find.DOES)
