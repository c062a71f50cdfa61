"""A cluster that was replaced: from a moment on the dash counts anew, and true distance = what it shows + an offset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """Offsets are absolute: the newest segment that has begun counts alone. Before the first one the offset is 0."""

    begins_at: datetime
    offset_km: float


def offset_at(segments: Sequence[Segment], at: datetime) -> float:
    begun = [segment for segment in segments if segment.begins_at <= at]
    return max(begun, key=lambda segment: segment.begins_at).offset_km if begun else 0.0


def true_km(segments: Sequence[Segment], dash_km: float, at: datetime) -> float:
    return round(dash_km + offset_at(segments, at), 1)


def dash_km(segments: Sequence[Segment], km: float, at: datetime) -> float:
    return round(km - offset_at(segments, at), 1)


def offset_from(*, true_before_km: float, dash_after_km: float) -> float:
    """The offset that lets distance go on where it stood when the new dash showed its first figure."""
    return round(true_before_km - dash_after_km, 1)
