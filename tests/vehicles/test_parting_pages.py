"""Letting go by hand: asked once more, then done at once."""

import pytest

from fleet.owners.models import Role, User
from tests.scenes import a_car, a_fleet, a_member
from vehicles.consent import parting
from vehicles.models import Parting, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return a_car(a_fleet(), name="Van 07")


@pytest.fixture
def manager(client, car):
    member = a_member(car.fleet, Role.MANAGER)
    client.force_login(member.user)
    return member


def test_it_is_asked_before_anything_is_given_back(client, manager, car):
    page = client.get(f"/connect/{car.connection_id}/part/").content.decode()

    assert "Van 07" in page
    assert not Parting.objects.exists()


def test_disconnecting_is_done_here_and_begun_there(client, manager, car):
    answer = client.post(f"/connect/{car.connection_id}/part/", follow=True)

    assert "Van 07 is disconnected" in answer.content.decode()
    car.refresh_from_db()
    assert car.connection.state == "disconnected"
    assert set(Parting.objects.values_list("what", flat=True)) == {"unsubscribe", "disconnect"}


def test_a_second_click_begins_nothing_new(client, manager, car):
    for _ in range(2):
        client.post(f"/connect/{car.connection_id}/part/")

    assert Parting.objects.count() == 2
    assert "over already" in client.get(f"/connect/{car.connection_id}/part/").content.decode()


def test_a_retired_vehicle_leaves_the_list_and_frees_its_name(client, manager, car):
    smartcar_id = car.smartcar_id

    page = client.post(f"/vehicles/{car.pk}/retire/", follow=True).content.decode()

    assert "Van 07 is retired" in page
    car.refresh_from_db()
    assert car.retired_at is not None
    assert (car.smartcar_id, car.connection.smartcar_id) == (None, smartcar_id)
    assert "retired already" in client.get(f"/vehicles/{car.pk}/retire/").content.decode()


def test_a_car_without_connection_retires_as_well(client, manager, car):
    lone = a_car(car.fleet, connected=False, name="Van 08")

    client.post(f"/vehicles/{lone.pk}/retire/")

    assert not Vehicle.objects.active().filter(pk=lone.pk).exists()
    assert not Parting.objects.exists()


def test_the_operator_may_retire_several(client, car):
    client.force_login(User.objects.create_superuser("admin@fettle.example", "x"))
    other = a_car(car.fleet)

    client.post("/admin/vehicles/vehicle/", {"action": "retire", "_selected_action": [car.pk, other.pk]})

    assert not Vehicle.objects.active().exists()
    assert parting.retire(car, now=car.enrolled_at) is False
