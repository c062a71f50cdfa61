"""How old a value is, in the words of a page. Every number from a car wears one of these."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maintenance.domain.wording import came
from vehicles.domain import cadence

STALE = cadence.stale_after(None)  # for a car whose rhythm is not known
ICONS = {"webhook": "src-push", "poll": "src-poll", "bench": "src-bench", "dealer": "src-dealer"}


@dataclass(frozen=True, slots=True)
class Age:
    at: datetime
    text: str
    title: str
    icon: str
    stale: bool


def age(at: datetime, source: str, now: datetime, rhythm: int | None = None) -> Age:
    """`rhythm`: how often the car usually reports, in minutes. Old is what three such gaps have passed since."""
    stale = now - at > cadence.stale_after(None if rhythm is None else timedelta(minutes=rhythm))
    title = came(source)
    return Age(at, spoken(now - at), f"old: {title}" if stale else title, ICONS.get(str(source), "src-push"), stale)


def spoken(span: timedelta) -> str:
    """“40 min”, “2 h”, “6 days”: one unit, rounded down, so that nothing is called older than it is."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def ago(span: timedelta) -> str:
    text = spoken(span)
    return text if text == "just now" else f"{text} ago"
