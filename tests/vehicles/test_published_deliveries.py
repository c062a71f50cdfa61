"""Every delivery that Smartcar published or that was seen live, from the door to the gauges."""

import pytest
from django.utils import timezone

from tests.scenes import a_car, a_fleet, post
from tests.vehicles.smartcar.published import INDEX, needs_examples, raw
from vehicles.models import Delivery, Gauge, Reading, Terms
from vehicles.post import inbox, rebuilding
from vehicles.smartcar import webhooks
from vehicles.smartcar.errors import Unreadable

pytestmark = [pytest.mark.django_db, needs_examples]
DELIVERIES = [
    entry["file"].removesuffix(".json")
    for entry in INDEX
    if entry["kind"].startswith("webhook.") and entry["kind"] not in ("webhook.signature", "webhook.verify")
]
# A test from the dashboard, and a template whose event is a placeholder.
WITHOUT_EFFECT = {"webhook_live_test_mode", "webhook_v2_event_based"}


def delivered(client, name: str) -> Delivery:
    assert post(client, raw(name)).status_code == 200
    while inbox.sweep(now=timezone.now()):
        pass
    return Delivery.objects.latest("pk")


def named_in(name: str) -> set[str]:
    try:
        events = webhooks.read_events(raw(name), now=timezone.now())
    except Unreadable:
        return set()
    return {event.vehicle_id for event in events if event.vehicle_id}


@pytest.mark.parametrize("name", DELIVERIES)
def test_a_published_delivery_is_taken_in(client, name):
    fleet = a_fleet()
    cars = [a_car(fleet, smartcar_id=smartcar_id) for smartcar_id in named_in(name)]

    kept = delivered(client, name)

    assert kept.state == ("idle" if name in WITHOUT_EFFECT else "done"), kept.error
    assert Gauge.objects.exists() == (kept.state == "done" and b"VEHICLE_ERROR" not in raw(name))
    assert b"latitude" not in bytes(kept.body)
    assert [str(d) for car in cars for d in rebuilding.rebuild(car, now=timezone.now())] == []


@pytest.mark.parametrize("name", [name for name in DELIVERIES if name not in WITHOUT_EFFECT])
def test_a_published_delivery_of_a_stranger_waits_and_is_then_taken_in(client, name):
    kept = delivered(client, name)
    assert (kept.state, Reading.objects.exists()) == ("parked", False)

    fleet = a_fleet()
    Terms.objects.create(fleet=fleet, keeps_location=True)
    for smartcar_id in named_in(name):
        a_car(fleet, smartcar_id=smartcar_id)
    inbox.unpark_known(now=timezone.now())
    while inbox.sweep(now=timezone.now()):
        pass

    kept.refresh_from_db()
    assert kept.state == "done"
    assert not Gauge.objects.filter(signal="location").exists(), "it left the body while nobody was known to keep it"
