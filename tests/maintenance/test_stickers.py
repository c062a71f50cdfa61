"""Stickers to print: whose they are, what their code holds, and how many there are on a sheet."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.owners.models import Role
from maintenance.boards import stickers
from tests.scenes import a_car, a_fleet, a_member
from vehicles.models import Belonging, Group

pytestmark = pytest.mark.django_db
WHERE = "/vehicles/stickers/"


@pytest.fixture
def fleet(client):
    fleet = a_fleet()
    client.force_login(a_member(fleet, Role.VIEWER).user)
    return fleet


def named(client, **asked) -> list[str]:
    page = client.get(WHERE, asked).content.decode()
    return re.findall(r'aria-label="Code that opens ([^"]+)"', page)


def test_the_code_holds_the_public_address_of_the_vehicle_in_its_fleet(fleet, settings):
    settings.PUBLIC_ORIGIN = "https://yard.example"
    car = a_car(fleet)

    one = stickers.sticker(car)

    assert one.address == f"https://yard.example/vehicles/{car.pk}/?fleet={fleet.pk}"
    assert stickers.code(one.address) == one.code != stickers.code(one.address + "1")
    assert one.code.startswith("<svg") and "style" not in one.code


def test_the_address_on_a_sticker_opens_the_vehicle_for_who_works_for_two_fleets(client, fleet):
    user = a_member(fleet).user
    other = a_fleet("Southgate")
    other.memberships.create(user=user, role=Role.VIEWER)
    car = a_car(other, name="Van 99")
    client.force_login(user)
    client.get("/")

    answer = client.get(stickers.address(car).removeprefix("http://localhost:8000"))

    assert answer.status_code == 200 and "Van 99" in answer.content.decode()


def test_one_car_is_printed_alone_from_its_page(client, fleet):
    car, _ = a_car(fleet, name="Van 07", plate="BT 61 204"), a_car(fleet, name="Van 08")

    assert f'href="{WHERE}?car={car.pk}"' in client.get(f"/vehicles/{car.pk}/").content.decode()
    assert named(client, car=car.pk) == ["Van 07"]
    assert "BT 61 204" in client.get(WHERE, {"car": car.pk}).content.decode()


def test_a_group_and_a_search_choose_and_together_they_narrow(client, fleet):
    group = Group.objects.create(fleet=fleet, name="Depot")
    for name in ("Van 01", "Van 02", "Truck 01"):
        Belonging.objects.create(group=group, vehicle=a_car(fleet, name=name))
    a_car(fleet, name="Van 03")

    assert named(client) == ["Truck 01", "Van 01", "Van 02", "Van 03"]
    assert named(client, group=group.pk) == ["Truck 01", "Van 01", "Van 02"]
    assert named(client, q="van") == ["Van 01", "Van 02", "Van 03"]
    assert named(client, group=group.pk, q="van") == ["Van 01", "Van 02"]


def test_nothing_of_another_fleet_can_be_printed(client, fleet):
    a_car(fleet, name="Ours")
    other = a_fleet("Southgate")
    theirs, group = a_car(other, name="Theirs"), Group.objects.create(fleet=other, name="Their depot")
    Belonging.objects.create(group=group, vehicle=theirs)

    assert named(client, car=theirs.pk) == []
    assert named(client, group=group.pk) == ["Ours"]
    assert "Their depot" not in client.get(WHERE).content.decode()


def test_a_retired_car_needs_none(client, fleet):
    car = a_car(fleet)
    type(car).objects.update(retired_at=car.enrolled_at)

    assert named(client) == named(client, car=car.pk) == []
    assert "?car=" not in client.get(f"/vehicles/{car.pk}/").content.decode()


@pytest.mark.parametrize("asked", [{"car": "x"}, {"car": "9" * 30}, {"car": "²"}, {"group": "-1"}, {"page": "x"}])
def test_a_strange_address_shows_a_page(client, fleet, asked):
    assert client.get(WHERE, asked).status_code == 200


def test_a_large_fleet_is_printed_sheet_by_sheet_in_as_many_questions(client, fleet):
    def questions() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(WHERE)
        return len(seen)

    a_car(fleet, name="Van 00")
    client.get(WHERE)
    few = questions()
    for n in range(1, stickers.SHEET + 3):
        a_car(fleet, name=f"Van {n:02d}")

    assert questions() == few <= 12
    assert len(named(client)) == stickers.SHEET and named(client, page=2) == ["Van 24", "Van 25", "Van 26"]
