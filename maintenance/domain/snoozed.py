"""How long an item keeps still after somebody asked it to."""

from dataclasses import dataclass
from datetime import date, timedelta

from maintenance.domain.status import Status


@dataclass(frozen=True, slots=True)
class Snoozed:
    """Until a local day or an odometer in km, whichever comes first. `status`: the item's when it was set."""

    until_on: date
    until_km: float | None
    status: Status


def ending(snoozed: Snoozed, *, today: date, odometer_km: float | None, status: Status, done_since: bool) -> str:
    """Why it is over: done, overdue, date or distance; "" while it stands."""
    if done_since:
        return "done"
    if status is Status.OVERDUE and snoozed.status is not Status.OVERDUE:
        return "overdue"
    if today >= snoozed.until_on:
        return "date"
    if snoozed.until_km is not None and odometer_km is not None and odometer_km >= snoozed.until_km:
        return "distance"
    return ""


def capped(
    *,
    until_on: date | None,
    for_km: float | None,
    today: date,
    odometer_km: float | None,
    most_days: int,
    most_km: float,
) -> tuple[date, float | None]:
    """Where a snooze ends at the latest: what was asked for, within what the fleet allows."""
    last_day = today + timedelta(days=most_days)
    on = last_day if until_on is None else min(until_on, last_day)
    if odometer_km is None:
        return on, None
    return on, round(odometer_km + (most_km if for_km is None else min(for_km, most_km)), 1)
