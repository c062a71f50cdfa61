"""Which odometer readings to believe. Judged from the set of readings alone, whatever order they came in.

What is compared is true distance: what the dash showed and the offset of the segment it was read in.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vehicles.domain.acceptance import CLOCK_SLACK
from vehicles.domain.segments import Segment, true_km

A_DAY_KM = 2_500
A_FURTHER_DAY_KM = 1_500
HARD_DAYS = 7
STANDING_STILL_KM = 2
DAY = timedelta(days=1)


class Belief(StrEnum):
    ACCEPTED = "accepted"
    SUSPECT = "suspect"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Dated:
    """One stored odometer reading. `at` is the time it counts for: measured, else fetched, else received.

    `value` is what the dash showed. `vouched`: a person says that it is right, whatever its neighbours say.
    `aside`: somebody typed it although it does not fit. Until it is vouched for, the others are not judged by it.
    """

    at: datetime
    fetched_at: datetime | None
    sequence: int | None
    value: float
    received_at: datetime
    void: bool = False
    measured: bool = True
    vouched: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """`value` is what counts: true distance, on a plateau its highest. `echo`: no news of an earlier reading.

    `replaced`: the meter seems to have been exchanged here.
    """

    reading: Dated
    belief: Belief
    value: float
    replaced: bool = False
    echo: bool = False


@dataclass(slots=True)
class _Point:
    """All copies of one value at one instant."""

    at: datetime
    value: float
    received_at: datetime
    sequence: int
    void: bool
    measured: bool
    vouched: bool
    aside: bool
    belief: Belief = Belief.SUSPECT
    counts_as: float = 0.0
    replaced: bool = False
    echo_of: "_Point | None" = None

    @property
    def stands_apart(self) -> bool:
        return self.aside and not self.vouched


def is_plausible_next(last_accepted: Dated, new: Dated) -> bool:
    """Whether `new` simply follows, so that nothing else needs judging again.

    Give the plateau's value for the last accepted one, and both of one segment; while either of the last two
    readings is suspect, `judge` all: a third one may confirm them.
    """
    if new.void or new.at <= last_accepted.at or _is_from_the_future(new.at, new.received_at):
        return False
    return _follows(last_accepted.at, last_accepted.value, new.at, new.value)


def judge(readings: Sequence[Dated], segments: Sequence[Segment] = ()) -> list[Standing]:
    """One standing per reading, in the order given."""
    points = _points(readings, segments)
    _find_echoes(points.values())
    line = _one_per_instant(point for point in points.values() if point.echo_of is None)
    _walk(line)
    for point in points.values():
        if point.echo_of is not None and not point.void:
            point.belief = point.echo_of.belief
    return [_standing(reading, points[reading.at, reading.value]) for reading in readings]


def was_replaced(standings: Sequence[Standing]) -> bool:
    return asks_from(standings) is not None


def asks_from(standings: Sequence[Standing]) -> datetime | None:
    """A confirmed step back that nothing accepted has overtaken: distance is unknown until a person answers."""
    last = current(standings)
    return min(
        (s.reading.at for s in standings if s.replaced and (last is None or s.reading.at > last.reading.at)),
        default=None,
    )


def current(standings: Sequence[Standing]) -> Standing | None:
    """The newest accepted one by time; never the greatest ever seen."""
    accepted = (s for s in standings if s.belief is Belief.ACCEPTED and not s.echo)
    return max(accepted, key=lambda s: s.reading.at, default=None)


def _points(readings: Sequence[Dated], segments: Sequence[Segment]) -> dict[tuple[datetime, float], _Point]:
    """A void covers every copy of its time and value; an echo keeps its first receipt."""
    points: dict[tuple[datetime, float], _Point] = {}
    for reading in readings:
        sequence = -1 if reading.sequence is None else reading.sequence
        point = points.get((reading.at, reading.value))
        if point is None:
            km = true_km(segments, reading.value, reading.at) if segments else reading.value
            points[reading.at, reading.value] = _Point(
                at=reading.at,
                value=km,
                received_at=reading.received_at,
                sequence=sequence,
                void=reading.void,
                measured=reading.measured,
                vouched=reading.vouched,
                aside=reading.aside,
                counts_as=km,
            )
            continue
        if (reading.received_at, -sequence) < (point.received_at, -point.sequence):
            point.received_at, point.sequence = reading.received_at, sequence
        point.void = point.void or reading.void
        point.measured = point.measured or reading.measured
        point.vouched = point.vouched or reading.vouched
        point.aside = point.aside and reading.aside
    return points


def _find_echoes(points: Iterable[_Point]) -> None:
    """Without a measured time an equal value is an echo. It stands as the reading does that it repeats."""
    if all(point.measured for point in points):
        return
    heard: dict[float, _Point] = {}
    for point in sorted((point for point in points if not point.stands_apart), key=lambda point: point.at):
        first = heard.setdefault(point.value, point)
        if first is not point and not point.measured and not point.vouched:
            point.echo_of = first
            point.void = point.void or first.void
            point.belief = Belief.VOID if point.void else Belief.SUSPECT


def _one_per_instant(points: Iterable[_Point]) -> list[_Point]:
    """In order of time. Of different values at one instant the last received stands, the others stay suspect."""
    standing: dict[datetime, _Point] = {}
    for point in points:
        if point.void:
            point.belief = Belief.VOID
        elif not point.stands_apart and not _is_from_the_future(point.at, point.received_at):
            rival = standing.get(point.at)
            if rival is None or _claim(point) > _claim(rival):
                standing[point.at] = point
    return sorted(standing.values(), key=lambda point: point.at)


def _claim(point: _Point):
    return point.vouched, point.received_at, point.sequence, point.value


def _walk(line: list[_Point]) -> None:
    accepted: list[_Point] = []
    for place, point in enumerate(line):
        if accepted and not _follows(accepted[-1].at, accepted[-1].counts_as, point.at, point.value):
            if not point.vouched and not _is_confirmed(line, place):
                continue
            above = accepted[_first_above(accepted, point.value) :]
            if not point.vouched and (len(above) > 2 or any(outlier.vouched for outlier in above)):
                point.replaced = True
                continue
            for outlier in above:
                outlier.belief, outlier.counts_as = Belief.SUSPECT, outlier.value
            del accepted[len(accepted) - len(above) :]
        point.belief = Belief.ACCEPTED
        if accepted and point.value < accepted[-1].counts_as:
            point.counts_as = accepted[-1].counts_as
        accepted.append(point)


def _first_above(accepted: list[_Point], value: float) -> int:
    """Accepted ones never fall, so those that a step back leaves above it are the last of them."""
    return bisect_left(accepted, value + STANDING_STILL_KM, key=lambda point: round(point.counts_as, 6))


def _is_confirmed(line: list[_Point], place: int) -> bool:
    """The next two readings go on from here; being suspect themselves does not matter."""
    if place + 2 >= len(line):
        return False
    here, second, third = line[place : place + 3]
    high = max(here.value, second.value)
    return _follows(here.at, here.value, second.at, second.value) and _follows(second.at, high, third.at, third.value)


def _follows(at: datetime, value: float, next_at: datetime, next_value: float) -> bool:
    driven_km = round(next_value - value, 6)
    return -STANDING_STILL_KM < driven_km <= _possible_km((next_at - at) / DAY)


def _possible_km(days: float) -> float:
    return A_DAY_KM * max(1.0, min(days, HARD_DAYS)) + A_FURTHER_DAY_KM * max(0.0, days - HARD_DAYS)


def _is_from_the_future(at: datetime, received_at: datetime) -> bool:
    return at > received_at + CLOCK_SLACK


def _standing(reading: Dated, point: _Point) -> Standing:
    return Standing(reading, point.belief, point.counts_as, point.replaced, point.echo_of is not None)
