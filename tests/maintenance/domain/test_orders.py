"""How work orders move."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.orders import (
    ASKS_REASON,
    LEADS_TO,
    TABLE,
    Illegal,
    Move,
    State,
    advance,
    is_its_work,
    moves_from,
    worked,
)

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
MODEST = settings(max_examples=80, deadline=None)
moves = st.lists(st.sampled_from(Move), max_size=12)


@pytest.mark.parametrize(
    ("state", "may"),
    [
        (State.OPEN, {Move.START, Move.HOLD, Move.CANCEL}),
        (State.WORKING, {Move.HOLD, Move.FINISH, Move.CANCEL}),
        (State.HELD, {Move.RESUME, Move.CANCEL}),
        (State.DONE, set()),
        (State.CANCELLED, set()),
    ],
)
def test_each_state_leads_to_these_alone(state, may):
    assert set(moves_from(state)) == may
    for move in Move:
        if move in may:
            assert advance(state, move, reason="Seal on order") is TABLE[state, move]
        elif LEADS_TO[move] is state:
            assert advance(state, move) is state
        else:
            with pytest.raises(Illegal):
                advance(state, move, reason="Seal on order")


def test_a_refusal_is_a_sentence_that_names_where_the_order_stands():
    with pytest.raises(Illegal, match="^The order is on hold, so it cannot be finished.$"):
        advance(State.HELD, Move.FINISH)
    with pytest.raises(Illegal, match="^The order is done, so it cannot be cancelled.$"):
        advance(State.DONE, Move.CANCEL, reason="Sold")


@pytest.mark.parametrize(
    ("move", "said"), [(Move.HOLD, "Say why it waits."), (Move.CANCEL, "Say why it is cancelled.")]
)
def test_holding_and_cancelling_ask_for_a_reason(move, said):
    for nothing in ("", "  "):
        with pytest.raises(Illegal, match=said):
            advance(State.WORKING, move, reason=nothing)


def play(moves) -> list[State]:
    """The states an order goes through when people send these moves and refusals are shrugged off."""
    seen = [State.OPEN]
    for move in moves:
        try:
            seen.append(advance(seen[-1], move, reason="A reason"))
        except Illegal:
            seen.append(seen[-1])
    return seen


@MODEST
@given(moves)
def test_what_is_over_stays_over(moves):
    seen = play(moves)
    over = [state for state in seen if state.is_over]
    assert len(set(over)) <= 1
    assert seen[len(seen) - len(over) :] == over


@MODEST
@given(moves)
def test_nothing_is_done_without_having_been_in_progress(moves):
    seen = play(moves)
    if State.DONE in seen:
        assert seen[seen.index(State.DONE) - 1] is State.WORKING


@MODEST
@given(moves)
def test_sending_each_move_twice_is_sending_it_once(moves):
    twice = [move for move in moves for _ in range(2)]
    assert play(twice)[-1] is play(moves)[-1]


def test_only_holding_and_cancelling_ask_for_a_reason():
    assert {Move.HOLD, Move.CANCEL} == ASKS_REASON
    for (state, move), after in TABLE.items():
        if move not in ASKS_REASON:
            assert advance(state, move) is after


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("steps", "minutes"),
    [
        ([], 0),
        ([(0, "written"), (5, "assigned")], 0),
        ([(0, "started")], 60),
        ([(0, "started"), (10, "held")], 10),
        ([(0, "started"), (10, "held"), (50, "resumed")], 20),
        ([(0, "started"), (10, "settled"), (30, "done")], 30),
        ([(0, "started"), (10, "held"), (20, "cancelled")], 10),
        ([(0, "held"), (10, "resumed"), (15, "done")], 5),
        ([(90, "started")], 0),  # a clock that went back
    ],
)
def test_time_counts_between_start_and_stop(steps, minutes):
    assert worked([(at(when), what) for when, what in steps], now=at(60)) == timedelta(minutes=minutes)


@MODEST
@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["started", "held", "resumed", "done", "taken"]))))
def test_worked_time_does_not_hang_on_the_order_of_the_rows(steps):
    told = [(at(when), what) for when, what in steps]
    assert worked(told, now=at(60)) == worked(reversed(told), now=at(60))
    assert timedelta(0) <= worked(told, now=at(60)) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("done_on", "asked_for"),
    [(date(2026, 4, 28), False), (date(2026, 4, 29), True), (date(2026, 5, 13), True), (date(2026, 5, 20), True)],
)
def test_a_job_of_the_fortnight_before_is_what_the_order_asks_for(done_on, asked_for):
    assert is_its_work(done_on, written_on=date(2026, 5, 13)) is asked_for
