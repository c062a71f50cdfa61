"""Which items keep still, until when, by whom and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from fleet.kit.units import show_distance
from fleet.owners.models import Fleet
from maintenance.models import Snooze


@dataclass(frozen=True, slots=True)
class Still:
    """One snooze in words: `until` for a chip, `says` for the line beneath."""

    until: str
    says: str


def of(item_ids: Iterable[int], fleet: Fleet) -> dict[int, Still]:
    """The standing snoozes of these items, in one query."""
    standing = Snooze.objects.for_fleet(fleet).filter(item_id__in=list(item_ids), ended_at=None)
    return {snooze.item_id: still(snooze, fleet) for snooze in standing}


def still(snooze: Snooze, fleet: Fleet) -> Still:
    ends = [f"{snooze.until_on:%-d %b}"] if snooze.until_on else []
    if snooze.until_km is not None:
        ends.append(show_distance(snooze.until_km, fleet.units))
    until = " or ".join(ends)
    set_on = f"{fleet.day(snooze.set_at):%-d %b}"
    says = f"Snoozed by {snooze.by_name} on {set_on}, until {until}, or until it is overdue: {snooze.reason}"
    return Still(until, says)
