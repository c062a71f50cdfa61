"""What was said against a connection folds to the same, whatever came first."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vehicles.domain import accusations

START = datetime(2026, 5, 1, tzinfo=UTC)
REASONS = ("CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED", "CONNECTED_SERVICES_ACCOUNT.SUBSCRIPTION")
said = st.tuples(st.sampled_from(REASONS), st.integers(0, 9), st.booleans())


def fold(sayings, *, since=START):
    words = {}
    for reason, hour, over in sayings:
        words = accusations.say(words, reason, START + timedelta(hours=hour), over=over)
    return accusations.standing(words, lambda reason: since)


@given(st.lists(said, max_size=12), st.randoms())
def test_any_order_and_any_repetition_comes_to_the_same(sayings, dice):
    mixed = sayings + dice.sample(sayings, k=len(sayings) // 2)
    dice.shuffle(mixed)
    assert fold(mixed) == fold(sayings)


@given(st.lists(said, max_size=12))
def test_the_newest_word_on_each_reason_stands_and_an_end_beats_a_trouble_of_the_same_moment(sayings):
    for reason in REASONS:
        told = [(hour, over) for named, hour, over in sayings if named == reason]
        assert (reason in fold(sayings)) == bool(told and not max(told)[1])


def test_a_trouble_began_when_it_was_first_said_after_the_last_end():
    reason = REASONS[0]
    sayings = [(reason, 1, False), (reason, 2, True), (reason, 5, False), (reason, 7, False)]
    assert fold(sayings) == {reason: START + timedelta(hours=5)}
    assert fold(sayings, since=START + timedelta(hours=6)) == {reason: START + timedelta(hours=7)}
    assert fold(sayings, since=START + timedelta(hours=8)) == {}


def test_what_is_said_daily_for_a_year_stays_small_and_keeps_its_beginning():
    words = {}
    for day in range(365):
        words = accusations.say(words, REASONS[0], START + timedelta(days=day))
    assert len(words[REASONS[0]]["said"]) == accusations.MOST
    assert accusations.standing(words, lambda reason: START) == {REASONS[0]: START}
