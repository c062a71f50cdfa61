"""What is known of the faults and warning lights of one car beyond their codes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from maintenance.boards.faults import light_rows, state_of
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Fault, Light, Vehicle
from vehicles.waist.sightings import LOST

SHOWN = timedelta(days=30)  # how long what is over stays on the page


def troubles_of(vehicle: Vehicle, faults: Iterable[Fault], answers: dict[str, Capability], now: datetime) -> dict:
    """`fault_states`: by key, how far the end of each is proved. `light_episodes`: open ones, and those of late."""
    lost = {(vehicle.pk, signal) for signal, answer in answers.items() if answer.state in LOST}
    no_codes = (vehicle.pk, Signal.TROUBLE_CODES.value) in lost
    tells = any(signal in set(Signal) and Signal(signal).is_system for signal in answers)  # else it has none
    lights = Light.objects.filter(vehicle=vehicle).order_by("closed_at", "-last_seen_at") if tells else []
    lights = [one for one in lights if one.closed_at is None or one.closed_at >= now - SHOWN]
    for light in lights:
        light.vehicle = vehicle
    return {
        "fault_states": {fault.pk: state_of(fault, no_codes, vehicle.fleet) for fault in faults},
        "light_episodes": light_rows(lights, lost, vehicle.fleet, now),
    }
