"""Ten minutes in which nobody listened: afterwards every car is as the makers know it, within the calls there are."""

import time
from datetime import datetime, timedelta

import pytest
import requests
from django.utils import timezone

from fleet.owners.models import Owner
from maintenance import review
from tests.flows.makers import sandbox, until
from tests.flows.walking import accounts, command, connected
from tests.scenes import a_fleet, a_member
from vehicles.asking import outages, polling
from vehicles.domain.signals import Signal
from vehicles.line import budget
from vehicles.models import Delivery, Fault, Gauge, Outage, Vehicle
from vehicles.post import inbox
from vehicles.smartcar.payloads import read_signals

pytestmark = pytest.mark.django_db(transaction=True)

OUTAGE = timedelta(minutes=10)
STILL = {Signal.OIL_LIFE, Signal.TROUBLE_CODES}  # what no car changes by driving on while we look


@pytest.fixture
def makers(tmp_path, settings, live_server):
    # Smartcar's limit, and of its calls none for a car asked twice.
    with sandbox(tmp_path, settings, door=live_server.url, bucket_size=120, bucket_per_minute=2) as origin:
        yield origin


def open_all(now: datetime) -> None:
    while inbox.sweep(now=now):
        pass
    while review.sweep(now=now):
        pass


def sweep(moment: datetime) -> None:
    polling.sweep(now=moment, clock=lambda: moment)


def truth(makers: str) -> dict[str, dict[Signal, object]]:
    """What each car would say now, in the words of our catalogue."""
    told = requests.get(f"{makers}/control/truth", timeout=10).json()["vehicles"]
    return {car["vehicleId"]: {m.signal: m.value for m in read_all(car["signals"])} for car in told}


def read_all(signals: dict) -> tuple:
    raw = [
        {"code": code, "status": {"value": "SUCCESS"}, "body": one["body"], "meta": {"oemUpdatedAt": one["at"]}}
        for code, one in signals.items()
    ]
    return read_signals(raw, now=timezone.now()).measurements


def differing(makers: str) -> list[str]:
    """Where what we hold is not what is so."""
    found, gauges = [], {(g.vehicle.smartcar_id, g.signal): g for g in Gauge.objects.select_related("vehicle")}
    for vehicle_id, signals in truth(makers).items():
        for signal, value in signals.items():
            gauge = gauges.get((vehicle_id, signal.value))
            if gauge is None:
                continue  # not permitted
            same = gauge.value == value if signal in STILL else signal is not Signal.ODOMETER
            if not same and not (signal is Signal.ODOMETER and abs(gauge.value - value) < 2):
                found.append(f"{vehicle_id} {signal}: {gauge.value} is {value}")
    return found


@pytest.mark.parametrize("workers", ["down with the web", "at work meanwhile"])
def test_ten_minutes_of_lost_deliveries_are_healed_by_polls(makers, workers):
    manager = a_member(a_fleet())
    owner = Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")
    for account in accounts(makers)[:2]:
        connected(owner, manager, account["account"])
    cars = list(Vehicle.objects.order_by("pk"))
    until(lambda: Delivery.objects.filter(smartcar_id__in=[c.smartcar_id for c in cars]).count() >= len(cars))
    open_all(timezone.now())
    sweep(timezone.now() + timedelta(minutes=3))
    assert differing(makers) == []
    time.sleep(2)  # the makers tell times to the second, and what follows must be later than what was read

    outages.door_is_open(now=timezone.now())  # however long the cars took until here
    went = timezone.now() + timedelta(minutes=1)
    outages.door_is_open(now=went)
    command(makers, "post", lost=1)
    telling = [gauge.vehicle.smartcar_id for gauge in Gauge.objects.filter(signal="trouble_codes").order_by("pk")]
    command(makers, "throw-code", vehicleId=telling[0], code="P0420")
    command(makers, "throw-code", vehicleId=telling[1], code="P0171")
    of_oil = Gauge.objects.filter(signal="oil_life").order_by("pk").first().vehicle.smartcar_id
    command(makers, "service-done", vehicleId=of_oil, tasks=["oil_change"])
    if workers == "at work meanwhile":
        for minute in range(10):
            outages.heal(now=went + timedelta(minutes=minute))
            sweep(went + timedelta(minutes=minute))
    assert len(differing(makers)) >= 3

    back = went + OUTAGE
    command(makers, "post", lost=0)
    outages.door_is_open(now=back)
    outages.heal(now=back)
    outage = Outage.objects.get()
    assert (outage.began_at, outage.ended_at, outage.cars) == (went, back, len(cars))
    assert outages.healing(manager.fleet, back).answered == 0
    have = budget.left(back)

    # A minute of waiting is a moment here; the calls that come back are counted by the same clock.
    now = back
    while outages.healing(manager.fleet, now) is not None:
        sweep(now)
        now += timedelta(minutes=1)
        assert now < back + timedelta(hours=1)
    outages.heal(now=now)
    open_all(now)

    assert Outage.objects.get().healed_at == now
    assert have - budget.left(back) <= len(cars)
    assert not Vehicle.objects.filter(poll_failures__gt=0).exists()
    assert differing(makers) == []
    assert set(Fault.objects.open().values_list("code", flat=True)) >= {"P0420", "P0171"}
