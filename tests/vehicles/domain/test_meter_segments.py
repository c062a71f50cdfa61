"""Readings across a replaced cluster, echoes, and what a person vouches for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vehicles.domain.test_meter import START, beliefs, read
from vehicles.domain.meter import Belief, Dated, asks_from, current, judge, was_replaced
from vehicles.domain.segments import Segment, dash_km, offset_at, offset_from, true_km

HIGH = [read(day, 90_000 + 100 * day) for day in range(3)]
LOW = [read(3 + day, 20.0 + 100 * day) for day in range(3)]


def from_day(day: float, offset_km: float) -> Segment:
    return Segment(START + timedelta(days=day), offset_km)


def unmeasured(days: float, km: float) -> Dated:
    return replace(read(days, km), measured=False)


def letters(standings) -> str:
    return "".join(standing.belief[0] for standing in standings)


@pytest.mark.parametrize(
    ("day", "offset"),
    [(0.5, 0.0), (1, 100.0), (1.5, 100.0), (2, -50.0), (9, -50.0)],
)
def test_the_newest_segment_that_has_begun_counts_alone(day, offset):
    assert offset_at([from_day(2, -50.0), from_day(1, 100.0)], START + timedelta(days=day)) == offset


def test_dash_and_distance_translate_both_ways():
    held, at = [from_day(1, 90_180.0)], START + timedelta(days=2)

    assert true_km(held, 20, at) == 90_200
    assert dash_km(held, 90_200, at) == 20
    assert (true_km(held, 20, START), true_km([], 20, at)) == (20, 20)
    assert offset_from(true_before_km=90_200, dash_after_km=20) == 90_180


def test_the_question_is_about_the_first_lower_reading_and_a_segment_answers_it():
    assert asks_from(judge(HIGH + LOW)) == LOW[0].at

    standings = judge(HIGH + LOW, [from_day(3, 90_180)])

    assert letters(standings) == "aaaaaa"
    assert not was_replaced(standings)
    assert (current(standings).reading.value, current(standings).value) == (220, 90_400)


def test_a_segment_begins_with_the_reading_of_its_very_moment():
    assert judge(HIGH + LOW, [from_day(3, 90_180)])[3].value == 90_200
    assert letters(judge(HIGH + LOW, [from_day(3.1, 90_180)])) == "aaasaa"


def test_without_a_measured_time_an_equal_value_is_an_echo():
    standings = judge([read(0, 1_000), unmeasured(3, 1_000), unmeasured(5, 1_000)])

    assert letters(standings) == "aaa"
    assert [standing.echo for standing in standings] == [False, True, True]
    assert current(standings).reading.at == START
    assert current(judge([read(0, 1_000), read(3, 1_000)])).reading.at == START + timedelta(days=3)


def test_an_echo_of_a_doubted_or_voided_one_stands_as_that_does():
    assert beliefs(read(0, 1_000), read(1, 90_000), unmeasured(2, 90_000), unmeasured(3, 90_000)) == "asss"
    assert beliefs(read(0, 1_000), read(1, 1_100, void=True), unmeasured(2, 1_100)) == "avv"


def test_an_echo_of_the_old_height_is_no_answer_to_the_question():
    assert was_replaced(judge([*HIGH, *LOW, unmeasured(8, 90_200)]))


def test_what_a_person_vouches_for_is_believed_and_what_cannot_be_beside_it_is_not():
    assert beliefs(read(0, 50_000), replace(read(1, 80_000), vouched=True), read(2, 80_100)) == "aaa"
    assert beliefs(read(0, 50_000), read(1, 51_000), replace(read(2, 50_100), vouched=True)) == "asa"


def test_a_step_back_past_one_vouched_for_asks():
    sure = replace(read(1, 80_000), vouched=True)
    standings = judge([read(0, 50_000), sure, *(read(2 + day, 50_100 + day * 10) for day in range(3))])

    assert letters(standings) == "aasss"
    assert was_replaced(standings)


def test_no_one_can_vouch_for_the_future_or_for_what_is_void():
    future = replace(read(1, 1_100, late=-timedelta(minutes=6)), vouched=True)
    assert beliefs(read(0, 1_000), future, replace(read(0.5, 1_050, void=True), vouched=True)) == "asv"


values = st.integers(0, 30).map(lambda step: step * 400.0)
readings = st.builds(
    lambda reading, measured, vouched: replace(reading, measured=measured, vouched=vouched),
    st.builds(read, st.integers(0, 12), values, void=st.integers(0, 5).map(lambda n: n == 0)),
    st.booleans(),
    st.integers(0, 7).map(lambda n: n == 0),
)
histories = st.lists(readings, max_size=12)
replacements = st.lists(
    st.builds(from_day, st.integers(0, 12), st.integers(-20, 20).map(lambda step: step * 400.0)),
    max_size=3,
    unique_by=lambda segment: segment.begins_at,
)


@settings(max_examples=150, deadline=None)
@given(histories, replacements, st.randoms())
def test_order_and_copies_of_readings_and_segments_do_not_matter(history, held, shuffler):
    shuffled, others = history + history[:3], list(held)
    shuffler.shuffle(shuffled)
    shuffler.shuffle(others)

    assert set(judge(shuffled, others)) == set(judge(history, held))


@settings(max_examples=100, deadline=None)
@given(histories, replacements)
def test_distance_never_falls_whatever_was_replaced_or_vouched_for(history, held):
    accepted = sorted(
        (s.reading.at, s.value) for s in judge(history, held) if s.belief is Belief.ACCEPTED and not s.echo
    )

    assert [value for _, value in accepted] == sorted(value for _, value in accepted)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 2_000), min_size=4, max_size=10), st.data())
def test_a_replaced_meter_with_its_segment_counts_as_if_nothing_had_been(legs, data):
    """The driven truth, read off two dashes, is believed as a whole."""
    kms = [50_000.0 + sum(legs[:n]) for n in range(len(legs) + 1)]
    cut = data.draw(st.integers(1, len(kms) - 1))
    offset = data.draw(st.integers(1, 49)) * 1_000.0
    dashes = [read(n, km if n < cut else km - offset) for n, km in enumerate(kms)]

    standings = judge(dashes, [from_day(cut, offset)])

    assert {s.belief for s in standings} == {Belief.ACCEPTED}
    assert [s.value for s in standings] == [s.value for s in judge([read(n, km) for n, km in enumerate(kms)])]


@settings(max_examples=100, deadline=None)
@given(histories, readings)
def test_a_void_covers_every_echo(history, wrong):
    gone = replace(wrong, void=True, vouched=False)
    later = replace(wrong, at=wrong.at + timedelta(days=20), received_at=wrong.at + timedelta(days=20), measured=False)
    first = not any(r.value == wrong.value and r.at < wrong.at for r in history)

    standings = judge([*history, gone, wrong, replace(later, vouched=False)])

    assert standings[-2].belief is Belief.VOID
    if first:
        assert standings[-1].belief is Belief.VOID
