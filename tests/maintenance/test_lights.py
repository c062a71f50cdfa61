"""Green is for cars that are well and can be leant on; list, filter and page name the same light."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance.boards import health
from maintenance.domain.health import Light
from maintenance.domain.status import Status
from maintenance.faulting import Rulebook
from maintenance.models import Breach, DueItem, FaultRule, Proof, Task, Threshold
from tests.scenes import a_car, a_fleet, a_member
from tests.vehicles.test_connections_page import today
from vehicles.boards import reach
from vehicles.boards.connect_words import WORDS, State
from vehicles.models import Capability, Fault, Gauge, Source, Vehicle

pytestmark = pytest.mark.django_db
LEANT_ON = {State.FINE, State.THROTTLED, State.NOT_PERMITTED}


def with_item(car, status: Status, key: str = "oil-change") -> DueItem:
    task = Task.objects.filter(fleet=car.fleet, key=key).first() or Task.objects.create(
        fleet=car.fleet, key=key, name=key.replace("-", " ").capitalize()
    )
    return DueItem.objects.create(fleet=car.fleet, vehicle=car, task=task, status=status, rank=status.rank)


def with_lamp(car, signal: str, status: str = "ALERT"):
    now = timezone.now()
    told = {"status": status, "description": None}
    Gauge.objects.create(
        vehicle=car, signal=signal, detail=told, at=now, received_at=now, source=Source.WEBHOOK, measured_at=now
    )


def with_fault(car, code: str):
    now = timezone.now()
    Fault.objects.create(fleet=car.fleet, vehicle=car, code=code, opened_at=now, last_seen_at=now)


def ignored(car, code: str):
    with_fault(car, code)
    FaultRule.objects.create(fleet=car.fleet, code=code, verdict="ignore", by_name="Ana")


def with_breach(car, level: str):
    now = timezone.now()
    rule = Threshold.objects.create(
        fleet=car.fleet, name="12 V battery weak", signal="battery_12v", opens_at=40, closes_at=55, level=level
    )
    Breach.objects.create(threshold=rule, vehicle=car, began_at=now, opened_at=now, worst=30, last=30, last_at=now)


def with_claim(car, **fields):
    now = timezone.now()
    fault = Fault.objects.create(
        fleet=car.fleet, vehicle=car, code="P0420", opened_at=now, last_seen_at=now, closed_at=now
    )
    fields = {"state": "contradicted", "watches": "code", "claimed_at": now, "until": now} | fields
    Proof.objects.create(fleet=car.fleet, vehicle=car, fault=fault, **fields)


def light_of(car) -> Light:
    return read(Vehicle.objects.filter(pk=car.pk)).healths[car.pk].light


def read(found) -> health.Scene:
    cars = list(reach.told(found.select_related("connection"), timezone.now()))
    return health.read(cars, Rulebook(car.fleet_id for car in cars), timezone.now())


@pytest.mark.parametrize("state", State)
def test_a_car_without_due_items_is_green_only_if_it_can_be_leant_on(state):
    car = today(a_fleet(), state)
    item = with_item(car, Status.OK)

    assert light_of(car) is (Light.OK if state in LEANT_ON else Light.UNKNOWN)
    DueItem.objects.filter(pk=item.pk).update(status=Status.OVERDUE, rank=Status.OVERDUE.rank)
    assert light_of(car) is Light.OVERDUE


@pytest.mark.parametrize("state", State)
def test_list_and_page_name_the_state(client, state):
    fleet = a_fleet()
    client.force_login(a_member(fleet, Role.VIEWER).user)
    car = today(fleet, state)

    for where in ("/vehicles/", f"/vehicles/{car.pk}/"):
        page = client.get(where).content.decode()
        assert WORDS[state].title.lower() in page.lower(), where


def with_old(car, signal: str = "odometer", **fields):
    """One value of long ago, beside the fresh ones of a car that reports."""
    then = timezone.now() - timedelta(days=30)
    Gauge.objects.update_or_create(
        vehicle=car,
        signal=signal,
        defaults={"number": 80, "at": then, "received_at": then, "source": Source.WEBHOOK} | fields,
    )
    Gauge.objects.create(
        vehicle=car, signal="fuel_level", number=50, at=timezone.now(), received_at=timezone.now(), source="webhook"
    )


def with_ended_oil(car):
    with_old(car, "oil_life")
    gone = {"state": "unsupported", "since": timezone.now(), "checked_at": timezone.now()}
    Capability.objects.update_or_create(vehicle=car, signal="oil_life", defaults=gone)


def slow(car):
    Vehicle.objects.filter(pk=car.pk).update(rhythm_minutes=60 * 24 * 3)
    with_old(car, at=timezone.now() - timedelta(days=5))


SCENES = {
    "an old odometer": (Light.UNKNOWN, lambda car: (with_item(car, Status.OK), with_old(car))),
    "an old oil life": (Light.UNKNOWN, lambda car: (with_item(car, Status.OK), with_old(car, "oil_life"))),
    "an odometer typed long ago": (Light.OK, lambda car: (with_item(car, Status.OK), with_old(car, source="bench"))),
    "an oil life it gives no more": (Light.OK, lambda car: (with_item(car, Status.OK), with_ended_oil(car))),
    "a car that reports seldom": (Light.OK, lambda car: (with_item(car, Status.OK), slow(car))),
    "old, and overdue": (Light.OVERDUE, lambda car: (with_item(car, Status.OVERDUE), with_old(car))),
    "ok": (Light.OK, lambda car: with_item(car, Status.OK)),
    "no plan": (Light.UNKNOWN, lambda car: None),
    "unknown item": (Light.UNKNOWN, lambda car: with_item(car, Status.UNKNOWN)),
    "soon": (Light.SOON, lambda car: with_item(car, Status.SOON)),
    "due": (Light.DUE, lambda car: (with_item(car, Status.SOON), with_item(car, Status.DUE, "brakes"))),
    "a fault": (Light.WARNING, lambda car: (with_item(car, Status.DUE), with_fault(car, "P0420"))),
    "an ignored fault": (Light.OK, lambda car: (with_item(car, Status.OK), ignored(car, "P0455"))),
    "a lamp": (Light.WARNING, lambda car: (with_item(car, Status.OK), with_lamp(car, "system_abs"))),
    "a lamp that is off": (Light.OK, lambda car: (with_item(car, Status.OK), with_lamp(car, "system_abs", "OK"))),
    "a threshold": (Light.WARNING, lambda car: (with_item(car, Status.OK), with_breach(car, "warning"))),
    "a claim": (Light.CONTRADICTED, lambda car: (with_fault(car, "P0171"), with_claim(car))),
    "an answered claim": (
        Light.OK,
        lambda car: (with_item(car, Status.OK), with_claim(car, answered_at=timezone.now())),
    ),
    "overdue": (Light.OVERDUE, lambda car: (with_item(car, Status.OVERDUE), with_claim(car))),
    "critical fault": (Light.CRITICAL, lambda car: (with_item(car, Status.OVERDUE), with_fault(car, "U0121"))),
    "critical lamp": (Light.CRITICAL, lambda car: with_lamp(car, "system_oilpressure")),
    "critical threshold": (Light.CRITICAL, lambda car: with_breach(car, "critical")),
    "a done one-off": (
        Light.OK,
        lambda car: (
            with_item(car, Status.OK),
            DueItem.objects.filter(pk=with_item(car, Status.OVERDUE, "once").pk).update(left_at=timezone.now()),
        ),
    ),
}


def test_list_filter_and_page_name_the_same_light(client):
    fleet = a_fleet()
    client.force_login(a_member(fleet, Role.VIEWER).user)
    cars = {}
    for name, (_, arrange) in SCENES.items():
        cars[name] = today(fleet, State.FINE)
        Vehicle.objects.filter(pk=cars[name].pk).update(name=f"Car of {name}")
        arrange(cars[name])
    cars["stale"] = today(fleet, State.STALE)
    with_item(cars["stale"], Status.OK)
    expected = {name: light for name, (light, _) in SCENES.items()} | {"stale": Light.UNKNOWN}

    assert {name: light_of(car) for name, car in cars.items()} == expected
    for light in Light:
        page = client.get(f"/vehicles/?light={light.value}").content.decode()
        found = {name for name, car in cars.items() if f'id="v-{car.pk}"' in page}
        assert found == {name for name, one in expected.items() if one is light}, light
    for name, car in cars.items():
        page = client.get(f"/vehicles/{car.pk}/").content.decode()
        assert f'<section class="sheet health" data-status="{expected[name].value}"' in page, name


def test_a_filter_that_nobody_knows_shows_all(client):
    fleet = a_fleet()
    client.force_login(a_member(fleet, Role.VIEWER).user)
    car = a_car(fleet)

    assert f'id="v-{car.pk}"' in client.get("/vehicles/?light=purple").content.decode()


def test_many_cars_cost_the_queries_of_one():
    fleet = a_fleet()
    cars = [today(fleet, State.FINE) for _ in range(6)]
    for car in cars:
        with_item(car, Status.OVERDUE)
        with_fault(car, "P0420")
        with_breach(car, "warning")
    found = Vehicle.objects.filter(fleet=fleet)

    def asked(some) -> int:
        with CaptureQueriesContext(connection) as caught:
            read(some)
        return len(caught)

    assert asked(found) == asked(found.filter(pk=cars[0].pk)) <= 6


def test_an_age_goes_by_the_cars_own_rhythm(client):
    fleet = a_fleet()
    client.force_login(a_member(fleet, Role.VIEWER).user)
    now = timezone.now()
    seldom, often = a_car(fleet), a_car(fleet)
    for car, minutes in ((seldom, 60 * 24 * 2), (often, 30)):
        at = now - timedelta(hours=40)
        Gauge.objects.create(
            vehicle=car, signal="odometer", number=50_000, at=at, received_at=at, source=Source.WEBHOOK
        )
        Capability.objects.create(vehicle=car, signal="odometer", state="given", since=at, checked_at=at)
        Vehicle.objects.filter(pk=car.pk).update(rhythm_minutes=minutes)

    for car, old in ((seldom, False), (often, True)):
        page = client.get(f"/vehicles/{car.pk}/").content.decode()
        assert ('class="age stale"' in page) is old
    listed = client.get("/vehicles/").content.decode()
    assert listed.count('class="age stale"') == 1
