"""A car in each state that it can be in, made as it comes about: by problems, by what is told and by what is not."""

from datetime import timedelta

from django.utils import timezone

from tests.scenes import NOON, a_car, odometer
from vehicles.boards.connect_words import State
from vehicles.consent import parting
from vehicles.domain.measurements import Why
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Source, Vehicle
from vehicles.smartcar.errors import problem_from
from vehicles.waist import capabilities, ingest, troubles


def trouble(car: Vehicle, status: int, kind: str, code: str, *, now=NOON) -> None:
    body = f'{{"type": "{kind}", "code": "{code}"}}'.encode()
    troubles.take(car, problem_from(status, {}, body, now), now=now)


def a_car_that_told(fleet, *, at=NOON - timedelta(hours=2), **fields) -> Vehicle:
    car = a_car(fleet, **fields)
    ingest.record(car, [odometer(5_000, at=at)], source=Source.WEBHOOK, now=NOON)
    return car


def lost(fleet, **fields):
    car = a_car_that_told(fleet, **fields)
    trouble(car, 404, "RESOURCE_NOT_FOUND", "VEHICLE_NOT_FOUND")
    return car


def throttled(fleet, **fields):
    car = a_car_that_told(fleet, **fields)
    trouble(car, 429, "RATE_LIMIT", "VEHICLE")
    return car


def off_plan(fleet, **fields):
    car = a_car_that_told(fleet, **fields)
    trouble(car, 430, "BILLING", "VEHICLE_LIMIT")
    return car


def accused(fleet, **fields):
    car = a_car_that_told(fleet, **fields)
    trouble(car, 400, "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED")
    return car


def unconsented(fleet, **fields):
    car = a_car_that_told(fleet, **fields)
    trouble(car, 403, "PERMISSION", "")
    return car


def parted(fleet, **fields):
    car = a_car_that_told(fleet, **fields)
    parting.part(car.connection, now=NOON)
    return car


def cannot(fleet, **fields):
    car = a_car(fleet, **fields)
    trouble(car, 501, "COMPATIBILITY", "VEHICLE_NOT_CAPABLE")
    return car


def barred(fleet, signal=Signal.OIL_LIFE, **fields):
    car = a_car_that_told(fleet, **fields)
    capabilities.learn(car, [(car.pk, signal.value, NOON, Why.NOT_PERMITTED.value, "")], now=NOON)
    return car


MAKE = {
    State.NOT_CONNECTED: lambda fleet, **fields: a_car(fleet, connected=False, **fields),
    State.DISCONNECTED: parted,
    State.RECONNECT: accused,
    State.NO_CONSENT: unconsented,
    State.NOT_ON_PLAN: off_plan,
    State.LOST: lost,
    State.THROTTLED: throttled,
    State.UNSUPPORTED: cannot,
    State.WAITING: a_car,
    State.STALE: lambda fleet, **fields: a_car_that_told(fleet, at=NOON - timedelta(hours=40), **fields),
    State.NOT_PERMITTED: barred,
    State.FINE: a_car_that_told,
}


def today(fleet, state: State, **fields) -> Vehicle:
    """A car in that state as of now: the page reads the wall clock."""
    past = timezone.now() - NOON
    car = MAKE[state](fleet, **fields)
    for row in Vehicle.objects.filter(pk=car.pk, hold_until__isnull=False):
        Vehicle.objects.filter(pk=car.pk).update(hold_until=row.hold_until + past)
    for gauge in Gauge.objects.filter(vehicle=car):
        Gauge.objects.filter(pk=gauge.pk).update(at=gauge.at + past)
    return car
