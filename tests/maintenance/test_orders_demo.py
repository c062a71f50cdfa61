"""The demo's work orders."""

from collections import Counter

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from maintenance.models import ServiceRecord, Task, WorkOrder
from maintenance.orders import demo
from tests.maintenance.scenes import at_km, last_done
from tests.scenes import a_car, a_fleet, a_member

pytestmark = pytest.mark.django_db


def test_one_order_in_each_state_and_no_more_when_it_runs_again():
    fleet = a_fleet()
    for role in Role:
        a_member(fleet, role)
    for _ in range(7):
        car = a_car(fleet)
        last_done(car, km=30_000, days_ago=400)
        at_km(car, 48_000)

    Task.objects.update(checklist=[{"text": "Look at it"}])
    for _ in range(2):
        assert demo.orders(fleet, now=timezone.now()) == 6

    states = Counter(WorkOrder.objects.values_list("state", flat=True))
    assert states == {"open": 2, "working": 1, "held": 1, "done": 1, "cancelled": 1}
    assert ServiceRecord.objects.filter(because_of=None).count() == WorkOrder.objects.get(state="done").lines.count()
    assert any(step["done"] for step in WorkOrder.objects.get(state="working").lines.first().checklist)
