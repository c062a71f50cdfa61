"""Which items keep still, until when, by whom and why."""

from dataclasses import dataclass

from fleet.kit.units import show_distance
from fleet.owners.models import Fleet
from maintenance.models import DueItem, Snooze


@dataclass(frozen=True, slots=True)
class Still:
    """One snooze in words: `until` for a chip, `says` for the line beneath."""

    until: str
    says: str


def of(item: DueItem, fleet: Fleet) -> Still | None:
    """Of an item that was fetched `with_snooze`."""
    return still(item.snoozed, fleet) if getattr(item, "snoozed", None) else None


def still(snooze: Snooze, fleet: Fleet) -> Still:
    ends = [f"{snooze.until_on:%-d %b}"] if snooze.until_on else []
    if snooze.until_km is not None:
        ends.append(show_distance(snooze.until_km, fleet.units))
    until = " or ".join(ends)
    set_on = f"{fleet.day(snooze.set_at):%-d %b}"
    says = f"Snoozed by {snooze.by_name} on {set_on}, until {until}, or until it is overdue: {snooze.reason}"
    return Still(until, says)
