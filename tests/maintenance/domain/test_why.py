"""A verdict explained: what a person reads, and whether the pencil agrees."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.kit.units import Units
from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Lack, Missing
from maintenance.domain.status import Status
from maintenance.domain.why import explain
from maintenance.domain.wording import reason
from tests.maintenance.domain.scene import TODAY, done, facts, known, line, seen

BY_KM = {"every_months": None, "oil_below_pct": None}


def told(a_line, anchor, look, completions=(), units=Units.METRIC):
    trace = json.loads(json.dumps(assess(a_line, anchor, list(completions), look).trace))
    return explain(trace, odometer=look.odometer, oil=look.oil, today=look.today, units=units)


def rows(explanation):
    return {row.label: (row.sum, row.result) for row in explanation.rows}


def test_the_job_card_of_the_van_adds_up():
    card = told(line(), known(), facts(48_212, 31))

    assert card.headline == "9 days over"
    assert card.second == "968 km left · oil 31 %"
    assert card.sentence == "Oil and filter change is overdue: 9 days over (due 3 May 2026)"
    assert rows(card)["Distance"] == ("41,180 + 8,000 = 49,180; 49,180 − 48,212", "968 km left")
    assert rows(card)["Time"][0] == "3 Nov 2025 + 6 months = 3 May 2026; 12 May 2026 − 3 May 2026"
    assert rows(card)["Oil life"] == ("31 − 20", "11 points left")
    assert rows(card)["Verdict"] == ("Overdue since 3 May 2026, by time", "9 days over")


@pytest.mark.parametrize(
    ("odometer", "oil", "today", "headline"),
    [
        (50_520, 80, date(2026, 1, 1), "1,340 km over"),
        (48_860, 80, date(2026, 1, 1), "320 km left"),
        (42_000, 80, date(2026, 5, 3), "due today"),
        (42_000, 80, date(2026, 5, 4), "1 day over"),
        (42_000, 18, date(2026, 1, 1), "2 points under"),
        (42_000, 20, date(2026, 1, 1), "at the limit"),
        (49_180, 80, date(2026, 1, 1), "0 km left"),
        (49_180.4, 80, date(2026, 1, 1), "0.4 km over"),
        (Missing("not_permitted"), 80, date(2026, 1, 1), "distance unknown"),
    ],
)
def test_the_headline_is_the_figure_of_the_winner(odometer, oil, today, headline):
    assert told(line(), known(), facts(odometer, oil, today=today)).headline == headline


def test_an_axis_reached_first_is_named_beside_the_one_that_is_overdue():
    card = told(line(every_months=None), known(), facts(49_190, 12))

    assert rows(card)["Verdict"] == ("Overdue, by distance; oil life was reached first", "8 points under")


def test_readings_say_when_they_were_measured_and_who_sent_them():
    card = told(line(every_months=None, oil_below_pct=None), known(), facts(seen(48_212, date(2026, 5, 9))))

    assert rows(card)["Reading used"] == (
        "Odometer measured 9 May 2026 12:00, sent by the car’s maker, 3 days old",
        "48,212 km",
    )


def test_readings_are_told_by_the_clock_of_the_fleet():
    look = facts(replace(seen(48_212, date(2026, 5, 11)), at=datetime(2026, 5, 11, 23, 30, tzinfo=UTC)))
    trace = assess(line(**BY_KM), known(), [], look).trace
    card = explain(
        trace, odometer=look.odometer, oil=look.oil, today=TODAY, units="metric", zone=ZoneInfo("Europe/Berlin")
    )

    assert rows(card)["Reading used"][0] == "Odometer measured 12 May 2026 01:30, sent by the car’s maker, today"


def test_each_reading_and_each_lack_of_one_has_its_row():
    card = told(line(), known(km=None), facts(oil=80))
    used = [(row.sum.split(" measured")[0], row.result) for row in card.rows if row.label.endswith(" used")]

    assert used == [("Waiting for the first odometer reading", "none"), ("Oil life", "80 %")]
    assert rows(card)["Distance"] == ("Odometer at the start not known yet", "distance unknown")


@pytest.mark.parametrize(
    ("start_km", "odometer", "shown"),
    [(41_180, 49_180.4, "49,180.4 km"), (41_180, 48_212.4, "48,212 km"), (None, 42_000.4, "42,000 km")],
)
def test_a_reading_has_the_decimals_of_its_sum(start_km, odometer, shown):
    assert rows(told(line(**BY_KM), known(km=start_km), facts(odometer)))["Reading used"][1] == shown


def test_an_unknown_start_says_so_and_what_would_help():
    card = told(line(), Anchor(AnchorKind.UNKNOWN), facts(90_000, 80))

    assert card.headline == "start unknown"
    assert rows(card)["Would change it"][0] == "Setting the last service, or completing the task once."


def test_a_dropped_axis_is_named_beside_the_others():
    card = told(line(), known(), facts(42_000, Missing("unsupported"), today=date(2026, 1, 1)))

    assert "no oil data" in card.second
    assert rows(card)["Oil life"][0] == "Oil life not provided by this car: left out, by distance and time instead"


def test_an_interval_typed_in_miles_keeps_its_miles():
    miles = line(every_km=5_000 * 1.609344, distance_typed="5,000 mi")
    metric, imperial = (told(miles, known(km=40_000), facts(44_000, 80), units=units) for units in Units)

    assert "5,000 mi" in rows(metric)["Interval"][0]
    assert "(5,000 mi)" in rows(metric)["Distance"][0]
    assert " + 5,000 = " in rows(imperial)["Distance"][0]


@pytest.mark.parametrize(
    ("lack", "said"),
    [
        (Lack.UNSUPPORTED, "engine hours not typed for this car"),
        (Lack.NO_START_HOURS, "engine hours at the start not known yet"),
        (Lack.WAITING, "waiting for the first engine hours reading"),
    ],
)
def test_engine_hours_that_are_missing_say_why(lack, said):
    assert reason(Axis.HOURS, lack) == said


def test_a_stand_in_odometer_is_admitted():
    card = told(line(), known(), facts(48_212, 99), [done(TODAY, 48_200, stand_in=True)])

    assert rows(card)["Started from"] == (
        "Service done by R. Osei, odometer from the nearest reading",
        "48,200 km · 12 May 2026",
    )


def test_the_bar_knows_its_share_its_tick_and_the_winner():
    bars = {axis.axis: axis for axis in told(line(), known(), facts(48_212, 31)).axes}

    assert bars[Axis.TIME].winner and bars[Axis.TIME].share > 1
    assert bars[Axis.DISTANCE].share == pytest.approx(0.879)
    assert bars[Axis.DISTANCE].soon_share == pytest.approx(0.9)


def test_no_axis_at_all_is_still_explained():
    card = told(line(every_km=None, every_months=None), known(), facts(oil=Missing("unsupported")))

    assert (card.status, card.headline) == (Status.UNKNOWN, "nothing to go by")


def figures(text):
    return [float(figure.replace(",", "")) for figure in re.findall(r"[\d,]+(?:\.\d+)?", text)]


tenths = st.integers(0, 4_000_000).map(lambda tenth: tenth / 10)


@given(tenths, st.integers(100, 60_000), st.sampled_from(["km", "mi"]), tenths, st.sampled_from(list(Units)))
def test_the_pencil_always_agrees_and_never_denies_the_status(start, every, unit, odometer, units):
    every_km = every * (1.609344 if unit == "mi" else 1)
    by_km = line(every_km=every_km, every_months=None, oil_below_pct=None)
    card = told(by_km, known(km=start), facts(odometer), units=units)
    text, result = rows(card)["Distance"]
    begin, interval, due, due_again, reading = figures(text)

    assert round(begin + interval - due, 3) == 0
    assert due == due_again
    assert round(abs(due - reading) - figures(result)[0], 3) == 0
    assert result.endswith("over") is (card.status is Status.OVERDUE)
    assert (figures(result)[0] == 0) is (card.status is Status.DUE)


@given(tenths, st.integers(0, 1_000).map(lambda tenth: tenth / 10), st.dates(date(2025, 1, 1), date(2028, 1, 1)))
def test_the_explanation_and_the_verdict_agree(odometer, oil, today):
    look = facts(odometer, oil, today=today)
    verdict = assess(line(), known(), [], look)
    card = told(line(), known(), look)

    assert card.status is verdict.status
    assert [axis.axis for axis in card.axes if axis.winner] == [verdict.winner]
