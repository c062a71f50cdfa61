"""When a snooze is over, and how far it may reach."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.snoozed import Snoozed, capped, ending
from maintenance.domain.status import Status

TODAY = date(2026, 5, 12)
SNOOZED = Snoozed(until_on=TODAY + timedelta(days=10), until_km=49_000, status=Status.SOON)


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ({}, ""),
        ({"today": TODAY + timedelta(days=9)}, ""),
        ({"today": TODAY + timedelta(days=10)}, "date"),
        ({"odometer_km": 48_999.9}, ""),
        ({"odometer_km": 49_000}, "distance"),
        ({"odometer_km": None}, ""),
        ({"status": Status.DUE}, ""),
        ({"status": Status.OVERDUE}, "overdue"),
        ({"done_since": True, "status": Status.OVERDUE, "odometer_km": 60_000}, "done"),
    ],
)
def test_it_ends_at_the_first_of_its_ends(now, wanted):
    said = {"today": TODAY, "odometer_km": 48_000, "status": Status.SOON, "done_since": False} | now
    assert ending(SNOOZED, **said) == wanted


def test_what_was_overdue_when_it_was_set_stays_quiet():
    snoozed = Snoozed(SNOOZED.until_on, SNOOZED.until_km, Status.OVERDUE)
    assert ending(snoozed, today=TODAY, odometer_km=48_000, status=Status.OVERDUE, done_since=False) == ""


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, (TODAY + timedelta(days=30), 49_000)),
        ({"until_on": TODAY + timedelta(days=5)}, (TODAY + timedelta(days=5), 49_000)),
        ({"until_on": TODAY + timedelta(days=90)}, (TODAY + timedelta(days=30), 49_000)),
        ({"for_km": 300}, (TODAY + timedelta(days=30), 48_300)),
        ({"for_km": 160.9344}, (TODAY + timedelta(days=30), 48_160.9)),  # 100 miles, in the tenths of the meter
        ({"for_km": 5_000}, (TODAY + timedelta(days=30), 49_000)),
        ({"odometer_km": None, "for_km": 300}, (TODAY + timedelta(days=30), None)),
    ],
)
def test_nobody_sleeps_longer_than_the_fleet_allows(asked, wanted):
    said = {"until_on": None, "for_km": None, "odometer_km": 48_000, "today": TODAY} | asked
    assert capped(**said, most_days=30, most_km=1_000) == wanted


@settings(max_examples=80, deadline=None)
@given(
    st.none() | st.integers(0, 400),
    st.none() | st.floats(0, 9_000),
    st.integers(0, 90),
    st.floats(0, 5_000),
)
def test_it_is_over_at_the_cap_whatever_was_asked_for(days, km, later, driven):
    asked = None if days is None else TODAY + timedelta(days=days)
    on, until = capped(until_on=asked, for_km=km, today=TODAY, odometer_km=48_000, most_days=30, most_km=1_000)
    over = ending(
        Snoozed(on, until, Status.SOON),
        today=TODAY + timedelta(days=later),
        odometer_km=48_000 + driven,
        status=Status.DUE,
        done_since=False,
    )
    assert over or (later < 30 and driven < 1_000)
