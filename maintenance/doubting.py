"""A reading may come to be doubted long after it was taken to stand in for an odometer that nobody typed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from maintenance import punctuality, standins
from maintenance.models import DueItem, KeptStart, ServiceRecord
from vehicles.models import Standing, Vehicle


def settle(vehicles: Iterable[Vehicle], *, now: datetime) -> None:
    """Let these cars' jobs and starts stand on readings that are believed. The vehicles come with their fleets."""
    by_pk = {vehicle.pk: vehicle for vehicle in vehicles}
    records = ServiceRecord.objects.standing().filter(odometer_is_stand_in=True, reading__standing=Standing.SUSPECT)
    starts = [model.objects.filter(anchor_reading__standing=Standing.SUSPECT) for model in (DueItem, KeptStart)]
    doubted = (found.filter(vehicle__in=by_pk).values_list("vehicle_id", flat=True) for found in (records, *starts))
    for pk in sorted(set().union(*doubted)):
        choose_again(by_pk[pk], now=now)


@transaction.atomic
def choose_again(vehicle: Vehicle, *, now: datetime) -> None:
    Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle.pk)
    touched = standins.choose_again(vehicle)
    punctuality.write_after(touched, vehicle, now=now)
    Vehicle.objects.filter(pk=vehicle.pk).update(review_after=now)
