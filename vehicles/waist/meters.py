"""The clusters of each car: what a dash shows as true distance, and the other way round."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from vehicles.domain import segments
from vehicles.models import Gauge, Reading, Segment

Segments = tuple[segments.Segment, ...]


def segments_of(vehicle_ids: Iterable[int]) -> dict[int, Segments]:
    """Those that stand, oldest first; a car whose meter was never replaced is not in it. One query."""
    found: dict[int, list[segments.Segment]] = defaultdict(list)
    standing = Segment.objects.filter(vehicle_id__among=vehicle_ids, voided_at=None).order_by("begins_at")
    for vehicle_id, begins_at, offset_km in standing.values_list("vehicle_id", "begins_at", "offset_km"):
        found[vehicle_id].append(segments.Segment(begins_at, offset_km))
    return {vehicle_id: tuple(held) for vehicle_id, held in found.items()}


def standing(held: Iterable[Segment]) -> Segments:
    """Of one car's replacements those that were not taken back, oldest first."""
    found = sorted((segment for segment in held if segment.voided_at is None), key=lambda segment: segment.begins_at)
    return tuple(segments.Segment(segment.begins_at, segment.offset_km) for segment in found)


def to_true(vehicle_id: int, dash_km: float, at: datetime) -> float:
    """What a person read on the dash at that moment, as the distance that plans count in."""
    return segments.true_km(segments_of([vehicle_id]).get(vehicle_id, ()), dash_km, at)


def to_dash(vehicle_id: int, km: float, at: datetime) -> float:
    """A distance as the dash of that moment showed or would show it."""
    return segments.dash_km(segments_of([vehicle_id]).get(vehicle_id, ()), km, at)


def begun_between(vehicle_id: int, after: datetime, until: datetime) -> datetime | None:
    """When the last cluster of that time was put in, if one was."""
    begun = [one.begins_at for one in segments_of([vehicle_id]).get(vehicle_id, ()) if after < one.begins_at <= until]
    return begun[-1] if begun else None


def true_km(readings: Iterable[Reading]) -> dict[int, float]:
    """Odometer readings by their key as true distance. One query, however many there are."""
    readings = list(readings)
    held = segments_of({reading.vehicle_id for reading in readings})
    return {r.pk: segments.true_km(held.get(r.vehicle_id, ()), r.number, r.at) for r in readings}


def dash_of(gauge: Gauge) -> float:
    """What the dash shows: the gauge of an odometer holds true distance."""
    return gauge.detail["dash"] if is_replaced(gauge) else gauge.number


def is_replaced(gauge: Gauge) -> bool:
    """Whether the dash shows another figure than the true distance."""
    return gauge.number is not None and isinstance(gauge.detail, dict) and "dash" in gauge.detail
