"""Why a reading is doubted, and what a person said of it, in words."""

from datetime import timedelta

from fleet.kit.units import show_distance
from vehicles.domain.acceptance import CLOCK_SLACK
from vehicles.domain.meter import STANDING_STILL_KM
from vehicles.models import MeterNote, Reading

DAY = timedelta(days=1)


def doubt(reading: Reading, km: float, last: Reading | None, last_km: float | None, units: str) -> str:
    """`last` is the newest believed one at or before it; both figures are true distance."""
    if reading.at > reading.received_at + CLOCK_SLACK:
        return "claims a time after it came"
    if last is None:
        return "does not fit the readings after it"
    if last.at == reading.at:
        return "another figure of the same moment stands"
    if km <= last_km - STANDING_STILL_KM:
        return f"{show_distance(last_km - km, units)} below the reading before it"
    days = max(1, round((reading.at - last.at) / DAY))
    span = "a day" if days == 1 else f"{days} days"
    return f"{show_distance(km - last_km, units)} more within {span}, or at odds with those after it"


def of_note(note: MeterNote, units: str) -> str:
    """What it is about."""
    if note.reading is not None:
        return f"{note.get_what_display()}: {show_distance(note.reading.number, units, 1)}"
    if note.segment is not None:
        return f"{note.get_what_display()}: {signed(note.segment.offset_km, units)} from then on"
    return note.get_what_display()


def signed(km: float, units: str) -> str:
    return f"{'+' if km >= 0 else ''}{show_distance(km, units)}"
