"""When a car is asked next, and why: a table of truth."""

from datetime import UTC, datetime, timedelta

import pytest

from vehicles.domain.cadence import WORDS, Month, Rank, Why, after_failure, next_poll, stale_after

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def asked(**facts) -> tuple[float, str]:
    """Hours until the next poll, and why."""
    facts = {"now": NOON, "last_webhook": NOON - HOUR, "key": 0} | facts
    found = next_poll(**facts)
    return (found.at - NOON) / HOUR, found.why


@pytest.mark.parametrize(
    ("facts", "hours", "why"),
    [
        ({}, (21, 27), "usual"),
        ({"last_webhook": None}, (21, 27), "usual"),
        ({"last_webhook": NOON - 40 * HOUR}, (5, 7), "quiet"),
        ({"last_webhook": NOON - 40 * HOUR, "rhythm": DAY}, (21, 27), "usual"),
        ({"last_webhook": NOON - 80 * HOUR, "rhythm": DAY}, (5, 7), "quiet"),
        ({"affordable": 5 * DAY}, (108, 132), "share"),
        ({"wanted_at": NOON + 10 * HOUR}, (10, 10), "wanted"),
        ({"wanted_at": NOON - 10 * DAY}, (3, 5), "wanted"),
        ({"wanted_at": NOON + 10 * DAY}, (21, 27), "usual"),
        ({"wanted_at": NOON - DAY, "affordable": 5 * DAY}, (3, 5), "wanted"),
        ({"month": Month(left=399, ends=NOON + 19 * DAY)}, (21, 27), "usual"),
        ({"month": Month(left=1, ends=NOON + 18 * DAY)}, (216, 216), "pace"),
        ({"month": Month(left=1, ends=NOON + 18 * DAY), "wanted_at": NOON}, (216, 216), "pace"),
        ({"month": Month(left=0, ends=NOON + 18 * DAY), "wanted_at": NOON}, (432, 439), "month"),
    ],
)
def test_the_next_poll(facts, hours, why):
    at, reason = asked(**facts)

    assert reason == why
    assert hours[0] <= at <= hours[1]


def test_no_two_cars_of_a_fleet_enrolled_at_once_ring_at_once():
    moments = {asked(key=key)[0] for key in range(200)}

    assert len(moments) == 200
    assert max(moments) - min(moments) > 4


@pytest.mark.parametrize(
    ("failures", "asked_for", "minutes", "why"),
    [
        (1, None, 2, "failed"),
        (5, None, 32, "failed"),
        (60, None, 24 * 60, "failed"),
        (1, timedelta(minutes=30), 30, "later"),
        (1, timedelta(seconds=-5), 0.5, "later"),
        (1, timedelta(days=900), 24 * 60, "later"),
    ],
)
def test_after_a_failure(failures, asked_for, minutes, why):
    found = after_failure(now=NOON, failures=failures, asked_for=asked_for)

    assert ((found.at - NOON) / timedelta(minutes=1), found.why) == (minutes, why)


def test_a_car_is_stale_by_its_own_rhythm_and_never_within_a_day_and_a_half():
    assert stale_after(None) == stale_after(timedelta(hours=2)) == timedelta(hours=36)
    assert stale_after(timedelta(hours=15)) == timedelta(hours=45)


def test_every_reason_has_words_and_its_place_in_the_line():
    assert set(WORDS) == set(Why)
    assert [why.rank for why in (Why.ASKED, Why.NEW, Why.OUTAGE, Why.WANTED, Why.USUAL)] == list(Rank)
