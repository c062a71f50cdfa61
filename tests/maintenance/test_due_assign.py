"""Assigning from the due list: what has an order changes hands, the rest gets one."""

import re

import pytest

from fleet.owners.models import Role
from maintenance.models import WorkOrder
from tests.maintenance.scenes import item_of
from tests.maintenance.test_due_views import an_order, an_overdue_car
from tests.scenes import a_fleet, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def rob(fleet):
    return a_member(fleet, Role.TECHNICIAN).user


def sign_in(client, fleet, role=Role.MANAGER):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def assign(client, items, to, **said):
    asked = client.get("/due/many/", {"act": "assign", "item": items})
    key = re.search(r'name="key" value="([^"]+)"', asked.content.decode())[1]
    form = {"act": "assign", "item": items, "assignee": to, "next": "/", "key": key}
    return client.post("/due/many/", form | said, follow=True)


def test_a_job_without_an_order_gets_one_with_its_technician(client, fleet, rob):
    car = an_overdue_car(fleet)
    sign_in(client, fleet)
    assert f"/due/many/?act=assign&amp;item={item_of(car).pk}&amp;next=/" in client.get("/").content.decode()

    page = assign(client, [item_of(car).pk], rob.pk).content.decode()

    [order] = WorkOrder.objects.all()
    assert order.assignee == rob and order.lines.get().item == item_of(car)
    assert f"{order.called} is with {rob} now." in page
    assert "act=assign&amp;item" not in page  # it has somebody


def test_open_orders_change_hands_and_the_rest_gets_new_ones(client, fleet, rob):
    held, free = an_overdue_car(fleet, name="Van 01"), an_overdue_car(fleet, name="Van 02")
    sign_in(client, fleet)
    order = an_order(held)
    items = [item_of(held).pk, item_of(free).pk]

    page = assign(client, items, rob.pk).content.decode()

    order.refresh_from_db()
    assert order.assignee == rob and order.steps.get().what == "assigned"
    other = WorkOrder.objects.exclude(pk=order.pk).get()
    assert other.assignee == rob and other.vehicle == free
    assert f"{order.called} and {other.called} are with {rob} now." in page


def test_sent_twice_it_is_one_order(client, fleet, rob):
    car = an_overdue_car(fleet)
    sign_in(client, fleet)
    for _ in range(2):
        assign(client, [item_of(car).pk], rob.pk, key="the-same")

    assert WorkOrder.objects.count() == 1


def test_a_poor_choice_gives_nothing_away(client, fleet, rob):
    first, second = an_overdue_car(fleet, name="Van 01"), an_overdue_car(fleet, name="Van 02")
    sign_in(client, fleet)
    orders = [an_order(first, 1), an_order(second, 2)]
    stranger = a_member(a_fleet("Theirs"), Role.TECHNICIAN).user

    for to, words in (("", "required"), (stranger.pk, "not one of the available choices"), ("x", "not one of the")):
        answer = assign(client, [item_of(first).pk, item_of(second).pk], to)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert [WorkOrder.objects.get(pk=order.pk).assignee for order in orders] == [None, None]


def test_only_a_manager_assigns(client, fleet, rob):
    car = an_overdue_car(fleet)
    sign_in(client, fleet, Role.TECHNICIAN)

    assert "act=assign" not in client.get("/").content.decode()
    assert 'value="assign"' not in client.get("/").content.decode()
    assert client.get("/due/many/", {"act": "assign", "item": item_of(car).pk}).status_code == 403
