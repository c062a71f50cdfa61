"""From a pace to a range of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.forecast import Pace, Range, Rests, account, first_of, foretell

TODAY = date(2026, 5, 12)
STEADY = Pace(40.0, 50.0, 60.0, 180)
OIL = Pace(0.4, 0.5, 0.5, 180)
THREE_YEARS = 3 * 365


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


@pytest.mark.parametrize(
    ("remaining", "pace", "seen", "expected"),
    [
        (1_200, STEADY, 0, (20, 30)),
        (1_199, STEADY, 0, (19, 30)),  # rounded outwards, so that the range holds
        (1_201, STEADY, 0, (20, 31)),
        (1_200, STEADY, 5, (15, 25)),  # counted from the day of the reading
        (1_200, STEADY, 22, (0, 8)),  # the early end lies in the past: it may be there today
        (1_200, STEADY, 90, (0, 0)),  # it should be there; only a reading can tell
        (30, STEADY, 0, (0, 1)),
        (0.3, Pace(0.1, 0.1, 0.1), 0, (3, 3)),  # binary floats make 2.9999999999999996 of it
        (10, OIL, 0, (20, 25)),
        (0.5, OIL, 0, (1, 2)),
        (60 * THREE_YEARS, STEADY, 0, (THREE_YEARS, THREE_YEARS)),
        (1_000, Pace(0.0, 20.0, 50.0), 0, (20, THREE_YEARS)),  # sometimes it stands: no late end
    ],
)
def test_the_range_is_what_remains_by_the_pace(remaining, pace, seen, expected):
    early, late = expected
    assert foretell(remaining, pace, TODAY, days(-seen)) == Range(days(early), days(late))


@pytest.mark.parametrize(
    ("remaining", "pace"),
    [
        (1_000, None),
        (1_000, Pace(None, None, None, 3, Rests.SHORT)),
        (1_000, Pace(0.0, 0.0, 0.0, 180, Rests.STANDS)),
        (0, STEADY),  # due, and measured so
        (-300, STEADY),
        (60 * (THREE_YEARS + 1), STEADY),
    ],
)
def test_no_day_where_none_can_be_told(remaining, pace):
    assert foretell(remaining, pace, TODAY, TODAY) is None


def test_the_first_axis_rules_both_ends():
    distance, due_on = Range(days(10), days(40)), Range(days(25), days(25))
    assert first_of([distance, None, due_on]) == Range(days(10), days(25))
    assert first_of([None, None]) is None


def test_the_account_keeps_why_there_is_no_day():
    paces = {"distance": STEADY, "oil": Pace(None, None, None, 3.4, Rests.SHORT)}
    told = account(paces, {"distance": Range(days(20), days(30))})
    assert told["distance"]["early"] == "2026-06-01" and told["distance"]["usual"] == 50.0
    assert told["distance"]["days"] == 180 and told["distance"]["cars"] == 0  # its own
    assert told["oil"]["early"] is None and told["oil"]["why"] == "short"


@settings(max_examples=200, deadline=None)
@given(
    st.floats(0.1, 50_000),
    st.lists(st.floats(0, 900), min_size=3, max_size=3).map(sorted),
    st.integers(0, 400),
)
def test_a_range_never_lies_before_today_nor_ends_before_it_begins(remaining, rates, seen):
    found = foretell(remaining, Pace(*rates), TODAY, days(-seen))
    if found is not None:
        assert TODAY <= found.early <= found.late


@settings(max_examples=100, deadline=None)
@given(st.floats(1, 20_000), st.floats(1, 200), st.integers(0, 30), st.integers(0, 400))
def test_whole_days_shift_the_range(remaining, rate, seen, shift):
    pace = Pace(rate, rate, rate)
    here, there = (foretell(remaining, pace, days(s), days(s - seen)) for s in (0, shift))
    if here is not None:
        by = timedelta(days=shift)
        assert there == Range(here.early + by, here.late + by)
