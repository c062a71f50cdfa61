"""Every trouble that a car can be given at the makers, polled in both generations, and what the page says of it."""

import pytest
from django.utils import timezone

from fleet.owners.models import Owner
from tests.flows.makers import sandbox
from tests.flows.walking import account_of, command, walk
from tests.scenes import a_fleet, a_member
from vehicles.asking import polling
from vehicles.boards.connect_words import WORDS, State
from vehicles.consent import subscribing
from vehicles.models import CallBucket, Capability, Connection, Terms, Vehicle
from vehicles.waist import capabilities

pytestmark = pytest.mark.django_db(transaction=True)

CASES = [
    ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED", State.RECONNECT),
    ("CONNECTED_SERVICES_ACCOUNT", "SUBSCRIPTION", State.RECONNECT),
    ("BILLING", "VEHICLE_LIMIT", State.NOT_ON_PLAN),
    ("RATE_LIMIT", "VEHICLE", State.THROTTLED),
    ("RESOURCE_NOT_FOUND", "VEHICLE_NOT_FOUND", State.LOST),
    ("COMPATIBILITY", "VEHICLE_NOT_CAPABLE", State.UNSUPPORTED),
    ("VEHICLE_STATE", "ASLEEP", State.WAITING),
    ("UPSTREAM", "NO_RESPONSE", State.WAITING),
]


@pytest.fixture(params=["v3", "v2"])
def manager(request, client):
    member = a_member(a_fleet())
    Terms.objects.create(fleet=member.fleet, generation=request.param)
    client.force_login(member.user)
    return member


@pytest.fixture
def makers(tmp_path, settings):
    with sandbox(tmp_path, settings) as origin:
        yield origin


@pytest.fixture
def car(makers, manager):
    owner = Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")
    walk(owner, manager, account_of(makers))
    subscribing.sweep(now=timezone.now())
    car = Vehicle.objects.first()
    Vehicle.objects.exclude(pk=car.pk).delete()
    return car


def poll(car):
    CallBucket.objects.all().delete()
    Vehicle.objects.filter(pk=car.pk).update(poll_after=timezone.now(), hold="", hold_until=None)
    assert polling.sweep(now=timezone.now()) == 1


@pytest.mark.parametrize(("kind", "code", "state"), CASES)
def test_a_trouble_is_polled_shown_with_its_step_and_over_when_it_is_cleared(client, makers, car, kind, code, state):
    command(makers, "trouble", vehicleId=car.smartcar_id, type=kind, code=code)
    poll(car)
    page = client.get("/connect/").content.decode()
    title = "The owner has to act" if code == "SUBSCRIPTION" else WORDS[state].title
    assert f"</svg>{title}</span>" in page and WORDS[state].step in page

    command(makers, "clear", vehicleId=car.smartcar_id)
    month_ago = timezone.now() - capabilities.RECHECK
    Capability.objects.filter(vehicle=car, state="unsupported").update(checked_at=month_ago)
    if Connection.objects.get(vehicles=car).state == "needs_owner":
        return  # over by a new sign-in, or by data that comes of itself: not by asking
    poll(car)
    assert client.get("/connect/").content.decode().count(WORDS[State.FINE].title + "</span>") == 2
