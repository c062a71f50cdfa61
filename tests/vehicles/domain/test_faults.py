"""Episodes of trouble codes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vehicles.domain.faults import CodeRead, fold

START = datetime(2026, 5, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def read(hours: float, *codes: str, complete: bool = True) -> CodeRead:
    return CodeRead(at(hours), codes, at(hours + 1), complete)


def test_one_clean_read_closes_nothing():
    (episode,) = fold([read(0, "P0420"), read(10)])

    assert episode.is_open
    assert episode.first_clean_at == at(10)


def test_two_clean_reads_six_hours_apart_close():
    assert fold([read(0, "P0420"), read(1), read(6.9)])[0].is_open
    assert fold([read(0, "P0420"), read(1), read(6.9), read(7)])[0].closed_at == at(7)


def test_a_sighting_between_starts_the_wait_again():
    (episode,) = fold([read(0, "P0420"), read(1), read(4, "P0420"), read(7.5), read(12)])

    assert episode.is_open
    assert episode.last_seen_at == at(4)


def test_back_on_the_seventh_day_is_the_same_episode_recurring():
    (episode,) = fold([read(0, "P0420"), read(1), read(7), read(7 + 7 * 24, "P0420")])

    assert (episode.opened_at, episode.recurrences, episode.is_open) == (at(0), 1, True)


def test_back_after_the_seventh_day_is_a_new_episode_linked_to_the_old():
    old, new = fold([read(0, "P0420"), read(1), read(7), read(7.1 + 7 * 24, "P0420")])

    assert not old.is_open
    assert (new.previous, new.recurrences) == (0, 0)


def test_a_partial_read_can_sight_and_cannot_clear():
    (episode,) = fold([read(0, "P0420"), read(1, complete=False), read(9, complete=False)])
    assert (episode.is_open, episode.first_clean_at) == (True, None)

    assert len(fold([read(0, "U0100", complete=False)])) == 1


def test_a_partial_read_without_the_code_does_not_reset_the_wait():
    assert fold([read(0, "P0420"), read(1), read(3, complete=False), read(7)])[0].closed_at == at(7)


def test_at_one_instant_the_union_of_codes_counts():
    episodes = fold([read(0, "P0420"), read(8), read(8, "P0420"), read(8, "P0300")])

    assert {episode.code: episode.first_clean_at for episode in episodes} == {"P0420": None, "P0300": None}


def test_codes_do_not_touch_each_other():
    episodes = fold([read(0, "P0420", "P0300"), read(1, "P0300"), read(7, "P0300")])

    assert {episode.code: episode.is_open for episode in episodes} == {"P0300": True, "P0420": False}


def test_an_older_read_that_comes_late_only_fills_history():
    reads = [read(0, "P0420"), read(20, "P0420")]

    assert fold([*reads, read(1), read(8)])[0].recurrences == 1
    assert fold([*reads, read(1), read(8)])[0].is_open


codes = st.lists(st.sampled_from(["P0420", "P0300", "U0100"]), max_size=2).map(tuple)
reads = st.builds(lambda h, c, complete: read(h * 3, *c, complete=complete), st.integers(0, 120), codes, st.booleans())
histories = st.lists(reads, max_size=20)


@given(histories, st.randoms())
def test_folding_depends_on_the_set_and_not_on_arrival_or_copies(history, shuffler):
    shuffled = history + history[:4]
    shuffler.shuffle(shuffled)

    assert fold(shuffled) == fold(history)


@given(histories)
def test_a_code_has_one_open_episode_at_most_and_every_sighting_lies_in_one(history):
    episodes = fold(history)
    open_codes = [episode.code for episode in episodes if episode.is_open]

    assert len(open_codes) == len(set(open_codes))
    for seen in history:
        for code in seen.codes:
            assert any(e.code == code and e.opened_at <= seen.at <= e.last_seen_at for e in episodes)
