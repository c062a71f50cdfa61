"""What is foretold of an item, and when what is stored need not be written again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from maintenance.domain.assessment import assess
from maintenance.domain.forecast import Pace, Range, Rests
from maintenance.domain.foreseeing import account, foresee, is_steady, reasons
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Missing
from tests.maintenance.domain.scene import TODAY, facts, known, line

EARLY, LATE = date(2026, 6, 1), date(2026, 6, 21)
OWN = Pace(50, 75, 100, 180.0)
PACES = {Axis.DISTANCE: OWN, Axis.OIL: Pace(0.5, 0.5, 0.5, 180.0)}


def moved(early: int, late: int) -> Range:
    return Range(EARLY + timedelta(days=early), LATE + timedelta(days=late))


@pytest.mark.parametrize(
    ("found", "steady"),
    [
        (moved(0, 0), True),
        (moved(3, -3), True),
        (moved(-3, 3), True),
        (moved(4, 0), False),
        (moved(-4, 0), False),
        (moved(0, 4), False),
        (moved(0, -4), False),
        (None, False),
    ],
)
def test_a_range_that_moves_by_three_days_says_the_same(found, steady):
    assert is_steady((EARLY, LATE), found) is steady


def test_no_range_stays_no_range():
    assert is_steady((None, None), None)
    assert not is_steady((None, None), moved(0, 0))


@pytest.mark.parametrize(
    ("pace", "found", "same"),
    [
        (OWN, moved(1, 1), True),  # how far it moves is no news
        (replace(OWN, fast=120), moved(0, 0), True),
        (replace(OWN, why=Rests.SIMILAR), moved(0, 0), False),
        (OWN, None, False),
    ],
)
def test_what_it_rests_on_is_told_anew_when_that_changes(pace, found, same):
    before = reasons({Axis.DISTANCE: (OWN, moved(0, 0))})

    assert (reasons({Axis.DISTANCE: (pace, found)}) == before) is same
    assert reasons({Axis.OIL: (pace, found)}) != before


def test_what_is_stored_says_the_range_and_the_pace_of_each_axis():
    told = account({Axis.DISTANCE: (OWN, moved(0, 0)), Axis.OIL: (OWN, None)})

    assert (told["distance"]["early"], told["distance"]["fast"]) == ("2026-06-01", 100)
    assert told["oil"]["early"] is None


def test_an_axis_without_a_reading_does_not_hide_the_others():
    look = replace(facts(47_180, today=date(2026, 1, 1)), oil=Missing("unsupported"), paces=PACES)
    found, rests = foresee(assess(line(every_months=None), known(), [], look), look)

    assert found == Range(TODAY + timedelta(days=20), TODAY + timedelta(days=40))
    assert set(rests) == {Axis.DISTANCE}


def test_an_axis_without_a_start_does_not_hide_the_others():
    look = replace(facts(47_180, today=date(2026, 1, 1)), paces=PACES)
    new = Anchor(AnchorKind.NEW, date(2025, 1, 1), 47_000)  # and nobody knows when it was registered
    found, rests = foresee(assess(line(oil_below_pct=None), new, [], look), look)

    assert (found.early, set(rests)) == (TODAY + timedelta(days=8), {Axis.DISTANCE})


def test_an_axis_without_a_pace_does_not_hide_the_others():
    look = replace(facts(47_180, 90, today=date(2026, 1, 1)), paces={Axis.OIL: PACES[Axis.OIL]})
    found, rests = foresee(assess(line(every_months=None), known(), [], look), look)

    assert (found.early, set(rests)) == (TODAY + timedelta(days=140), {Axis.OIL})
