"""A new order that nobody has said the vehicle of yet."""

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from tests.scenes import a_car, a_fleet, a_member

pytestmark = pytest.mark.django_db
NEW = "/orders/new/"


@pytest.fixture
def fleet(client):
    fleet = a_fleet()
    client.force_login(a_member(fleet, Role.TECHNICIAN).user)
    return fleet


def shown(client, **query) -> str:
    answer = client.get(NEW, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_vehicle_is_found_and_chosen(client, fleet):
    van, bus = a_car(fleet, name="Van 07"), a_car(fleet, name="Bus 02", plate="BT 61 204")
    a_car(a_fleet("Theirs"), name="Van of others")

    assert f'href="?vehicle={van.pk}"' in shown(client) and f'href="?vehicle={bus.pk}"' in shown(client)
    page = shown(client, q="van")
    assert f'href="?vehicle={van.pk}"' in page and "Bus 02" not in page and "Van of others" not in page
    assert "Nothing found" in shown(client, q="zeppelin")
    assert "Jobs of this visit" in shown(client, vehicle=van.pk)


def test_a_retired_car_and_a_foreign_one_are_not_to_be_chosen(client, fleet):
    a_car(fleet, name="Old van", retired_at=timezone.now())
    theirs = a_car(a_fleet("Theirs"), name="Van of others")

    assert "No vehicle yet" in shown(client)
    assert "Jobs of this visit" not in shown(client, vehicle=theirs.pk)


def test_of_many_the_first_are_shown_and_the_others_are_found(client, fleet):
    for place in range(25):
        a_car(fleet, name=f"Van {place:02}")

    page = shown(client)
    assert "Van 19" in page and "Van 20" not in page and "Say more of it" in page
    assert "Van 24" in shown(client, q="24") and "Say more of it" not in shown(client, q="24")


@pytest.mark.parametrize("where", ["/", "/orders/"])
def test_an_order_begins_where_one_looks_at_work(client, fleet, where):
    assert f'href="{NEW}"' in client.get(where).content.decode()
    client.force_login(a_member(fleet, Role.VIEWER).user)
    assert f'href="{NEW}"' not in client.get(where).content.decode()
