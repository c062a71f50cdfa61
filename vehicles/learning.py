"""What each car can tell, and why not, learnt from every answer."""

from datetime import datetime

from fleet.kit import rows
from vehicles.models import Capability

State = Capability.State
SETTLED = (State.GIVEN, State.UNSUPPORTED, State.NOT_PERMITTED, State.OPEN)
GIVEN = State.GIVEN.value
RANKS = {State.GIVEN: 2, State.OPEN: 1}

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

    known = {(c.vehicle_id, c.signal): c for c in Capability.objects.filter(vehicle_id__in=ids)}
    changed, heard = [], []
    for key, (state, at, note) in news.items():
        row = known.get(key)
        if row is None:
            row = Capability(vehicle_id=key[0], signal=key[1])
        elif weight(row.state, last_word(row, gauges)) >= weight(state, at):
            continue
        elif (row.state, row.note) == (state, note):
            row.checked_at = at  # an older word that comes in late must not pass for the newer one
            heard.append(row)
            continue
        row.state, row.note, row.since, row.checked_at = state, note, at, at
        changed.append(row)
    rows.upsert(changed + heard, unique=["vehicle", "signal"], update=["state", "note", "since", "checked_at"])
    return {row.vehicle_id for row in changed}


def last_word(row: Capability, gauges: dict) -> datetime:
    """When the answer was last heard. A given signal's is its gauge's, which spares a write with every value."""
    gauge = gauges.get((row.vehicle_id, row.signal))
    if row.state == GIVEN and gauge is not None:
        return max(row.checked_at, gauge.received_at)
    return row.checked_at
