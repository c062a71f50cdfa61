"""What a car can tell and what not is the same in nearly every poll: its refrain, noted at once and not by its rows.

A vehicle keeps the digest of the last whole answer that taught what it can tell, since when that is said, and when it
was heard last. A capability that was noted just then is a part of it and is heard again with it. Any other word that
writes to a capability ends the refrain: the next poll is read row by row, and begins the next.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet

from fleet.kit import rows
from vehicles.models import Capability, Vehicle

GIVEN = Capability.State.GIVEN.value
COLUMNS = ["words_digest", "words_since", "words_at"]

Word = tuple[str, datetime, str]  # state, when it reached us, note
Told = dict[str, Word]  # what one vehicle said, by signal


def digest(told: Told) -> str:
    said = sorted((signal, state, note) for signal, (state, _, note) in told.items())
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def moment_of(told: Told) -> datetime | None:
    """When all of it was said, if that is one moment."""
    moments = {at for _, at, _ in told.values()}
    return moments.pop() if len(moments) == 1 else None


def again(vehicle: Vehicle, told: Told, gauges: dict) -> datetime | None:
    """When this vehicle said what it always says, and its gauges know of all that it gave; None if it did not."""
    at = moment_of(told)
    if at is None or not vehicle.words_digest or at < vehicle.words_at or digest(told) != vehicle.words_digest:
        return None
    given = (gauges.get((vehicle.pk, signal)) for signal, (state, _, _) in told.items() if state == GIVEN)
    return at if all(gauge is not None and gauge.received_at >= at for gauge in given) else None


def hear(again: dict[int, datetime]) -> None:
    """Those vehicles said the same once more."""
    moments = defaultdict(list)
    for pk, at in again.items():
        moments[at].append(pk)
    for at, pks in moments.items():
        Vehicle.objects.filter(pk__among=pks).update(words_at=at)


def last_heard(vehicle: Vehicle, checked_at: datetime) -> datetime:
    """When the answer in a row of capabilities was heard last."""
    return vehicle.words_at if checked_at == vehicle.words_since else checked_at


def may_begin(vehicle: Vehicle, told: Told) -> bool:
    at = moment_of(told)
    return at is not None and (vehicle.words_at is None or vehicle.words_at < at)


def begin(begun: dict[int, Told], ended: Iterable[int], vehicles: dict[int, Vehicle]) -> None:
    """These vehicles have a new refrain, by which all their rows stand now; those have none any more."""
    turned = [vehicles[pk] for pk in ended if vehicles[pk].words_digest]
    for vehicle in turned:
        vehicle.words_digest = ""  # its rows were heard when they were heard
    for pk, told in begun.items():
        at = moment_of(told)
        vehicles[pk].words_digest, vehicles[pk].words_since, vehicles[pk].words_at = digest(told), at, at
        turned.append(vehicles[pk])
    rows.update(turned, COLUMNS)


def end(vehicles: QuerySet) -> None:
    """What these can tell is about to be changed by somebody else."""
    vehicles.exclude(words_digest="").update(words_digest="")


def heard_after(moment: datetime) -> Q:
    """Of capabilities: those that were heard after a moment."""
    return Q(checked_at__gt=moment) | Q(checked_at=F("vehicle__words_since"), vehicle__words_at__gt=moment)
