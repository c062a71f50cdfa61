"""Past a value, and for how long: opening, closing, lasting, and order that does not matter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.thresholds import Point, Rule, fold, trouble_with

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
LOW = Rule(below=True, opens_at=20, closes_at=25)
HIGH = Rule(below=False, opens_at=400, closes_at=380)
HOUR_LOW = Rule(below=True, opens_at=20, closes_at=25, lasts=timedelta(minutes=60))


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def points(*told: tuple[float, float]) -> list[Point]:
    return [Point(at(minutes), value=value) for minutes, value in told]


def spoken(stretches) -> list[tuple]:
    """Minutes of began, opened, closed; worst and last."""

    def minutes(moment):
        return None if moment is None else (moment - NOON).total_seconds() / 60

    return [(minutes(s.began_at), minutes(s.opened_at), minutes(s.closed_at), s.worst, s.last) for s in stretches]


@pytest.mark.parametrize(
    ("rule", "told", "expected"),
    [
        (LOW, [(0, 20.1)], []),
        (LOW, [(0, 20)], [(0, 0, None, 20, 20)]),
        (LOW, [(0, 20), (5, 25)], [(0, 0, None, 20, 25)]),
        (LOW, [(0, 20), (5, 25.1)], [(0, 0, 5, 20, 25.1)]),
        (LOW, [(0, 19), (5, 12), (9, 24), (12, 30), (20, 24), (25, 18)], [(0, 0, 12, 12, 30), (25, 25, None, 18, 18)]),
        (LOW, [(0, 24), (5, 22)], []),
        (HIGH, [(0, 399.9), (1, 400)], [(1, 1, None, 400, 400)]),
        (HIGH, [(0, 420), (5, 430), (7, 380), (9, 379.9)], [(0, 0, 9, 430, 379.9)]),
        (HOUR_LOW, [(0, 15), (59, 15)], [(0, None, None, 15, 15)]),
        (HOUR_LOW, [(0, 15), (60, 16)], [(0, 60, None, 15, 16)]),
        (HOUR_LOW, [(0, 15), (30, 21), (90, 15)], [(0, None, 30, 15, 21), (90, None, None, 15, 15)]),
        (HOUR_LOW, [(0, 15), (60, 15), (70, 24), (80, 26)], [(0, 60, 80, 15, 26)]),
    ],
)
def test_what_opens_and_what_closes(rule, told, expected):
    assert spoken(fold(rule, points(*told))) == expected


def test_people_should_know_of_it_from_its_opening_to_its_end():
    waits, opened, over = (
        fold(HOUR_LOW, points(*told))[0] for told in ([(0, 15)], [(0, 15), (60, 15)], [(0, 15), (60, 15), (61, 30)])
    )

    assert (waits.is_open, opened.is_open, over.is_open) == (False, True, False)
    assert not fold(HOUR_LOW, points((0, 15), (1, 30)))[0].is_open  # gone before it had lasted


def test_at_one_instant_the_newest_word_stands():
    told = [Point(at(0), ("b",), 30.0), Point(at(0), ("a",), 10.0)]

    assert fold(LOW, told) == []


@pytest.mark.parametrize(
    ("below", "opens", "closes", "fine"),
    [(True, 20, 25, True), (True, 20, 20, False), (True, 20, 15, False)]
    + [(False, 400, 380, True), (False, 400, 400, False), (False, 400, 420, False)],
)
def test_the_closing_value_lies_on_the_good_side(below, opens, closes, fine):
    assert (trouble_with(below, opens, closes) == "") is fine


histories = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 40)), max_size=20)
rules = st.builds(
    lambda opens, gap, lasts, below: Rule(
        below, opens, opens + gap if below else opens - gap, timedelta(minutes=lasts)
    ),
    st.integers(5, 35),
    st.integers(1, 8),
    st.sampled_from([0, 30, 120]),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(rules, histories, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(rule, told, dice):
    history = points(*told)
    shuffled = history + history[: len(history) // 2]
    dice.shuffle(shuffled)

    assert fold(rule, shuffled) == fold(rule, history)


@settings(max_examples=150, deadline=None)
@given(rules, histories, st.integers(0, 600))
def test_going_on_from_memory_is_the_same_as_starting_anew(rule, told, cut):
    history = points(*told)
    whole = fold(rule, history)
    before = fold(rule, [point for point in history if point.at < at(cut)])
    memory = before[-1] if before and before[-1].closed_at is None else None
    done = before[:-1] if memory else before

    assert done + fold(rule, [point for point in history if point.at >= at(cut)], memory) == whole


@settings(max_examples=150, deadline=None)
@given(rules, histories)
def test_every_reading_past_the_value_lies_in_a_stretch_and_stretches_do_not_overlap(rule, told):
    history = points(*told)
    stretches = fold(rule, history)

    for one, following in zip(stretches, stretches[1:], strict=False):
        assert one.closed_at is not None and one.closed_at <= following.began_at
    last = {point.at: point for point in sorted(history)}
    for point in last.values():
        inside = any(s.began_at <= point.at and (s.closed_at is None or point.at < s.closed_at) for s in stretches)
        assert inside or not rule.is_past(point.value)
