"""A forecast as people say it."""

from datetime import date

import pytest

from fleet.kit.units import Units
from maintenance.domain.forecast_words import a_day, changed, held, rests_on, spoken

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("early", "late", "words"),
    [
        (date(2027, 1, 3), date(2027, 1, 9), "3–9 Jan 2027"),
        (date(2026, 12, 3), date(2026, 12, 9), "3–9 Dec"),
        (date(2026, 11, 28), date(2026, 12, 9), "28 Nov–9 Dec"),
        (date(2026, 12, 28), date(2027, 1, 9), "28 Dec–9 Jan 2027"),
        (date(2027, 1, 28), date(2027, 2, 9), "28 Jan–9 Feb 2027"),
        (date(2026, 12, 3), date(2026, 12, 3), "3 Dec"),
        (date(2026, 11, 20), date(2026, 12, 3), "by 3 Dec"),
        (date(2026, 11, 1), date(2026, 11, 20), "any day now"),
        (date(2026, 12, 3), date(2027, 12, 3), "3 Dec–3 Dec 2027"),
        (date(2026, 12, 3), date(2027, 12, 4), "from 3 Dec"),  # more than a year wide
        (date(2026, 12, 3), date(2029, 11, 22), "from 3 Dec"),
    ],
)
def test_a_range_of_days(early, late, words):
    assert spoken(early, late, TODAY) == words


@pytest.mark.parametrize(
    ("before", "now", "how"),
    [(80, 160, "doubled"), (80, 240, "tripled"), (80, 40, "halved"), (80, 20, "fell"), (80, 140, "rose")]
    + [(80, 0, "stopped"), (0, 40, "began"), (80, 1, "fell"), (1, 80, "rose")]
    + [(100, 41, "fell"), (100, 42, "halved"), (100, 58, "halved"), (100, 59, "fell")]
    + [(100, 179, "rose"), (100, 180, "doubled"), (100, 230, "doubled"), (100, 231, "rose")]
    + [(100, 269, "rose"), (100, 270, "tripled"), (100, 340, "tripled"), (100, 341, "rose")],
)
def test_a_change_of_use_in_one_word(before, now, how):
    told = changed({"since": "2026-11-16", "before": before, "now": now}, Units.METRIC)
    assert told == f"daily use {how} since Monday 16 November: {now} km a day instead of {before} km"


@pytest.mark.parametrize(
    ("axis", "words"),
    [("distance", "40 to 52 km a day"), ("oil", "40.0 to 52.0 points a day"), ("hours", "40.0 to 52.0 hours a day")],
)
def test_what_a_day_uses(axis, words):
    assert a_day(axis, 40, 52, Units.METRIC) == words


@pytest.mark.parametrize(
    ("why", "words"),
    [("", "40 to 52 km a day, over 180 days"), ("similar", "40 to 52 km a day, the median of 5 similar vehicles")],
)
def test_what_a_range_rests_on(why, words):
    told = {"why": why, "slow": 40, "usual": 45, "fast": 52, "days": 180, "cars": 5}
    assert rests_on("distance", told, Units.METRIC) == words


def test_oil_has_its_own_reasons():
    told = {"why": "stands", "usual": None}
    assert rests_on("oil", told, Units.METRIC) == "the oil life has not moved for four weeks"
    assert rests_on("distance", told, Units.METRIC) == "not at current usage; the time axis rules"


def test_few_outcomes_are_no_share():
    assert held(3, 4, None) == "too few outcomes yet to say how often such ranges hold (4)"
    assert held(1_500, 2_000, 0.75) == "such ranges held in 1,500 of 2,000 cases (75 %)"
