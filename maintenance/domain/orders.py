"""How a work order may move, and how long somebody worked on it. Nothing here knows who asks or what time it is."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    WORKING = "working"
    HELD = "held"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self in (State.DONE, State.CANCELLED)


class Move(StrEnum):
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    FINISH = "finish"
    CANCEL = "cancel"


# An order waits for parts before anybody began as well as after; only what somebody works on can be finished.
TABLE = {
    (State.OPEN, Move.START): State.WORKING,
    (State.OPEN, Move.HOLD): State.HELD,
    (State.OPEN, Move.CANCEL): State.CANCELLED,
    (State.WORKING, Move.HOLD): State.HELD,
    (State.WORKING, Move.FINISH): State.DONE,
    (State.WORKING, Move.CANCEL): State.CANCELLED,
    (State.HELD, Move.RESUME): State.WORKING,
    (State.HELD, Move.CANCEL): State.CANCELLED,
}
LEADS_TO = {
    Move.START: State.WORKING,
    Move.HOLD: State.HELD,
    Move.RESUME: State.WORKING,
    Move.FINISH: State.DONE,
    Move.CANCEL: State.CANCELLED,
}
ASKS_REASON = frozenset({Move.HOLD, Move.CANCEL})
IS = {
    State.OPEN: "is not started yet",
    State.WORKING: "is in progress",
    State.HELD: "is on hold",
    State.DONE: "is done",
    State.CANCELLED: "is cancelled",
}
TO = {
    Move.START: "started",
    Move.HOLD: "put on hold",
    Move.RESUME: "resumed",
    Move.FINISH: "finished",
    Move.CANCEL: "cancelled",
}
RECENT = timedelta(days=14)
WORKED = {"started": True, "resumed": True, "held": False, "done": False, "cancelled": False}


class Illegal(Exception):
    """This move is not open to an order in this state; the text tells the person."""


def advance(state: State, move: Move, *, reason: str = "") -> State:
    """The state after the move. A move to where the order stands already was sent twice, and changes nothing."""
    if state is LEADS_TO[move]:
        return state
    after = TABLE.get((state, move))
    if after is None:
        raise Illegal(f"The order {IS[state]}, so it cannot be {TO[move]}.")
    if move in ASKS_REASON and not reason.strip():
        raise Illegal("Say why it waits." if move is Move.HOLD else "Say why it is cancelled.")
    return after


def is_its_work(done_on: date, *, written_on: date) -> bool:
    """Whether a job of that day is what the order asks for. A past that is typed in later is not."""
    return done_on >= written_on - RECENT


def moves_from(state: State) -> list[Move]:
    return [move for begun, move in TABLE if begun is state]


def worked(steps: Iterable[tuple[datetime, str]], *, now: datetime) -> timedelta:
    """Time between each start and the next stop; what still runs counts until now. `steps` is (when, what)."""
    total, since = timedelta(0), None
    for at, what in sorted(steps):
        running = WORKED.get(what)
        if running is True and since is None:
            since = at
        elif running is False and since is not None:
            total += at - since
            since = None
    return total if since is None else total + max(now - since, timedelta(0))
