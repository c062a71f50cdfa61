"""Trouble codes and warning lights become episodes by folding all that a vehicle said of them in measured order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fleet.kit import rows
from vehicles.domain import faults
from vehicles.domain.signals import Signal
from vehicles.models import Fault, FaultTerms, Gauge, Light, Vehicle
from vehicles.models.fault import Episode
from vehicles.waist import sightings
from vehicles.waist.arriving import Heard

FIELDS = ("opened_at", "last_seen_at", "first_clean_at", "quiet_since", "closed_at", "recurrences")
CODES = (Signal.TROUBLE_CODES.value, Signal.TROUBLE_CODE_COUNT.value)
LIGHTS = tuple(signal.value for signal in Signal if signal.is_system)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is folded from which signals, and the column that names it."""

    model: type[Episode]
    column: str
    signals: tuple[str, ...]

    def key(self, row: Episode) -> tuple[str, int]:
        return getattr(row, self.column), row.occurrence

    def speaks(self, reading: Heard) -> bool:
        """Whether this reading can open an episode where there was none."""
        if reading.signal not in self.signals or not reading.detail:
            return False
        return self.model is Fault or reading.detail["status"] == "ALERT"


KINDS = (Kind(Fault, "code", CODES), Kind(Light, "signal", LIGHTS))


def refold(arrivals: list[Heard], vehicles: dict[int, Vehicle], gauges: dict[tuple, Gauge]) -> set[int]:
    """Fold the vehicles whose episodes may have changed. Returns those of which one did.

    A car that never showed anything and shows nothing now has no episodes: most cars, most days, cost nothing here.
    """
    newest: dict[int, datetime] = {}
    for (pk, _), gauge in gauges.items():
        newest[pk] = max(gauge.at, newest.get(pk, gauge.at))
    changed = set()
    for kind in KINDS:
        known = stored(kind, {reading.vehicle_id for reading in arrivals})
        touched = {r.vehicle_id for r in arrivals if kind.speaks(r)}
        touched |= {r.vehicle_id for r in arrivals if r.vehicle_id in known and matters(kind, r, known, newest)}
        changed |= fold(kind, touched, known, vehicles)
    return changed


def refold_all(vehicle: Vehicle) -> bool:
    """Fold one vehicle from all it ever told. True if an episode differed."""
    vehicles = {vehicle.pk: vehicle}
    return any([fold(kind, {vehicle.pk}, stored(kind, [vehicle.pk]), vehicles) for kind in KINDS])


@transaction.atomic
def refold_those_with_any(vehicle_ids: Iterable[int], *, now: datetime) -> None:
    """Fold the cars that have episodes, by terms that are new, and wake the review of those that it changed."""
    held = (kind.model.objects.filter(vehicle_id__among=[*vehicle_ids]) for kind in KINDS)
    wanted = {pk for rows_of in held for pk in rows_of.values_list("vehicle_id", flat=True)}
    locked = Vehicle.objects.select_for_update(no_key=True).filter(pk__among=sorted(wanted)).order_by("pk")
    vehicles = {vehicle.pk: vehicle for vehicle in locked}
    known = {kind: stored(kind, vehicles) for kind in KINDS}
    changed = set().union(*(fold(kind, set(held), held, vehicles) for kind, held in known.items()))
    Vehicle.objects.filter(pk__among=sorted(changed)).update(review_after=now)


def matters(kind: Kind, reading: Heard, known: dict, newest: dict[int, datetime]) -> bool:
    """Whether a reading can change episodes that are there: one of their own signal, or any other that vouches for a
    silence of fourteen days within one of them."""
    if reading.signal in kind.signals:
        return True
    for row in known[reading.vehicle_id].values():
        end = row.closed_at or max(reading.at, newest.get(reading.vehicle_id, reading.at))
        if row.opened_at <= reading.at <= end and end - row.opened_at >= faults.QUIET:
            return True
    return False


def stored(kind: Kind, ids: Iterable[int]) -> dict[int, dict[tuple, Episode]]:
    known: dict[int, dict[tuple, Episode]] = defaultdict(dict)
    for row in kind.model.objects.filter(vehicle_id__among=ids):
        known[row.vehicle_id][kind.key(row)] = row
    return known


def fold(kind: Kind, ids: set[int], known: dict, vehicles: dict[int, Vehicle]) -> set[int]:
    """Make the stored episodes equal to the folded ones. The vehicles of which anything differed."""
    if not ids:
        return set()
    stories = sightings.of(kind.signals, ids)
    terms = {one.fleet_id: one for one in FaultTerms.objects.filter(fleet__in={vehicles[pk].fleet_id for pk in ids})}
    new: list[Episode] = []
    turned: list[Episode] = []
    gone: list[Episode] = []
    for pk in sorted(ids):
        held, left = known.get(pk, {}), dict(known.get(pk, {}))
        by = terms.get(vehicles[pk].fleet_id) or FaultTerms()
        apart, within = by.clean_apart, by.recurs_within
        told = [
            episode
            for reads, pulse in stories[pk]
            for episode in faults.fold(reads, pulse, clean_apart=apart, recurs_within=within)
        ]
        for key, episode in numbered(told):
            values = {name: getattr(episode, name) for name in FIELDS}
            row = held.get(key)
            left.pop(key, None)
            if row is None:
                about = {kind.column: key[0], "occurrence": key[1]}
                new.append(kind.model(fleet_id=vehicles[pk].fleet_id, vehicle_id=pk, **about, **values))
            elif any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                turned.append(row)
        gone += left.values()
    kind.model.objects.bulk_create(new)
    rows.update(turned, FIELDS)
    if gone:
        kind.model.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return {row.vehicle_id for row in (*new, *turned, *gone)}


def numbered(episodes: list[faults.Episode]) -> Iterable[tuple[tuple[str, int], faults.Episode]]:
    """Each with its name and the how-manieth of that name it is."""
    counts: dict[str, int] = defaultdict(int)
    for episode in sorted(episodes, key=lambda e: e.opened_at):
        counts[episode.code] += 1
        yield (episode.code, counts[episode.code]), episode
