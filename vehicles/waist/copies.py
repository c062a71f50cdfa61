"""Several copies of one value of one moment are one row: the one received first, whichever was opened first.

A delivery may lie in quarantine while its echoes are taken in; which of two values stands goes by when they came.
"""

from copy import copy
from datetime import datetime

from fleet.kit import rows
from vehicles.models import Reading
from vehicles.waist.arriving import Arriving

TABLE = Reading._meta.db_table
IS_EARLIER = (
    f"(EXCLUDED.received_at < {TABLE}.received_at OR EXCLUDED.received_at = {TABLE}.received_at"
    f" AND COALESCE(EXCLUDED.sequence, -1) > COALESCE({TABLE}.sequence, -1))"
)
OF_THE_FIRST = ("received_at", "sequence", "fetched_at", "source")
KEEPING_THE_FIRST = (
    "ON CONFLICT (vehicle_id, signal, at, digest) DO UPDATE SET "
    + "".join(f"{c} = CASE WHEN {IS_EARLIER} THEN EXCLUDED.{c} ELSE {TABLE}.{c} END, " for c in OF_THE_FIRST)
    + f"measured_at = COALESCE({TABLE}.measured_at, EXCLUDED.measured_at), aside = {TABLE}.aside AND EXCLUDED.aside"
    + f" WHERE {IS_EARLIER} OR ({TABLE}.measured_at IS NULL AND EXCLUDED.measured_at IS NOT NULL)"
    + f" OR ({TABLE}.aside AND NOT EXCLUDED.aside)"
)


def receipt(received_at: datetime, sequence: int | None) -> tuple:
    """The least is the first. Of those that came together the higher sequence counts."""
    return received_at, 0 if sequence is None else -1 - sequence


def one_each(readings: list[Arriving]) -> list[Arriving]:
    """One for all copies among these: the first, which is a measured one where any of them is."""
    found: dict[tuple, Arriving] = {}
    for reading in readings:
        key = reading.vehicle_id, reading.signal, reading.at, reading.digest
        found[key] = earlier(found[key], reading) if key in found else reading
    return list(found.values())


def earlier(one: Arriving, other: Arriving) -> Arriving:
    kept = copy(min(one, other, key=lambda reading: receipt(reading.received_at, reading.sequence)))
    kept.measured_at = one.measured_at or other.measured_at
    return kept


def keep(readings: list[Arriving]) -> None:
    """Write them down, one of each; what is there already becomes the earlier of both."""
    rows.write(readings, KEEPING_THE_FIRST, into=Reading)
