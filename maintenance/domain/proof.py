"""Does the car bear out what a person said was done? A function of its readings alone, in whatever order they came."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from vehicles.domain.faults import CodeRead

ROSE_POINTS = 50  # oil life up by so much,
AS_NEW_PCT = 90  # or to this and above, by more than
WAVERS_POINTS = 2  # what a sensor wavers by
APART = timedelta(hours=6)  # two looks nearer to each other count as one


class State(StrEnum):
    WATCHING = "watching"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNTELLABLE = "untellable"


class Watch(StrEnum):
    OIL = "oil"
    LIGHT = "light"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Look:
    """One reading taken after the claim: does it bear the claim out? `value` is percent where there is one."""

    at: datetime
    good: bool
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """`at` and `value` are of the look that settled it; None while nothing did."""

    state: State
    at: datetime | None = None
    value: float | None = None


def settle(
    looks: Iterable[Look], *, watch: Watch, until: datetime, now: datetime, gives: bool, ends: datetime | None = None
) -> Finding:
    """What is known by `now`. `gives`: the car tells this signal. `ends`: the same job was done again then.

    Without a verdict by `until` it cannot be told. A code or a light that goes later still takes a contradiction back.
    """
    looks = sorted(set(looks), key=lambda look: (look.at, not look.good, look.value or 0.0))
    if ends is not None:
        looks = [look for look in looks if look.at < ends]
    in_time = [look for look in looks if look.at <= until]
    finding = _weigh(in_time, watch, is_over=now >= until, gives=gives)
    if finding.state is State.CONTRADICTED and watch is not Watch.OIL:
        later = _weigh(looks, watch, is_over=True, gives=gives)
        return later if later.state is State.CONFIRMED else finding
    return finding


def _weigh(looks: Sequence[Look], watch: Watch, *, is_over: bool, gives: bool) -> Finding:
    if watch is Watch.OIL and (risen := next((look for look in looks if look.good), None)):
        return Finding(State.CONFIRMED, risen.at, risen.value)  # from there on it only wears
    run = _last_run(looks)
    if run and run[0].good:
        if proved := _proved(run, watch):
            return Finding(State.CONFIRMED, proved.at, proved.value)
    elif run and (is_over or run[-1].at - run[0].at >= APART):
        return Finding(State.CONTRADICTED, run[-1].at, run[-1].value)
    if is_over or (not gives and not looks):
        return Finding(State.UNTELLABLE)
    return Finding(State.WATCHING)


def _last_run(looks: Sequence[Look]) -> list[Look]:
    """The newest looks that agree with each other, in order of time."""
    if not looks:
        return []
    run = list(takewhile(lambda look: look.good == looks[-1].good, reversed(looks)))
    return run[::-1]


def _proved(run: list[Look], watch: Watch) -> Look | None:
    """One look at a light is enough; a code must be gone in two, apart from each other."""
    if watch is not Watch.CODE:
        return run[0]
    return next((look for look in run if look.at - run[0].at >= APART), None)


def code_looks(reads: Iterable[CodeRead], code: str) -> Iterator[Look]:
    """Whether a code is gone. In a partial read its being there counts, its not being there says nothing."""
    for read in reads:
        if code in read.codes:
            yield Look(read.at, False)
        elif read.complete:
            yield Look(read.at, True)


def oil_looks(
    readings: Iterable[tuple[datetime, float]], *, rises_from: datetime, done_at: datetime
) -> tuple[float | None, list[Look]]:
    """The oil life before the job, and what was read since.

    A rise counts from `rises_from`, of a bare date the beginning of that day; but only what was read after the job's
    moment can speak against it. Oil that is as new and was not seen to rise, because it was so before or nobody knows
    what it was, says nothing; nor does its wear from there.
    """
    readings = sorted(set(readings))
    before = next((value for at, value in reversed(readings) if at < rises_from), None)
    start = lowest = before
    as_new = before if before is not None and before >= AS_NEW_PCT else None
    looks: list[Look] = []
    for at, value in readings:
        if at < rises_from:
            continue
        rise = 0.0 if lowest is None else value - lowest
        good = rise >= ROSE_POINTS or (value >= AS_NEW_PCT and rise > WAVERS_POINTS)
        as_new = value if value >= AS_NEW_PCT else as_new
        says_nothing = as_new is not None and as_new - value < ROSE_POINTS
        if good or (at > done_at and not says_nothing):
            looks.append(Look(at, good, value))
        lowest = value if lowest is None else min(lowest, value)
        if before is None and not any(look.good for look in looks):
            start = lowest
    return start, looks


# What the words of a task lead to. A light proves a job only where it was on when the job was done.
LIGHTS = (
    ("brake fluid", "system_brakefluid"),
    ("washer", "system_washerfluid"),
    ("transmission", "system_transmission"),
    ("gearbox", "system_transmission"),
    ("water separator", "system_waterinfuel"),
    ("fuel filter", "system_waterinfuel"),
    ("tyre", "system_tirepressure"),
    ("tire", "system_tirepressure"),
    ("abs", "system_abs"),
    ("airbag", "system_airbag"),
    ("drive battery", "system_evhvbattery"),
    ("oil", "system_oillife"),
)


def watch_for(task: str, *, by_oil: bool, lit: Iterable[str]) -> tuple[Watch, str] | None:
    """Which signal will show whether this job was done; None where no signal of a car does.

    `by_oil`: oil life is one of the task's axes. `lit`: the lights that were on.
    """
    if by_oil:
        return Watch.OIL, "oil_life"
    lit, words = set(lit), f" {task.lower()} "
    for word, signal in LIGHTS:
        if signal in lit and f" {word}" in words:
            return Watch.LIGHT, signal
    return None
