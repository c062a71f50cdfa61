"""Common generic trouble codes in our own words, one file for each part of the car."""

from vehicles.domain.codes_of import (
    air_and_fuel,
    body,
    chassis,
    electric_drive,
    engine,
    exhaust,
    gearbox,
    ignition,
    network,
    sensors,
    vapour,
)
from vehicles.domain.codes_of.group import Entry, Group

PARTS = (
    air_and_fuel,
    sensors,
    ignition,
    exhaust,
    vapour,
    engine,
    gearbox,
    electric_drive,
    chassis,
    body,
    network,
)
KNOWN: dict[str, Entry] = {
    code: Entry(code, text, group.severity, group.cause, group.step)
    for part in PARTS
    for group in part.GROUPS
    for code, text in group.codes.items()
}

__all__ = ["KNOWN", "PARTS", "Entry", "Group"]
