"""What a delivery says is wrong, or over: with the consent as a whole, or with single signals."""

from datetime import datetime

from vehicles.domain.measurements import Why
from vehicles.models import Capability, Vehicle
from vehicles.smartcar.error_table import Row, Step, reason_of, row_for
from vehicles.smartcar.events import VehicleError
from vehicles.waist import capabilities, learning, oddities, troubles

GAPS = {Step.UNSUPPORTED: Why.UNSUPPORTED, Step.CONSENT: Why.NOT_PERMITTED, Step.LOST: Why.UNAVAILABLE}
OF_THE_CONNECTION = (*troubles.ACCUSING, Step.PLAN)


def take(vehicle: Vehicle, errors: tuple[VehicleError, ...], *, at: datetime, now: datetime) -> None:
    """Errors that name signals teach what the car gives; those that name none are said against its connection.

    Any order of the same errors and their ends comes to the same: what is kept is when each was said.
    """
    words: list[learning.Word] = []
    for error in errors:
        row, known = row_for(error.type, error.code, error.resolution)
        if not known:
            oddities.note("error", [reason_of(error.type, error.code) or "UNNAMED"], now=now)
        if row is None:
            continue
        if error.signals is not None:
            words += words_about(vehicle, error, row, at)
        elif row.step in OF_THE_CONNECTION:
            reason = reason_of(error.type, error.code)[:80]
            troubles.accuse(vehicle, reason, at=at, now=now, over=error.resolved, url=error.url)
        elif row.step is Step.UNSUPPORTED and not error.resolved:
            capabilities.learn_none(vehicle, at=at)
    if words:
        capabilities.learn(vehicle, words, now=now)


def words_about(vehicle: Vehicle, error: VehicleError, row: Row, at: datetime) -> list[learning.Word]:
    """Of a failed try nothing is left to take back: the next value says it."""
    why = GAPS.get(row.step, Why.ERROR)
    if not error.resolved:
        return [(vehicle.pk, signal.value, at, why.value, row.cause) for signal in error.signals]
    if why.value not in learning.SETTLED:
        return []
    return [(vehicle.pk, signal.value, at, Capability.State.OPEN.value, "") for signal in error.signals]
