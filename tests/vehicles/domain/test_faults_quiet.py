"""The rule of the fourteen days: a maker that repeats one measured time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vehicles.domain.faults import QUIET, CodeRead, Pulse, fold

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def read(number: float, *codes: str, told: float | None = None, complete: bool = True) -> CodeRead:
    return CodeRead(day(number), codes, day(number if told is None else told), complete)


def pulse(*days: float, lost: float | None = None) -> Pulse:
    return Pulse(tuple(day(number) for number in days), None if lost is None else day(lost))


@pytest.mark.parametrize(
    ("others", "closed"),
    [
        (pulse(2, 5, 9, 15), 15),  # one clean read on day 1, three days of other signals, and the fourteen are over
        (pulse(2, 5, 15.1), None),  # other signals on two of the days only
        (pulse(2, 2.1, 2.2, 16), None),  # one day is one day
        (pulse(2, 5, 9), None),  # nothing came after the fourteen days: they may not be over
        (pulse(), None),
        (pulse(2, 5, 9, 15, lost=8), None),  # the car stopped to give codes in between
        (pulse(2, 5, 9, 15, lost=15), 15),
    ],
)
def test_a_single_clean_read_is_believed_after_fourteen_days_of_other_words(others, closed):
    (episode,) = fold([read(0, "P0420"), read(1)], others)

    assert episode.closed_at == (None if closed is None else day(closed))


def test_the_same_measured_time_without_the_code_starts_the_fourteen_days_when_it_was_told():
    reads = [read(0, "P0420", told=0), read(0, told=3)]

    assert fold(reads)[0].is_open, "at one instant the union of codes counts"
    assert fold(reads, pulse(4, 6, 10, 18))[0].closed_at == day(17)


def test_a_code_told_once_more_at_that_time_was_never_gone():
    reads = [read(0, "P0420", told=0), read(0, told=3), read(0, "P0420", told=5)]

    assert fold(reads, pulse(4, 6, 10, 18, 30))[0].is_open


def test_a_partial_read_starts_no_fourteen_days():
    assert fold([read(0, "P0420"), read(1, complete=False)], pulse(2, 5, 9, 15))[0].is_open


def test_back_after_such_a_closing_counts_from_it():
    reads = [read(0, "P0420"), read(1)]
    others = pulse(2, 5, 9, 15)

    (same,) = fold([*reads, read(22, "P0420")], others)
    assert (same.recurrences, same.is_open) == (1, True)
    assert [episode.previous for episode in fold([*reads, read(22.1, "P0420")], others)] == [None, 0]


def test_a_sighting_within_the_fourteen_days_starts_them_again():
    reads = [read(0, "P0420"), read(1), read(10, "P0420"), read(11)]
    others = pulse(2, 5, 9, 12, 14, 18, 24, 26)

    assert fold(reads, others)[0].closed_at == day(25)


codes = st.lists(st.sampled_from(["P0420", "U0100"]), max_size=2).map(tuple)
histories = st.lists(
    st.builds(
        lambda at, c, late, complete: read(at / 2, *c, told=at / 2 + late, complete=complete),
        st.integers(0, 80),
        codes,
        st.sampled_from([0, 0, 4]),
        st.booleans(),
    ),
    max_size=14,
)
moments = st.lists(st.integers(0, 160), max_size=20).map(lambda days: pulse(*(number / 2 for number in days)))


@settings(max_examples=150)
@given(histories, moments, st.randoms())
def test_arrival_and_copies_change_nothing(history, others, shuffler):
    shuffled = history + history[:3]
    shuffler.shuffle(shuffled)

    assert fold(shuffled, Pulse(others.moments[::-1])) == fold(history, others)


@settings(max_examples=150)
@given(histories, moments)
def test_other_words_only_ever_close_and_never_before_the_last_sighting(history, others):
    for episode in fold(history, others):
        assert episode.closed_at is None or episode.closed_at > episode.last_seen_at
    open_alone = {episode.code for episode in fold(history) if episode.is_open}
    open_with = {episode.code for episode in fold(history, others) if episode.is_open}
    assert open_with <= open_alone


@settings(max_examples=100)
@given(histories, moments)
def test_a_shift_of_all_times_shifts_the_episodes(history, others):
    later = timedelta(days=31)
    moved = [CodeRead(r.at + later, r.codes, r.told_at + later, r.complete) for r in history]
    then = fold(moved, Pulse(tuple(moment + later for moment in others.moments)))
    now = fold(history, others)

    assert [episode.opened_at - later for episode in then] == [episode.opened_at for episode in now]
    assert [episode.is_open for episode in then] == [episode.is_open for episode in now]


def test_the_last_of_the_fourteen_days_counts():
    assert fold([read(0, "P0420"), read(1)], pulse(2, 5, 15))[0].closed_at == day(1) + QUIET
