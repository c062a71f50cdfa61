"""Episodes of trouble codes, folded from reads by the time they were measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

CLEAN_APART = timedelta(hours=6)
RECURS_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CodeRead:
    """One successful read of the codes. In a partial one (`complete` false) a missing code proves nothing."""

    at: datetime
    codes: tuple[str, ...]
    received_at: datetime
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Episode:
    """One code from its first sighting to two clean reads apart. `previous` is the index of an earlier episode."""

    code: str
    opened_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None = None
    first_clean_at: datetime | None = None
    recurrences: int = 0
    previous: int | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def fold(
    reads: Sequence[CodeRead],
    *,
    clean_apart: timedelta = CLEAN_APART,
    recurs_within: timedelta = RECURS_WITHIN,
) -> list[Episode]:
    """All episodes in the order of their opening; at one instant the union of codes counts."""
    episodes: list[Episode] = []
    latest: dict[str, int] = {}
    open_codes: set[str] = set()
    for at, codes, complete in _instants(reads):
        for code in sorted(codes):
            place = latest.get(code)
            known = None if place is None else episodes[place]
            if known is None or (known.closed_at is not None and at - known.closed_at > recurs_within):
                latest[code] = len(episodes)
                episodes.append(Episode(code, at, at, previous=place))
            else:
                episodes[place] = _seen_again(known, at)
            open_codes.add(code)
        if not complete:
            continue
        for code in open_codes - codes:
            place = latest[code]
            episodes[place] = _clean(episodes[place], at, clean_apart)
        open_codes = {code for code in open_codes if episodes[latest[code]].is_open}
    return episodes


def _instants(reads: Iterable[CodeRead]) -> list[tuple[datetime, set[str], bool]]:
    moments: dict[datetime, tuple[set[str], bool]] = {}
    for read in reads:
        codes, complete = moments.get(read.at, (set(), False))
        moments[read.at] = (codes | set(read.codes), complete or read.complete)
    return [(at, *moments[at]) for at in sorted(moments)]


def _seen_again(episode: Episode, at: datetime) -> Episode:
    recurrences = episode.recurrences + (0 if episode.is_open else 1)
    return replace(episode, last_seen_at=at, closed_at=None, first_clean_at=None, recurrences=recurrences)


def _clean(episode: Episode, at: datetime, apart: timedelta) -> Episode:
    """The first clean read starts the wait, the next one far enough from it closes."""
    if episode.first_clean_at is None:
        return replace(episode, first_clean_at=at)
    if at - episode.first_clean_at >= apart:
        return replace(episode, closed_at=at)
    return episode
