"""One axis as a page shows it: its bar, what remains, and the sum behind that."""

import json
from dataclasses import replace
from datetime import date

import pytest

from fleet.kit.units import Units
from maintenance.domain.assessment import assess
from maintenance.domain.forecast import Pace
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Line
from maintenance.domain.why import explain
from tests.maintenance.domain.scene import TODAY, done, facts, known, line, seen

EARLY = date(2026, 1, 1)
HOURS = {"every_km": None, "every_months": None, "oil_below_pct": None, "every_hours": 250}
OIL = {"every_km": None, "every_months": None}
ONCE = Line("Recall of the seat belt", "", 0, once_km=60_000, once_on=date(2026, 9, 1))
UNSET = Anchor(AnchorKind.TODAY)


def card(a_line, look, anchor=None, *completions, units=Units.METRIC):
    trace = json.loads(json.dumps(assess(a_line, anchor or known(), completions, look).trace))
    return explain(trace, odometer=look.odometer, oil=look.oil, today=look.today, units=units)


def axis(shown, which=Axis.TIME):
    return next(one for one in shown.axes if one.axis is which)


def row(shown, label):
    return next((one.sum, one.result) for one in shown.rows if one.label == label)


def at_hours(value, *, fast=None):
    paces = {} if fast is None else {Axis.HOURS: Pace(fast, fast, fast, 180)}
    return replace(facts(), hours=seen(value, source="bench"), paces=paces)


def test_nothing_is_said_of_grace_that_is_not_used():
    assert axis(card(line(grace_days=14), facts(42_000, 80, today=date(2026, 5, 3)))).exact == "due today"
    assert axis(card(line(grace_days=14), facts(42_000, 80, today=date(2026, 5, 18)))).exact == "15 days over"
    assert axis(card(line(), facts(49_180, 80, today=EARLY)), Axis.DISTANCE).exact == "0 km left"


def oil_at(value, on):
    return replace(facts(oil=seen(value, on)), paces={Axis.OIL: Pace(1, 1, 1, 180)})


def test_one_day_late_is_within_its_grace_already():
    assert axis(card(line(grace_days=14), facts(42_000, 80, today=date(2026, 5, 4)))).exact == (
        "1 day over, within 14 days of grace"
    )


def test_a_bar_begins_at_nought_and_has_its_tick_where_soon_begins():
    shown = card(line(), facts(41_000, 80, today=EARLY))  # less than at the last service

    assert axis(shown, Axis.DISTANCE).share == 0
    assert axis(shown).soon_share == pytest.approx(1 - 18 / 181)
    assert axis(shown, Axis.OIL).soon_share == pytest.approx(0.9)


@pytest.mark.parametrize(("oil", "sum_"), [(20.4, "20.4 − 20.0"), (20, "20 − 20"), (19.6, "20.0 − 19.6")])
def test_the_lesser_is_taken_from_the_greater(oil, sum_):
    assert row(card(line(), facts(42_000, oil, today=EARLY)), "Oil life")[0] == sum_


@pytest.mark.parametrize(
    ("value", "headline", "sum_"),
    [
        (1_201, "49 h left", "1,000 + 250 = 1,250; 1,250 − 1,201"),
        (1_260, "10 h over", "1,000 + 250 = 1,250; 1,250 − 1,260"),
    ],
)
def test_engine_hours_add_up(value, headline, sum_):
    shown = card(line(**HOURS), at_hours(value), replace(known(), hours=1_000))

    assert (shown.headline, row(shown, "Engine hours")[0]) == (headline, sum_)
    assert row(shown, "Reading used")[1] == f"{value:,} h"
    assert axis(shown, Axis.HOURS).share == pytest.approx((value - 1_000) / 250)


def test_hours_typed_in_tenths_are_shown_in_tenths():
    shown = card(line(**HOURS), at_hours(1_200.5), replace(known(), hours=1_000))
    assert row(shown, "Reading used")[1] == "1,200.5 h"


