"""How often a job comes around, by whichever axis comes first."""

from dataclasses import replace

import pytest

from maintenance.domain.forecast import Pace
from maintenance.domain.plan import Axis, Missing
from maintenance.domain.whatif import jobs_a_year
from tests.maintenance.domain.scene import facts, line, seen

NONE = {"every_km": None, "every_months": None, "oil_below_pct": None}
KM = NONE | {"every_km": 10_000}
OIL = NONE | {"oil_below_pct": 20}
HOURS = NONE | {"every_hours": 250}
YEARLY = NONE | {"every_months": 12}
USED = {Axis.DISTANCE: 42, Axis.OIL: 0.4, Axis.HOURS: 2}
NO_OIL = {"oil": Missing("unsupported")}


def jobs(terms, used=USED, **changes):
    paces = {axis: Pace(usual, usual, usual) for axis, usual in used.items()}
    look = {"hours": seen(900), "paces": paces} | changes
    return jobs_a_year(line(**terms), replace(facts(42_000, 60), **look))


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (KM, 42 * 365.25 / 10_000),
        (KM | {"severe": 0.5}, 42 * 365.25 / 5_000),
        (OIL, 0.4 * 365.25 / 80),
        (HOURS, 2 * 365.25 / 250),
        (YEARLY, 1),
        (YEARLY | {"every_months": 9}, 4 / 3),
        (YEARLY | {"every_months": 18, "severe": 0.5}, 4 / 3),
        (KM | {"every_months": 12}, 42 * 365.25 / 10_000),  # the distance comes first
        (KM | {"every_months": 4}, 3),  # the calendar does
        (KM | OIL | {"every_km": 10_000}, 0.4 * 365.25 / 80),
        (NONE, 0),
    ],
)
def test_the_axis_that_comes_first_says_how_often(terms, expected):
    assert jobs(terms) == pytest.approx(expected)


@pytest.mark.parametrize("used", [{}, {Axis.DISTANCE: None}])
def test_where_nobody_knows_how_fast_an_axis_goes_nobody_knows_how_often(used):
    assert jobs(KM | {"every_months": 12}, used) is None
    assert jobs(YEARLY, used) == 1  # it does not go by distance


def test_a_car_that_stands_still_goes_by_the_calendar_alone():
    assert jobs(KM | {"every_months": 12}, {Axis.DISTANCE: 0}) == 1
    assert jobs(KM, {Axis.DISTANCE: 0}) == 0


def test_what_the_car_never_tells_is_left_out_and_hides_no_other():
    assert jobs(OIL | HOURS | {"oil_below_pct": 20}, **NO_OIL) == pytest.approx(2 * 365.25 / 250)
    assert jobs(OIL, **NO_OIL) == 0


def test_a_reading_that_is_still_to_come_hides_nothing():
    assert jobs(KM, odometer=Missing("waiting")) == pytest.approx(42 * 365.25 / 10_000)
