"""Green is for cars that are well and can be leant on."""

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from maintenance.boards.vehicles import light
from maintenance.domain.status import Status
from maintenance.models import DueItem
from tests.scenes import a_fleet, a_member
from tests.vehicles.test_connections_page import today
from vehicles.boards import reach
from vehicles.boards.connect_words import WORDS, State
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db
LEANT_ON = {State.FINE, State.THROTTLED, State.NOT_PERMITTED}


@pytest.mark.parametrize("state", State)
def test_a_car_without_due_items_is_green_only_if_it_can_be_leant_on(state):
    car = Vehicle.objects.select_related("connection").get(pk=today(a_fleet(), state).pk)
    told = reach.reach(car, timezone.now())

    assert light(DueItem(status=Status.OK), [], told) == ("ok" if state in LEANT_ON else "unknown")
    assert light(DueItem(status=Status.OVERDUE), [], told) == "overdue"


@pytest.mark.parametrize("state", State)
def test_list_and_page_name_the_state(client, state):
    fleet = a_fleet()
    client.force_login(a_member(fleet, Role.VIEWER).user)
    car = today(fleet, state)

    for where in ("/vehicles/", f"/vehicles/{car.pk}/"):
        page = client.get(where).content.decode()
        assert WORDS[state].title.lower() in page.lower(), where
