"""What a verdict stands on, in rows for a pencil."""

import json
from dataclasses import replace
from datetime import date

import pytest

from fleet.kit.units import Units
from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind
from maintenance.domain.why import explain
from tests.maintenance.domain.scene import TODAY, done, facts, known, line, seen

BY_KM = {"every_km": 10_000, "every_months": None, "oil_below_pct": None, "distance_recurs": "fixed"}
BY_TIME = {"every_km": None, "every_months": 12, "oil_below_pct": None, "time_recurs": "fixed"}
BY_HOURS = {"every_km": None, "every_months": None, "oil_below_pct": None, "every_hours": 250}
NEW_YEAR = date(2026, 1, 1)


def told(a_line, anchor, *completions, units=Units.METRIC, registered_on=date(2024, 2, 1)):
    """The rows by their labels; of two alike, both."""
    look = replace(facts(48_212, 99, today=NEW_YEAR, registered_on=registered_on), hours=seen(1_300))
    trace = json.loads(json.dumps(assess(a_line, anchor, completions, look).trace))
    rows: dict[str, list] = {}
    for row in explain(trace, odometer=look.odometer, oil=look.oil, today=look.today, units=units).rows:
        rows.setdefault(row.label, []).append((row.sum, row.result))
    return rows


STATED = Anchor(AnchorKind.KNOWN, date(2025, 11, 3), 41_180, by="R. Osei")


@pytest.mark.parametrize(
    ("anchor", "said", "result"),
    [
        (STATED, "Last service as stated at enrolment by R. Osei", "41,180 km · 3 Nov 2025"),
        (
            replace(STATED, hours=1_000),
            "Last service as stated at enrolment by R. Osei",
            "41,180 km · 1,000 h · 3 Nov 2025",
        ),
        (
            replace(STATED, kind=AnchorKind.TODAY),
            "From the day of enrolment, taken as just done, set by R. Osei",
            "41,180 km · 3 Nov 2025",
        ),
        (
            replace(STATED, kind=AnchorKind.TODAY, by=""),
            "From the day of enrolment, taken as just done",
            "41,180 km · 3 Nov 2025",
        ),
        (
            replace(STATED, kind=AnchorKind.NEW),
            "From new: counted from 0 km and 1 Feb 2024, first point after enrolment",
            "41,180 km · 3 Nov 2025",
        ),
        (Anchor(AnchorKind.UNKNOWN), "Last service unknown: nobody has set a start", ""),
    ],
)
def test_where_the_clock_started_is_told_as_it_was_set(anchor, said, result):
    assert told(line(), anchor)["Started from"] == [(said, result)]


def test_from_new_without_a_registration_counts_from_the_meter_alone():
    new = replace(STATED, kind=AnchorKind.NEW)
    said = "From new: counted from 0 mi, first point after enrolment"

    assert told(line(), new, units=Units.IMPERIAL, registered_on=None)["Started from"][0][0] == said


def test_a_job_that_was_part_of_another_says_of_which():
    larger = replace(done(TODAY, 48_200), part_of="Major service")
    said = "Service done by R. Osei as part of Major service"

    assert told(line(), known(), larger)["Started from"] == [(said, "48,200 km · 12 May 2026")]


@pytest.mark.parametrize(
    ("terms", "said", "result"),
    [
        ({}, "8,000 km or 6 months or oil life 20 % or below, floating", "first reached wins"),
        (
            {"distance_recurs": "fixed", "time_recurs": "fixed"},
            "8,000 km or 6 months or oil life 20 % or below, fixed",
            "first reached wins",
        ),
        (
            {"distance_recurs": "fixed"},
            "8,000 km or 6 months or oil life 20 % or below, distance fixed, time floating",
            "first reached wins",
        ),
        (BY_KM, "10,000 km, fixed", ""),
        (BY_TIME | {"every_months": 1}, "1 month, fixed", ""),
        (BY_HOURS, "250 engine hours, floating", ""),
        (
            BY_HOURS | {"every_km": 8_000, "hours_recur": "fixed"},
            "8,000 km or 250 engine hours, distance floating, hours fixed",
            "first reached wins",
        ),
    ],
)
def test_the_interval_is_told_as_the_program_has_it(terms, said, result):
    assert told(line(**terms), known())["Interval"] == [(f"Van, light duty v3: {said}", result)]


def test_what_was_asked_for_once_has_no_interval():
    one, two = {"once_km": 60_000}, {"once_km": 60_000, "once_on": date(2026, 9, 1)}

    assert told(line(**one), known())["Interval"] == [("None: due once", "")]
    assert told(line(**two), known())["Interval"] == [("None: due once", "first reached wins")]
    assert told(line(**two), replace(STATED, on=None))["Started from"] == [("Asked for once by R. Osei", "41,180 km")]


def test_severe_use_shows_what_it_shortens():
    assert told(line(severe=0.8), known())["Severe use"] == [
        ("8,000 km × 0.8", "6,400 km"),
        ("The days of 6 months × 0.8, rounded down", "144 days"),
    ]
    assert told(line(severe=0.75, every_months=None), known())["Severe use"] == [("8,000 km × 0.75", "6,000 km")]
    assert "Severe use" not in told(line(), known())


def test_severe_use_of_what_is_not_known_shortens_nothing():
    assert "Severe use" not in told(line(severe=0.8), Anchor(AnchorKind.UNKNOWN))


def test_grace_is_told_for_each_axis_that_has_it():
    assert told(line(grace_km=500, grace_days=14), known())["Grace"] == [
        ("Distance is overdue only beyond its grace", "500 km"),
        ("Time is overdue only beyond its grace", "14 days"),
    ]


@pytest.mark.parametrize(
    ("terms", "completion", "label", "sum_", "result"),
    [
        (BY_KM, None, "Distance", "50,000 + 1 × 10,000", "60,000 km"),
        (
            BY_KM,
            done(NEW_YEAR, 62_000),
            "Distance",
            "50,000 + 2 × 10,000, the first point more than half an interval (5,000 km) above 62,000",
            "70,000 km",
        ),
        (BY_HOURS | {"hours_recur": "fixed"}, None, "Engine hours", "1,000 + 1 × 250", "1,250 h"),
        (
            BY_HOURS | {"hours_recur": "fixed"},
            replace(done(NEW_YEAR, None), hours=1_300),
            "Engine hours",
            "1,000 + 2 × 250, the first point more than half an interval (125 h) above 1,300",
            "1,500 h",
        ),
        (
            BY_TIME,
            done(date(2025, 11, 20), None),
            "Time",
            "The first point more than half an interval (182.5 days) after 20 Nov 2025",
            "3 Nov 2026",
        ),
        (
            BY_TIME | {"every_months": 3},
            done(date(2025, 11, 20), None),
            "Time",
            "The first point more than half an interval (46 days) after 20 Nov 2025",
            "3 Feb 2026",
        ),
    ],
)
def test_a_grid_says_why_this_point_and_not_its_neighbour(terms, completion, label, sum_, result):
    history = () if completion is None else (completion,)
    start = replace(known(km=50_000), hours=1_000)

    assert told(line(**terms), start, *history)[f"{label} grid"] == [(sum_, result)]


def test_a_grid_of_dates_that_nothing_moved_explains_itself():
    assert "Time grid" not in told(line(**BY_TIME), known())
    assert "Distance grid" not in told(line(), known())
