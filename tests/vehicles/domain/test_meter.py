"""Which odometer readings are believed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vehicles.domain.meter import Belief, Dated, current, is_plausible_next, judge, was_replaced

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


def read(days: float, km: float, *, void=False, sequence=None, late: timedelta = timedelta()) -> Dated:
    at = START + timedelta(days=days)
    return Dated(at, None, sequence, km, at + late, void)


def beliefs(*readings: Dated) -> str:
    """a, s, v for each, in the order given."""
    return "".join(standing.belief[0] for standing in judge(readings))


@pytest.mark.parametrize(
    ("days", "step_km", "expected"),
    [
        (0.01, 2_500, "aa"),
        (1, 2_500.1, "as"),
        (2, 5_000, "aa"),
        (7, 17_500, "aa"),
        (7, 17_500.1, "as"),
        (9, 20_500, "aa"),
        (9, 20_500.1, "as"),
        (1, -1.9, "aa"),
        (1, -2, "as"),
    ],
)
def test_a_step_is_bounded_by_what_a_car_can_drive(days, step_km, expected):
    assert beliefs(read(0, 50_000), read(days, 50_000 + step_km)) == expected


def test_one_fat_finger_does_not_stay_for_ever():
    readings = [read(0, 50_000), read(1, 510_000), read(2, 50_200), read(3, 50_300), read(4, 50_400)]

    assert beliefs(*readings) == "asaaa"
    assert current(judge(readings)).value == 50_400


def test_a_first_reading_too_high_gives_way_once_two_more_agree():
    wrong, readings = read(0, 500_000), [read(1, 50_000), read(2, 50_100), read(3, 50_200)]

    assert beliefs(wrong, *readings[:2]) == "ass"
    assert beliefs(wrong, *readings) == "saaa"


def test_a_jump_is_believed_when_the_next_two_go_on_from_it():
    readings = [read(0, 5_000), read(1, 50_000), read(2, 50_100), read(3, 50_200)]

    assert beliefs(*readings[:3]) == "ass"
    assert beliefs(*readings) == "aaaa"


def test_a_step_back_past_two_makes_those_two_suspect():
    assert beliefs(read(0, 100), read(1, 900), read(2, 950), read(3, 200), read(4, 210), read(5, 220)) == "assaaa"


def test_a_step_back_past_three_asks_whether_the_meter_was_replaced():
    high = [read(day, 90_000 + day) for day in range(3)]
    low = [read(3 + day, 10.0 + day) for day in range(4)]
    standings = judge(high + low)

    assert "".join(standing.belief[0] for standing in standings) == "aaassss"
    assert [standing.replaced for standing in standings] == [False] * 3 + [True, True, False, False]
    assert was_replaced(standings)
    assert not was_replaced(judge([*high, *low, read(8, 90_020)]))


def test_standing_still_keeps_the_highest_and_cannot_creep_down():
    readings = [read(0, 1_000), read(1, 998.5), read(2, 997.5)]
    standings = judge(readings)

    assert [standing.value for standing in standings[:2]] == [1_000, 1_000]
    assert standings[2].belief is Belief.SUSPECT


def test_two_readings_of_one_day_and_of_one_instant_are_judged_without_dividing():
    assert beliefs(read(0, 1_000), read(0.2, 1_050), read(0.2, 1_050)) == "aaa"


def test_of_two_values_at_one_instant_the_last_received_stands():
    early, late = read(0, 1_000), read(0, 1_040, late=timedelta(minutes=9))

    assert beliefs(early, late) == "sa"


def test_an_echo_keeps_its_first_receipt_and_so_wins_nothing():
    first, echo = read(0, 1_000), read(0, 1_000, late=timedelta(days=3))
    other = read(0, 1_040, late=timedelta(hours=1))

    assert beliefs(first, other, echo) == "sas"


def test_at_one_receipt_the_higher_sequence_then_the_higher_value_stands():
    assert beliefs(read(0, 1_000, sequence=2), read(0, 1_040, sequence=1)) == "as"
    assert beliefs(read(0, 1_000), read(0, 1_040)) == "sa"


def test_a_void_covers_every_copy_even_a_later_echo():
    assert beliefs(read(0, 1_000), read(1, 1_900, void=True), read(1, 1_900, late=timedelta(days=2))) == "avv"


def test_a_void_reading_confirms_nothing():
    assert beliefs(read(0, 1), read(1, 50_000), read(2, 50_100, void=True), read(3, 50_200)) == "asvs"


def test_a_reading_from_the_future_is_suspect_for_good():
    future = [read(day, 1_000 + day, late=-timedelta(minutes=6)) for day in range(1, 4)]

    assert beliefs(read(0, 1_000), *future) == "asss"
    assert beliefs(read(0, 1_000), read(1, 1_100, late=-timedelta(minutes=5))) == "aa"


values = st.integers(0, 40).map(lambda step: step * 400.0)
readings = st.builds(read, st.integers(0, 12), values, void=st.booleans(), sequence=st.none() | st.integers(0, 2))
histories = st.lists(readings, max_size=14)


@given(histories, st.randoms())
def test_judging_depends_on_the_set_and_not_on_arrival_or_copies(history, shuffler):
    shuffled = history + history[:3]
    shuffler.shuffle(shuffled)

    assert set(judge(shuffled)) == set(judge(history))


@given(histories)
def test_what_is_accepted_never_falls_nor_leaps_unconfirmed(history):
    accepted = sorted({(s.reading.at, s.value) for s in judge(history) if s.belief is Belief.ACCEPTED})

    assert [value for _, value in accepted] == sorted(value for _, value in accepted)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 2_000)), min_size=1, max_size=12))
def test_a_car_that_simply_drives_is_always_believed_and_the_fast_path_agrees(legs):
    day, km, drive = 0, 1_000.0, [read(0, 1_000.0)]
    for days, driven in legs:
        day, km = day + days, km + driven
        drive.append(read(day, km))

    assert beliefs(*drive) == "a" * len(drive)
    assert all(is_plausible_next(before, after) for before, after in zip(drive, drive[1:], strict=False))


@given(histories, readings)
def test_the_fast_path_never_accepts_what_judging_would_not(history, new):
    standings = judge(history)
    newest = current(standings)
    latest = max((each.at for each in history), default=None)
    if newest is None or latest != newest.reading.at or any(s.belief is Belief.SUSPECT for s in standings):
        return

    counted = Dated(newest.reading.at, None, None, newest.value, newest.reading.received_at)
    if is_plausible_next(counted, new):
        assert judge([*history, new])[-1].belief is Belief.ACCEPTED
