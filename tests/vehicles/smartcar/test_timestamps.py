from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vehicles.smartcar.timestamps import as_text, read_past, read_time

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-03-04T05:06:07Z",
        "2026-03-04T05:06:07.000Z",
        "2026-03-04T07:06:07+02:00",
        "2026-03-04T05:06:07",
        1772600767,
        1772600767000,
        "1772600767000",
    ],
)
def test_every_way_to_write_a_moment_is_the_same_moment(raw):
    assert read_time(raw) == MOMENT


@pytest.mark.parametrize(
    "raw",
    [None, 0, -1, 5, True, "", "soon", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", 10**400, float("inf")]
    + [float("nan"), [], {}, "9" * 5000, 1e18],
)
def test_what_is_no_moment_is_unknown(raw):
    assert read_time(raw) is None


def test_a_moment_more_than_a_day_ahead_is_unknown():
    assert read_past((MOMENT + timedelta(hours=23)).isoformat(), MOMENT) == MOMENT + timedelta(hours=23)
    assert read_past((MOMENT + timedelta(hours=25)).isoformat(), MOMENT) is None


def test_a_moment_is_written_in_utc():
    assert as_text(MOMENT) == "2026-03-04T05:06:07Z"


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans()))
def test_no_value_raises(raw):
    when = read_time(raw)
    assert when is None or when.tzinfo is UTC
