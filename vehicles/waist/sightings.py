"""What vehicles said of their trouble codes and lights, as reads that can be folded."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile

from vehicles.domain.faults import QUIET, CodeRead, Pulse
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Gauge, Reading, Standing

LOST = (Capability.State.UNSUPPORTED, Capability.State.NOT_PERMITTED)
CODES, COUNT = Signal.TROUBLE_CODES.value, Signal.TROUBLE_CODE_COUNT.value
SAME_READ = timedelta(minutes=1)  # the signals of one read may be measured seconds apart
Count = tuple[datetime, datetime, float]  # measured, told, how many
COLUMNS = ("vehicle_id", "signal", "at", "fetched_at", "received_at", "number", "detail")


def of(signals: tuple[str, ...], ids: set[int]) -> dict[int, list[tuple[list[CodeRead], Pulse]]]:
    """What is to be folded, by vehicle: all reads of its codes together, of its lights each apart.

    The gauges are read too: they know what was said last of a moment.
    """
    about = {"vehicle_id__in": ids, "signal__in": signals}
    told = told_of(about)
    reads = of_codes(told) if CODES in signals else of_lights(told)
    lost = lost_since(about)
    stories: dict[int, list] = {pk: [] for pk in ids}
    for (pk, signal), held in reads.items():
        own = (CODES, COUNT) if signal == CODES else (signal,)
        stories[pk].append((held, Heard(lost_at=lost.get((pk, signal)), vehicle_id=pk, signals=own)))
    return stories


def told_of(about: dict) -> list[tuple]:
    told = list(Reading.objects.filter(**about).exclude(standing=Standing.VOID).values_list(*COLUMNS))
    return told + list(Gauge.objects.filter(**about).values_list(*COLUMNS))


def codes_since(ids: set[int], since: datetime) -> dict[int, list[CodeRead]]:
    """The reads of codes that were measured after this, by vehicle."""
    told = told_of({"vehicle_id__in": ids, "signal__in": (CODES, COUNT), "at__gt": since - SAME_READ})
    return {pk: [read for read in reads if read.at > since] for (pk, _), reads in of_codes(told).items()}


def of_codes(told: list[tuple]) -> dict[tuple, list[CodeRead]]:
    """A count of the same moments that is higher than the codes we got makes a read partial."""
    counts: dict[int, list[Count]] = defaultdict(list)
    for pk, signal, at, fetched_at, received_at, number, _ in told:
        if signal == COUNT:
            counts[pk].append((at, fetched_at or received_at, number))
    for told_counts in counts.values():
        told_counts.sort()
    reads: dict[tuple, list[CodeRead]] = defaultdict(list)
    for pk, signal, at, fetched_at, received_at, _, detail in told:
        if signal == CODES:
            codes, told_at = tuple(code["code"] for code in detail), fetched_at or received_at
            complete = is_whole(at, told_at, len(codes), counts[pk])
            reads[pk, signal].append(CodeRead(at, codes, told_at, complete))
    return reads


def is_whole(at: datetime, told_at: datetime, codes: int, counts: Sequence[Count]) -> bool:
    """Whether a read has as many codes as the car counted then, as far as it told. `counts` in order of time.

    The nearest count of its minute speaks. Where a maker repeats one measured time, that is the one told with the
    codes; of two as near the higher one.
    """
    first = bisect_left(counts, (at - SAME_READ,))
    near = takewhile(lambda one: one[0] <= at + SAME_READ, islice(counts, first, None))
    nearest = min(((abs(when - at), abs(told - told_at), -number) for when, told, number in near), default=None)
    return nearest is None or codes >= -nearest[2]


def of_lights(told: list[tuple]) -> dict[tuple, list[CodeRead]]:
    """A light that never was on needs no folding."""
    reads: dict[tuple, list[CodeRead]] = defaultdict(list)
    for pk, signal, at, fetched_at, received_at, _, detail in told:
        codes = (signal,) if detail["status"] == "ALERT" else ()
        reads[pk, signal].append(CodeRead(at, codes, fetched_at or received_at))
    return {key: held for key, held in reads.items() if any(read.codes for read in held)}


def lost_since(about: dict) -> dict[tuple, datetime]:
    """Since when a signal is not given any more, where that is so."""
    found = Capability.objects.filter(**about, state__in=LOST).values_list("vehicle_id", "signal", "since")
    return {(pk, signal): since for pk, signal, since in found}


@dataclass(frozen=True)
class Heard(Pulse):
    """The other words of one vehicle, read where they are asked for."""

    vehicle_id: int = 0
    signals: tuple[str, ...] = ()

    def vouches(self, since: datetime, *, known_at: datetime | None) -> bool:
        until = since + QUIET
        others = Reading.objects.filter(vehicle_id=self.vehicle_id, measured_at__isnull=False)
        others = others.exclude(signal__in=self.signals).exclude(standing=Standing.VOID)
        within = tuple(others.filter(at__gte=since, at__lte=until).values_list("at", flat=True))
        after = others.filter(at__gte=until).order_by("at").values_list("at", flat=True)[:1]
        return Pulse((*within, *after), self.lost_at).vouches(since, known_at=known_at)
