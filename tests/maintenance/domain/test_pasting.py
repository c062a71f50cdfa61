"""Lines of a spreadsheet, read without guessing."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain import pasting
from maintenance.domain.pasting import Unreadable, read_day, read_distance, read_hours
from maintenance.domain.plan import AnchorKind

TODAY = date(2026, 11, 23)
MAY = date(2026, 5, 12)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-12", MAY),
        ("2026-5-12", MAY),
        ("12 May 2026", MAY),
        ("12 may 2026", MAY),
        ("12. Mai 2026", None),
        ("May 12, 2026", MAY),
        ("Sept 3 2026", date(2026, 9, 3)),
        ("12.05.2026", MAY),
        ("05.12.2026", date(2026, 12, 5)),
        ("25/5/2026", date(2026, 5, 25)),
        ("5/25/2026", date(2026, 5, 25)),
        ("5/5/2026", date(2026, 5, 5)),
        ("5/12/2026", None),
        ("12/5/2026", None),
        ("13/5/2026", date(2026, 5, 13)),
        ("5/13/2026", date(2026, 5, 13)),
        ("12/5/26", None),
        ("30 February 2026", None),
        ("0000-01-01", None),
        ("last spring", None),
        ("", None),
    ],
)
def test_a_day_is_read_or_refused(text, day):
    if day is None:
        with pytest.raises(Unreadable):
            read_day(text)
    else:
        assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "unit", "km"),
    [
        ("48210", "km", 48_210),
        ("48,210", "km", 48_210),
        ("48.210", "km", 48_210),
        ("48 210 km", "mi", 48_210),
        ("48210.5", "km", 48_210.5),
        ("48,210.25 km", "km", 48_210.2),
        ("30,000 mi", "km", 48_280.3),
        ("30,000", "mi", 48_280.3),
        ("1,234,567", "km", 1_234_567),
        ("4,82,10", "km", None),
        ("-5", "km", None),
        ("about 5", "km", None),
    ],
)
def test_an_odometer_is_read_or_refused(text, unit, km):
    if km is None:
        with pytest.raises(Unreadable):
            read_distance(text, unit)
    else:
        assert read_distance(text, unit) == km  # in the tenths of the meter


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("1,250 h", 1_250),
        ("1250.5", 1_250.5),
        ("0", 0),
        ("100,000", 100_000),
        ("100,001", None),
        ("-0.5", None),
        ("nan", None),
        ("many", None),
    ],
)
def test_engine_hours_are_read_or_refused(text, hours):
    if hours is None:
        with pytest.raises(Unreadable):
            read_hours(text)
    else:
        assert read_hours(text) == hours


def read(text: str) -> list[pasting.Row]:
    return list(pasting.rows(text, unit="km", today=TODAY))


def test_lines_keep_their_numbers_and_a_heading_is_no_line():
    found = read("Vehicle\tTask\tDay\tOdometer\n\nVan 1\tOil change\t2026-05-12\t48,210\nVan 2;Oil change;new\n")
    assert [(row.number, row.vehicle, row.kind, row.on, row.km, row.problem) for row in found] == [
        (3, "Van 1", AnchorKind.KNOWN, MAY, 48_210, ""),
        (4, "Van 2", AnchorKind.NEW, None, None, ""),
    ]


def test_a_job_of_today_and_three_digits_of_hours_are_taken():
    (found,) = read("Van 1\tOil\t2026-11-23\t48210\t500")
    assert (found.on, found.km, found.hours, found.problem) == (TODAY, 48_210, 500, "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Van 1", "Write vehicle, task, day and odometer"),
        ("Van 1\tOil", "Write vehicle, task, day and odometer"),
        ("\tOil\t2026-05-12", "Write vehicle, task, day and odometer"),
        ("Van 1\t\t2026-05-12", "Write vehicle, task, day and odometer"),
        ("Van 1\tOil\t2026-12-24\t5", "24 December 2026 is still to come."),
        ("Van 1\tOil\tnew\t5", "“new” needs no odometer."),
        ("Van 1\tOil\t2026-05-12\tlots", "is no odometer"),
        ("Van 1\tOil\t2026-05-12\t5\tmany", "are no engine hours"),
        ("Van 1, Oil, 2026-05-12, 48,210", "“48,210” may be one figure or two."),
        ("Van 1, Oil, 2026-05-12, 48210, 12, 5", "There is more on this line"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(line, said):
    (found,) = read(line)
    assert said in found.problem


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="Van 1\t;,./'“”-0123456789mikabc\n ", max_size=80))
def test_nothing_that_is_pasted_breaks_it_and_no_line_is_lost(text):
    told = [line for line in text.splitlines() if line.strip()]
    found = read(text)
    assert len(found) in (len(told), len(told) - 1)
    assert all(row.problem or row.kind is not AnchorKind.KNOWN or row.on for row in found)


@settings(max_examples=100, deadline=None)
@given(st.dates(min_value=date(1990, 1, 1), max_value=TODAY), st.integers(0, 999_999))
def test_what_a_spreadsheet_writes_is_read_back(day, km):
    for shape in (day.isoformat(), f"{day:%-d %B %Y}", f"{day:%B %-d, %Y}", f"{day:%d.%m.%Y}"):
        (row,) = read(f"Van 1\tOil\t{shape}\t{km:,}")
        assert (row.on, row.km, row.problem) == (day, km, "")
