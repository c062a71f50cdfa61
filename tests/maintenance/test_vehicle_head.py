"""The head of a vehicle's page: its connection, its groups, the orders at hand, and what can be done with it."""

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from maintenance.models import OrderLine, WorkOrder
from tests.maintenance.scenes import at_km, item_of
from tests.scenes import NOON, a_car, a_fleet, a_member, unique
from vehicles.models import Belonging, Connection, Group, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


def shown(client, car, role=Role.MANAGER, member=None) -> str:
    client.force_login((member or a_member(car.fleet, role)).user)
    return client.get(f"/vehicles/{car.pk}/").content.decode()


def an_order(car, number: int, *, outcome: str = "", **fields) -> WorkOrder:
    about = {"created_by": "Ana", "created_at": NOON, "key": unique("form")}
    order = WorkOrder.objects.create(fleet=car.fleet, vehicle=car, number=number, **about | fields)
    OrderLine.objects.create(order=order, title="Look at the door", outcome=outcome)
    return order


def test_a_connected_car_says_through_whom_and_since_when(client, fleet):
    car = a_car(fleet)
    at_km(car, 48_000, now=timezone.now())
    Vehicle.objects.filter(pk=car.pk).update(rhythm_minutes=180)

    page = shown(client, car)

    assert "through Halifax Leasing · since 7 Apr 2025 · usually speaks every 3 h" in page


def test_a_lost_one_says_the_cause_and_since_when_in_the_same_line(client, fleet):
    car = a_car(fleet)
    Connection.objects.update(
        state="needs_owner", reason="CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED", state_since=NOON
    )
    line = shown(client, car).split("Reconnect needed", 1)[1].split("</div>")[0]

    assert "sign-in at the maker no longer works" in line and "since 12 May 2026" in line


def test_groups_lead_to_their_pages(client, fleet):
    car = a_car(fleet)
    group, other = (Group.objects.create(fleet=fleet, name=name) for name in ("Depot", "Reserve"))
    Belonging.objects.create(group=group, vehicle=car)

    page = shown(client, car, Role.VIEWER)

    assert f'href="/plans/groups/{group.pk}/">Depot</a>' in page and other.name not in page


def test_orders_at_hand_stand_beside_the_connection_even_if_their_jobs_are_of_no_item(client, fleet):
    car = a_car(fleet)
    order, over = an_order(car, 1_041, state="working"), an_order(car, 1_042, state="done", outcome="done")
    an_order(a_car(fleet), 1_043)

    page = shown(client, car, Role.VIEWER)

    assert f'href="/orders/{order.pk}/">{order.called}</a>' in page and "in progress" in page
    assert over.called not in page and "WO-1043" not in page


def test_a_technician_is_told_of_anothers_order_and_not_led_there(client, fleet):
    car = a_car(fleet)
    order = an_order(car, 1_041, assignee=a_member(fleet, Role.TECHNICIAN).user)

    page = shown(client, car, Role.TECHNICIAN)

    assert order.called in page and f'href="/orders/{order.pk}/"' not in page


def test_the_order_of_an_item_still_stands_beside_it(client, fleet):
    car = a_car(fleet)
    at_km(car, 48_000, now=timezone.now())
    order = an_order(car, 1_041)
    order.lines.update(item=item_of(car))

    assert f'id="wo-item-{item_of(car).pk}" href="/orders/{order.pk}/"' in shown(client, car)


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        (Role.MANAGER, {"edit", "retire", "baselines", "care", "type", "order"}),
        (Role.TECHNICIAN, {"type", "order"}),
        (Role.VIEWER, set()),
    ],
)
def test_everybody_is_offered_what_they_may_do_and_each_of_it_opens(client, fleet, role, acts):
    car = a_car(fleet)
    where = {name: f"/vehicles/{car.pk}/{name}/" for name in ("edit", "retire", "baselines", "care")}
    where |= {"type": f"/vehicles/{car.pk}/meter/type/", "order": f"/orders/new/?vehicle={car.pk}"}

    page = shown(client, car, role)

    assert {name for name, address in where.items() if f'href="{address}"' in page} == acts
    assert all(client.get(where[name]).status_code == 200 for name in acts)


def test_a_retired_car_is_not_offered_an_order_or_to_be_retired(client, fleet):
    car = a_car(fleet)
    Vehicle.objects.filter(pk=car.pk).update(retired_at=NOON)

    page = shown(client, car)

    assert "New order" not in page and "/retire/" not in page and f"/vehicles/{car.pk}/edit/" in page