@pytest.mark.parametrize(
    ("terms", "look", "aside"),
    [
        (HOURS, at_hours(1_200, fast=4), "4.0 h a day it may be there from 24 May 2026"),
        (OIL, oil_at(30, TODAY), "1.0 point a day it may be there from 22 May 2026"),
        (OIL, oil_at(30, date(2026, 5, 1)), "1.0 point a day it may be there from 12 May 2026"),  # never before today
    ],
)
def test_a_forecast_that_makes_it_soon_shows_its_sum(terms, look, aside):
    shown = card(line(**terms), look, replace(known(), hours=1_000))
    assert [row.sum for row in shown.rows if row.label == "Forecast"] == [
        f"At up to {aside}, and within 14 days is soon"
    ]


@pytest.mark.parametrize(
    ("terms", "completions", "sum_"),
    [
        ({"time_recurs": "fixed"}, (), "3 Nov 2025 + 6 months = 3 May 2026; 3 May 2026 − 1 Jan 2026"),
        (
            {"time_recurs": "fixed"},
            (done(date(2025, 12, 20), None),),
            "3 Nov 2025 + 6 months = 3 May 2026; 3 May 2026 − 1 Jan 2026",
        ),
        (
            {"time_recurs": "fixed", "every_months": 1},
            (done(date(2025, 12, 20), None),),
            "3 Nov 2025 + 3 × 1 month = 3 Feb 2026; 3 Feb 2026 − 1 Jan 2026",
        ),
        ({"severe": 0.8}, (), "3 Nov 2025 + 144 days = 27 Mar 2026; 27 Mar 2026 − 1 Jan 2026"),
    ],
)
def test_dates_add_up_from_where_their_grid_began(terms, completions, sum_):
    assert row(card(line(**terms), facts(42_000, 80, today=EARLY), None, *completions), "Time")[0] == sum_


def test_a_severe_interval_is_not_said_to_be_the_one_that_was_typed():
    miles = {"every_km": 8_046.72, "distance_typed": "5,000 mi", "severe": 0.5}
    assert row(card(line(**miles), facts(42_000, 80)), "Distance")[0] == "41,180 + 4,023 = 45,203; 45,203 − 42,000"


def test_what_is_due_once_has_a_sum_and_a_bar_only_from_where_it_was_asked_for():
    asked = replace(UNSET, odometer_km=50_000, on=date(2026, 3, 1))
    anywhere, from_here = (card(ONCE, facts(52_500), anchor) for anchor in (UNSET, asked))

    assert row(anywhere, "Distance") == ("60,000 − 52,500", "7,500 km left")
    assert row(anywhere, "Time") == ("1 Sep 2026 − 12 May 2026", "112 days left")
    assert [(one.share, one.soon_share) for one in anywhere.axes] == [(None, None)] * 2
    assert axis(from_here, Axis.DISTANCE).share == pytest.approx(0.25)
    assert row(from_here, "Distance")[0] == "50,000 + 10,000 = 60,000; 60,000 − 52,500"


@pytest.mark.parametrize(
    ("today", "glance", "exact"),
    [
        (date(2021, 8, 21), "about 4 years 8 months left", "1,716 days left"),
        (date(2026, 5, 1), "2 days left", "2 days left"),
        (date(2027, 5, 3), "about 1 year over", "365 days over"),
    ],
)
def test_the_why_keeps_the_days_that_a_glance_rounds(today, glance, exact):
    shown = card(line(every_km=None, oil_below_pct=None), facts(42_000, today=today))
    assert shown.headline == glance
    assert row(shown, "Time")[1] == exact


@pytest.mark.parametrize(("measured", "old"), [(11, "1 day old"), (12, "today"), (13, "today"), (2, "10 days old")])
def test_a_reading_wears_its_age(measured, old):
    shown = card(line(every_months=None, oil_below_pct=None), facts(seen(42_000, date(2026, 5, measured))))
    assert row(shown, "Reading used")[0].endswith(f", {old}")
