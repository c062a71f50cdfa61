"""Episodes of trouble codes, folded from reads by the time they were measured. Warning lights fold the same way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

CLEAN_APART = timedelta(hours=6)
RECURS_WITHIN = timedelta(days=7)
QUIET = timedelta(days=14)  # after it a single clean read is believed, if the car told other things meanwhile
QUIET_DAYS = 3


@dataclass(frozen=True, slots=True)
class CodeRead:
    """One successful read of the codes. In a partial one (`complete` false) a missing code proves nothing.

    `at` is its measured time. `told_at` is when it was fetched, else received: it tells apart what a maker says at
    different times under one measured time.
    """

    at: datetime
    codes: tuple[str, ...]
    told_at: datetime
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Pulse:
    """What else the car told: the moments at which its other signals were measured. `lost_at`: since when the signal
    that is folded is not given any more; None while it is."""

    moments: tuple[datetime, ...] = ()
    lost_at: datetime | None = None

    def vouches(self, since: datetime, *, known_at: datetime | None) -> bool:
        """Whether the car told other things on enough of the days that follow, and something after the last of them.

        `known_at` is a moment that is known to have come by a read of the folded signal itself.
        """
        until = since + QUIET
        if self.lost_at is not None and self.lost_at < until:
            return False
        within = {moment.date() for moment in self.moments if since <= moment <= until}
        came = max((*self.moments, known_at) if known_at else self.moments, default=since)
        return len(within) >= QUIET_DAYS and came >= until


SILENT = Pulse()


@dataclass(frozen=True, slots=True)
class Episode:
    """One code from its first sighting to the proof that it is gone. `previous` is the index of an earlier episode.

    `quiet_since`: when an open one was first said to be gone.
    """

    code: str
    opened_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None = None
    first_clean_at: datetime | None = None
    recurrences: int = 0
    previous: int | None = None
    quiet_since: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class _Instant:
    """All that was said of one measured moment. `doubted`: code → when the maker first told the same without it."""

    at: datetime
    codes: frozenset[str]
    complete: bool
    doubted: dict[str, datetime]


def fold(
    reads: Sequence[CodeRead],
    pulse: Pulse = SILENT,
    *,
    clean_apart: timedelta = CLEAN_APART,
    recurs_within: timedelta = RECURS_WITHIN,
) -> list[Episode]:
    """All episodes in the order of their opening; at one instant the union of codes counts."""
    story = _Story(pulse, clean_apart, recurs_within)
    for instant in _instants(reads):
        story.close_quiet(before=instant.at)
        for code in sorted(instant.codes):
            story.see(code, instant)
        if instant.complete:
            for code in story.open - instant.codes:
                story.miss(code, instant.at)
    story.close_quiet(before=None)
    for code, since in story.quiet.items():
        place = story.latest[code]
        story.episodes[place] = replace(story.episodes[place], quiet_since=since)
    return story.episodes


class _Story:
    """The episodes so far. `quiet`: open codes that were not there any more, and since when that was said."""

    def __init__(self, pulse: Pulse, clean_apart: timedelta, recurs_within: timedelta):
        self.pulse, self.clean_apart, self.recurs_within = pulse, clean_apart, recurs_within
        self.episodes: list[Episode] = []
        self.latest: dict[str, int] = {}
        self.open: set[str] = set()
        self.quiet: dict[str, datetime] = {}

    def see(self, code: str, instant: "_Instant") -> None:
        place = self.latest.get(code)
        known = None if place is None else self.episodes[place]
        if known is None or (known.closed_at is not None and instant.at - known.closed_at > self.recurs_within):
            self.latest[code] = len(self.episodes)
            self.episodes.append(Episode(code, instant.at, instant.at, previous=place))
        else:
            self.episodes[place] = _seen_again(known, instant.at)
        self.open.add(code)
        self.quiet.pop(code, None)
        if code in instant.doubted:
            self.quiet[code] = instant.doubted[code]

    def miss(self, code: str, at: datetime) -> None:
        """The first clean read starts the wait, the next one far enough from it closes."""
        episode = self.episodes[self.latest[code]]
        self.quiet[code] = min(at, self.quiet.get(code, at))
        if episode.first_clean_at is None:
            self.episodes[self.latest[code]] = replace(episode, first_clean_at=at)
        elif at - episode.first_clean_at >= self.clean_apart:
            self.close(code, at)

    def close_quiet(self, *, before: datetime | None) -> None:
        """What was quiet for fourteen days before this moment, by the car's other words, is over."""
        for code, since in sorted(self.quiet.items()):
            in_time = before is None or since + QUIET <= before
            if in_time and self.pulse.vouches(since, known_at=before):
                self.close(code, since + QUIET)

    def close(self, code: str, at: datetime) -> None:
        self.episodes[self.latest[code]] = replace(self.episodes[self.latest[code]], closed_at=at)
        self.open.discard(code)
        self.quiet.pop(code, None)


def _instants(reads: Iterable[CodeRead]) -> list[_Instant]:
    moments: dict[datetime, list[CodeRead]] = {}
    for read in reads:
        moments.setdefault(read.at, []).append(read)
    return [_instant(at, moments[at]) for at in sorted(moments)]


def _instant(at: datetime, reads: list[CodeRead]) -> _Instant:
    codes = frozenset(code for read in reads for code in read.codes)
    doubted = {}
    for code in codes:
        last = max(read.told_at for read in reads if code in read.codes)
        without = [read.told_at for read in reads if read.complete and code not in read.codes and read.told_at > last]
        if without:
            doubted[code] = max(at, min(without))
    return _Instant(at, codes, any(read.complete for read in reads), doubted)


def _seen_again(episode: Episode, at: datetime) -> Episode:
    recurrences = episode.recurrences + (0 if episode.is_open else 1)
    return replace(episode, last_seen_at=at, closed_at=None, first_clean_at=None, recurrences=recurrences)
