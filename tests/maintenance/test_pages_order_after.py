"""After “done” on a sheet: when the job is due again, and what the car is watched for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maintenance import workshop
from maintenance.models import OrderLine, ServiceRecord, WorkOrder
from tests.maintenance.scenes import at_km, drive, last_done
from tests.maintenance.test_pages_orders import act, sign_in, write
from tests.scenes import a_car, a_fleet, codes, oil
from vehicles.models import Fault

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
    at_km(car, 48_200, now=now)
    drive(car, oil(12, at=now - timedelta(hours=2)), now=now - timedelta(hours=2))
    return car


@pytest.fixture
def order(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    act(client, order, "start")
    return order


def next_of(sheet) -> str:
    """The words of the section, or nothing."""
    page = " ".join(sheet.content.decode().split())
    return page.split("What happens next")[1].split("</section>")[0] if "What happens next" in page else ""


@pytest.mark.parametrize("outcome", ["done", "fine"])
def test_the_receipt_says_what_the_car_is_watched_for_and_until_when(client, fleet, order, now, outcome):
    until = f"until {(now + timedelta(days=14)).astimezone(fleet.zone):%-d %B}."
    sheet = act(client, order, "finish", **{f"o-{order.lines.get().pk}": outcome})

    told = [str(message) for message in sheet.context["messages"]]
    assert told == [f"WO-1001: Done. The car is watched for its oil life to rise, {until}"]
    assert until in next_of(sheet)
    assert "is next due at" in next_of(sheet)
    assert "whichever comes first" in next_of(sheet)


def test_a_code_that_was_called_fixed_is_watched_too(client, car, order, now):
    drive(car, codes("P0301", at=now - timedelta(hours=1)), now=now)
    OrderLine.objects.filter(order=order).update(item=None, task=None, fault=Fault.objects.get(), code="P0301")
    sheet = act(client, order, "finish", **{f"o-{order.lines.get().pk}": "done"})
    assert "watched for P0301 to be gone in two reads, until" in str(list(sheet.context["messages"])[0])
    assert "watched for P0301" in next_of(sheet)


def test_of_what_was_not_done_nothing_follows(client, order):
    assert not next_of(client.get(f"/orders/{order.pk}/"))
    sheet = act(client, order, "finish", **{f"o-{order.lines.get().pk}": "dropped"})
    assert [str(message) for message in sheet.context["messages"]] == ["WO-1001: Done."]
    assert not next_of(sheet)


def test_what_was_taken_back_or_long_ago_promises_nothing(client, order, now):
    act(client, order, "finish", **{f"o-{order.lines.get().pk}": "done"})
    where = f"/orders/{order.pk}/"
    assert next_of(client.get(where))
    order.lines.update(settled_at=now - timedelta(days=15))
    assert not next_of(client.get(where))
    order.lines.update(settled_at=now)
    record = ServiceRecord.objects.get()
    workshop.void(record, by=record.by, now=now)
    assert not next_of(client.get(where))
