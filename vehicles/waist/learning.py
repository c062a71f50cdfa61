"""What each car can tell, and why not, learnt from every answer."""

from collections import defaultdict
from datetime import datetime

from fleet.kit import rows
from vehicles.models import Capability, Gauge

State = Capability.State
SETTLED = (State.GIVEN, State.UNSUPPORTED, State.NOT_PERMITTED, State.OPEN)
GIVEN = State.GIVEN.value
RANKS = {State.GIVEN: 2, State.OPEN: 1}
NEVER = ("", "", None, None)

Word = tuple[int, str, datetime, str, str]  # vehicle, signal, when it reached us, state, note


def weight(state: str, at: datetime) -> tuple:
    """Which of two answers stands: a settled one over a failed try, then the newer, then the value over the gap."""
    return (state in SETTLED, at, RANKS.get(state, 0), state)


def learn(words: list[Word], gauges: dict, ids: list[int]) -> set[int]:
    """Keep what each vehicle can tell. The vehicles that taught us something."""
    news: dict[tuple, tuple] = {}
    for vehicle_id, signal, at, state, note in words:
        key = (vehicle_id, signal)
        if key not in news or weight(state, at) > weight(*news[key][:2]):
            news[key] = (state, at, note[:120])

    columns = ("vehicle_id", "signal", "state", "note", "checked_at", "pk")
    known = {row[:2]: row[2:] for row in Capability.objects.filter(vehicle_id__in=ids).values_list(*columns)}
    changed, heard = [], defaultdict(list)
    for key, (state, at, note) in news.items():
        old_state, old_note, checked_at, pk = known.get(key, NEVER)
        if checked_at and weight(old_state, last_word(old_state, checked_at, gauges.get(key))) >= weight(state, at):
            continue
        if (old_state, old_note) == (state, note):
            heard[at].append(pk)
        else:
            about = {"state": state, "note": note, "since": at, "checked_at": at}
            changed.append(Capability(vehicle_id=key[0], signal=key[1], **about))
    rows.upsert(changed, unique=["vehicle", "signal"], update=["state", "note", "since", "checked_at"])
    # The same is noted all the same: an older word that comes in late must not pass for the newer one.
    for at, pks in heard.items():
        Capability.objects.filter(pk__in=pks).update(checked_at=at)
    return {row.vehicle_id for row in changed}


def last_word(state: str, checked_at: datetime, gauge: Gauge | None) -> datetime:
    """When the answer was last heard. A given signal's is its gauge's, which spares a write with every value."""
    return max(checked_at, gauge.received_at) if state == GIVEN and gauge is not None else checked_at
