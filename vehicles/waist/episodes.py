"""Trouble codes become episodes by folding all readings of a vehicle's codes in measured order."""

from collections import defaultdict
from collections.abc import Iterable

from vehicles.domain import faults
from vehicles.domain.signals import Signal
from vehicles.models import Fault, Reading, Vehicle


def refold(arrivals: list[Reading], vehicles: dict[int, Vehicle]) -> set[int]:
    """Fold the vehicles whose codes may have changed. Returns those whose episodes did.

    A car that never showed a code and shows none now has no episodes: most cars, most days, cost nothing here.
    """
    touched = {reading.vehicle_id for reading in arrivals}
    known = defaultdict(dict)
    for fault in Fault.objects.filter(vehicle_id__in=touched):
        known[fault.vehicle_id][fault.code, fault.occurrence] = fault
    touched = {pk for pk in touched if pk in known} | {r.vehicle_id for r in arrivals if r.detail}
    told = history(touched)
    return {pk for pk in touched if write(vehicles[pk], faults.fold(told[pk]), known[pk])}


def refold_all(vehicle: Vehicle) -> bool:
    """Fold one vehicle from all it ever told. True if an episode differed."""
    known = {(fault.code, fault.occurrence): fault for fault in Fault.objects.filter(vehicle=vehicle)}
    return write(vehicle, faults.fold(history([vehicle.pk])[vehicle.pk]), known)


def history(vehicle_ids: Iterable[int]) -> dict[int, list[faults.CodeRead]]:
    reads = defaultdict(list)
    rows = Reading.objects.filter(vehicle_id__in=vehicle_ids, signal=Signal.TROUBLE_CODES).order_by("at", "pk")
    for row in rows:
        codes = tuple(code["code"] for code in row.detail)
        reads[row.vehicle_id].append(faults.CodeRead(at=row.at, codes=codes, received_at=row.received_at))
    return reads


FIELDS = ("opened_at", "last_seen_at", "first_clean_at", "closed_at", "recurrences")


def write(vehicle: Vehicle, episodes: list[faults.Episode], known: dict) -> bool:
    """Make the stored episodes of one vehicle equal to the folded ones. True if anything differed."""
    counts: dict[str, int] = defaultdict(int)
    changed = False
    wanted = set()
    for episode in sorted(episodes, key=lambda e: e.opened_at):
        counts[episode.code] += 1
        key = (episode.code, counts[episode.code])
        wanted.add(key)
        values = {name: getattr(episode, name) for name in FIELDS}
        row = known.get(key)
        if row is None:
            Fault.objects.create(
                fleet_id=vehicle.fleet_id, vehicle=vehicle, code=episode.code, occurrence=key[1], **values
            )
            changed = True
        elif any(getattr(row, name) != value for name, value in values.items()):
            Fault.objects.filter(pk=row.pk).update(**values)
            changed = True
    for key in known.keys() - wanted:
        known[key].delete()
        changed = True
    return changed
