"""A gauge is the newest accepted word on one signal: turned forward by readings, whatever order they come in."""

from copy import copy
from datetime import datetime
from typing import NamedTuple

from fleet.kit import rows
from vehicles.domain import acceptance
from vehicles.domain.measurements import Value
from vehicles.models import Gauge, Standing
from vehicles.waist import meters
from vehicles.waist.arriving import Heard

FIELDS = ["number", "detail", "at", "measured_at", "fetched_at", "received_at", "sequence", "source"]


class Shown(NamedTuple):
    """A stored gauge, as light as it can be: a batch of polled cars has thousands."""

    vehicle_id: int
    signal: str
    number: float | None
    detail: Value
    at: datetime
    measured_at: datetime | None
    fetched_at: datetime | None
    received_at: datetime
    sequence: int | None
    source: str

    @property
    def value(self) -> Value:
        return self.detail if self.number is None else self.number


Told = Shown | Gauge | Heard  # what a gauge shows, whoever says it


def of(vehicle_ids) -> dict[tuple[int, str], Told]:
    """What the gauges of these vehicles show, by vehicle and signal. Whoever turns them keeps it in step."""
    shown = Gauge.objects.filter(vehicle_id__among=vehicle_ids).values_list(*Shown._fields)
    return {row[:2]: Shown(*row) for row in shown}


def says(gauge: Told | None, reading: Heard) -> bool:
    """Whether the gauge says exactly this already: the same value of the same moment."""
    if gauge is None or gauge.at != reading.at:
        return False
    told = meters.dash_of(gauge) if meters.is_replaced(gauge) else gauge.value
    return acceptance.canonical(told) == acceptance.canonical(reading.value)


def is_newer(told: Told, than: Told) -> bool:
    """In the order of `acceptance.newness`."""
    ours, theirs = (acceptance.moments(one.at, one.sequence, one.fetched_at) for one in (told, than))
    return ours > theirs if ours != theirs else acceptance.canonical(told.value) > acceptance.canonical(than.value)


def turn(readings: list[Heard], gauges: dict) -> set[int]:
    """Turn each gauge to the newest accepted reading. The vehicles whose gauges moved."""
    newest: dict[tuple, Heard] = {}
    for reading in readings:
        if reading.standing != Standing.ACCEPTED:
            continue
        key = (reading.vehicle_id, reading.signal)
        best = newest.get(key) or gauges.get(key)
        if best is None or is_newer(reading, best):
            newest[key] = reading
    write(newest, gauges)
    return {vehicle_id for vehicle_id, _ in newest}


def write(told: dict[tuple, Told], gauges: dict) -> None:
    """Store these as gauges and keep `gauges` in step."""
    gauges.update(told)
    rows.upsert([*told.values()], unique=["vehicle", "signal"], update=FIELDS, into=Gauge)


def hear_again(echoes: list[Heard], gauges: dict) -> None:
    """The same was fetched or sent once more: the gauge notes the newest receipt, which is no news to anybody."""
    newest: dict[tuple, Heard] = {}
    for echo in echoes:
        key = (echo.vehicle_id, echo.signal)
        if is_newer(echo, newest.get(key) or gauges[key]):
            newest[key] = as_shown(echo, gauges[key])
    write(newest, gauges)


def as_shown(echo: Heard, gauge: Told) -> Heard:
    """With the gauge's own value, which is true distance where a meter was replaced."""
    echo = copy(echo)
    echo.number, echo.detail = gauge.number, gauge.detail
    return echo
