"""When to ask a car again, and why then. Webhooks come first; polling is the net under them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

USUAL = timedelta(hours=24)  # Smartcar's own store refreshes about daily, so more buys nothing
SILENT = timedelta(hours=36)  # no report for so long is never silence yet
SOONER = timedelta(hours=6)
FIRST = timedelta(minutes=2)  # after a subscription the store needs a moment
WANTED_GAP = timedelta(hours=4)  # between two polls for one verdict: the car may have nothing newer to tell
SHARE = 0.7  # of the day's calls that polling plans with; the rest is for connecting, repair and people
SOONEST = timedelta(seconds=30)
WORST = timedelta(hours=24)
RHYTHMS = 3  # so many times the usual gap without a report is silence


class Rank(IntEnum):
    """Who goes first when calls are short: the order inside a fleet, and a head start between fleets."""

    ASKED = 0
    NEW = 1
    OUTAGE = 2
    WANTED = 3
    ROUTINE = 4


class Why(StrEnum):
    """Why a car is asked when it is asked."""

    ASKED = "asked"
    NEW = "new"
    OUTAGE = "outage"
    WANTED = "wanted"
    QUIET = "quiet"
    USUAL = "usual"
    SHARE = "share"
    PACE = "pace"
    MONTH = "month"
    LATER = "later"
    FAILED = "failed"
    BREAKER = "breaker"

    @property
    def rank(self) -> Rank:
        return RANKS.get(self, Rank.ROUTINE)


RANKS = {Why.ASKED: Rank.ASKED, Why.NEW: Rank.NEW, Why.OUTAGE: Rank.OUTAGE, Why.WANTED: Rank.WANTED}

# For people: the word of a filter, and what it means.
WORDS = {
    Why.ASKED: ("Asked for", "somebody asked for an answer"),
    Why.NEW: ("New", "just connected, its first data is awaited"),
    Why.OUTAGE: ("After an outage", "what it sent meanwhile is lost, so it is asked"),
    Why.WANTED: ("For a verdict", "a fresh reading would settle what is due"),
    Why.QUIET: ("Quiet", "it has not reported for longer than it usually does"),
    Why.USUAL: ("Once a day", "it reports by itself; asking is the net under that"),
    Why.SHARE: ("Its share", "as often as its fleet’s share of the calls allows"),
    Why.PACE: ("Month’s pace", "so that this month’s calls last to the end of the month"),
    Why.MONTH: ("Next month", "this month’s calls are used"),
    Why.LATER: ("When Smartcar said", "Smartcar asked to wait so long"),
    Why.FAILED: ("After a failure", "the last try failed, and each further try waits longer"),
    Why.BREAKER: ("Maker or line down", "others like it get no answer either; one car at a time is tried"),
}


@dataclass(frozen=True, slots=True)
class Next:
    """The moment of the next poll, and why then."""

    at: datetime
    why: Why


@dataclass(frozen=True, slots=True)
class Month:
    """How many of a car's calls routine polls may still use this month, and when the next month begins."""

    left: int
    ends: datetime


def spread(key: int) -> float:
    """A steady number in 0..1 for a vehicle, so that a fleet enrolled at once does not ring at once."""
    return (key * 2_654_435_761 % 2**32) / 2**32


def stale_after(rhythm: timedelta | None) -> timedelta:
    """Without a report for so long, what a car said is old: by its own rhythm, and never before a day and a half."""
    return SILENT if rhythm is None else max(SILENT, RHYTHMS * rhythm)


def next_poll(
    *,
    now: datetime,
    last_webhook: datetime | None,
    wanted_at: datetime | None = None,
    rhythm: timedelta | None = None,
    affordable: timedelta = timedelta(),
    month: Month | None = None,
    key: int,
) -> Next:
    """The moment of the next poll after a good one.

    `affordable` is the gap that the fleet's fair share of the calls allows each of its cars; a poll that a verdict
    waits for does not heed it, since it goes ahead of the others of its fleet.
    """
    if month is not None and month.left <= 0:
        return Next(month.ends + timedelta(hours=6) * spread(key), Why.MONTH)
    fed = last_webhook is None or now - last_webhook < stale_after(rhythm)
    wish = Why.USUAL if fed else Why.QUIET
    gap, why = max((USUAL if fed else SOONER, wish), (affordable, Why.SHARE))
    found = Next(now + gap * (0.9 + 0.2 * spread(key)), why)
    if wanted_at is not None:
        sooner = max(wanted_at, now + WANTED_GAP * (0.9 + 0.2 * spread(key)))
        if sooner < found.at:
            found = Next(sooner, Why.WANTED)
    if month is not None:
        paced = now + max(month.ends - now, timedelta()) / (month.left + 1)
        if paced > found.at:
            found = Next(paced, Why.PACE)
    return found


def after_failure(*, now: datetime, failures: int, asked_for: timedelta | None = None) -> Next:
    """The moment to try again: what Smartcar asked for, else doubling from a minute to a day."""
    wait = asked_for if asked_for is not None else timedelta(minutes=1) * 2 ** min(failures, 11)
    why = Why.FAILED if asked_for is None else Why.LATER
    return Next(now + min(max(wait, SOONEST), WORST), why)
