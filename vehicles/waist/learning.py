"""What each car can tell, and why not, learnt from every answer."""

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import datetime
from typing import NamedTuple

from fleet.kit import rows
from vehicles.models import Capability, Gauge, Vehicle
from vehicles.waist import refrains

State = Capability.State
SETTLED = (State.GIVEN, State.UNSUPPORTED, State.NOT_PERMITTED, State.OPEN)
GIVEN = State.GIVEN.value
RANKS = {State.GIVEN: 2, State.OPEN: 1}

Word = tuple[int, str, datetime, str, str]  # vehicle, signal, when it reached us, state, note


class Row(NamedTuple):
    """A capability as it is held, and when that was heard last."""

    pk: int
    state: str
    note: str
    checked_at: datetime
    heard_at: datetime


def weight(state: str, at: datetime) -> tuple:
    """Which of two answers stands: a settled one over a failed try, then the newer, then the value over the gap."""
    return (state in SETTLED, at, RANKS.get(state, 0), state)


def learn(words: list[Word], gauges: dict, vehicles: dict[int, Vehicle], polled: Container[int] = ()) -> set[int]:
    """Keep what each vehicle can tell. The vehicles that taught us something; those polled have told all they can."""
    said = loudest(words)
    again = {pk: at for pk in said if pk in polled and (at := refrains.again(vehicles[pk], said[pk], gauges))}
    refrains.hear(again)
    news = {pk: told for pk, told in said.items() if pk not in again}
    return note(news, gauges, vehicles, polled) if news else set()


def loudest(words: list[Word]) -> dict[int, refrains.Told]:
    """Of each vehicle and signal the word that stands."""
    said: dict[int, refrains.Told] = defaultdict(dict)
    for vehicle_id, signal, at, state, note in words:
        told = said[vehicle_id]
        if signal not in told or weight(state, at) > weight(*told[signal][:2]):
            told[signal] = (state, at, note[:120])
    return said


def note(
    said: dict[int, refrains.Told], gauges: dict, vehicles: dict[int, Vehicle], polled: Container[int]
) -> set[int]:
    """Row by row, and what of it is a refrain from now on."""
    known = rows_of(said, vehicles)
    changed, heard, begun, ended = [], defaultdict(list), {}, set()
    for pk, told in said.items():
        held = known[pk]
        news = {name: word for name, word in told.items() if is_news(word, held.get(name), gauges.get((pk, name)))}
        for name, (state, at, why) in news.items():
            row = held.get(name)
            if row and (row.state, row.note) == (state, why):
                heard[at].append(row.pk)
            else:
                about = {"state": state, "note": why, "since": at, "checked_at": at}
                changed.append(Capability(vehicle_id=pk, signal=name, **about))
        rest = {name: row for name, row in held.items() if name not in news}
        agreed = all(agrees(rest[name], word) for name, word in told.items() if name in rest)
        if pk in polled and agreed and refrains.may_begin(vehicles[pk], told):
            begun[pk] = told
            for row in rest.values():
                if row.heard_at != row.checked_at:  # heard with the refrain that ends here
                    heard[row.heard_at].append(row.pk)
        elif news:
            ended.add(pk)
    rows.upsert(changed, unique=["vehicle", "signal"], update=["state", "note", "since", "checked_at"])
    # The same is noted all the same: an older word that comes in late must not pass for the newer one.
    for at, pks in heard.items():
        Capability.objects.filter(pk__among=pks).update(checked_at=at)
    refrains.begin(begun, ended, vehicles)
    return {row.vehicle_id for row in changed}


def rows_of(ids: Iterable[int], vehicles: dict[int, Vehicle]) -> dict[int, dict[str, Row]]:
    known: dict[int, dict[str, Row]] = defaultdict(dict)
    columns = ("vehicle_id", "signal", "pk", "state", "note", "checked_at")
    for vehicle_id, signal, pk, *said, checked_at in Capability.objects.filter(vehicle_id__among=ids).values_list(
        *columns
    ):
        heard_at = refrains.last_heard(vehicles[vehicle_id], checked_at)
        known[vehicle_id][signal] = Row(pk, *said, checked_at, heard_at)
    return known


def is_news(word: refrains.Word, row: Row | None, gauge: Gauge | None) -> bool:
    """Whether it stands over what is held. When a given signal was heard last its gauge knows, which spares a write
    with every value."""
    state, at, _ = word
    if row is None:
        return True
    last = max(row.heard_at, gauge.received_at) if row.state == GIVEN and gauge is not None else row.heard_at
    return weight(row.state, last) < weight(state, at)


def agrees(row: Row, word: refrains.Word) -> bool:
    """Whether a word that was no news would be none at any later time."""
    state, at, _ = word
    if row.state == state:
        return state == GIVEN or row.checked_at == at
    return row.state in SETTLED and state not in SETTLED
