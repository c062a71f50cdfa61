"""What people are told of a verdict: the sentence of a mail, the verdict on its page, and what would change it."""

import json
from datetime import date

import pytest

from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind, Line, Missing
from maintenance.domain.status import Status
from maintenance.domain.why import explain
from tests.maintenance.domain.scene import facts, known, line

EARLY = date(2026, 1, 1)
ONCE = Line("Recall of the seat belt", "", 0, once_km=60_000, once_on=date(2026, 9, 1))
LOGGED = "Logging a service done after 3 Nov 2025"
BY_KM = "By distance it becomes due at 49,180 km."
OR_TYPED = "reading from the car, or one typed in the workshop."
NO_OIL = Missing("unsupported")


def card(look, a_line=None, anchor=None):
    verdict = assess(a_line or line(), anchor or known(), [], look)
    trace = json.loads(json.dumps(verdict.trace))
    return explain(trace, odometer=look.odometer, oil=look.oil, today=look.today, units="metric")


def row(shown, label):
    return next((one.sum, one.result) for one in shown.rows if one.label == label)


def test_overdue_by_time_within_its_grace_is_not_called_due_today():
    late = card(facts(42_000, 80), line(grace_days=14))

    assert late.status is Status.DUE
    assert late.sentence == "Oil and filter change is due: 9 days over (due 3 May 2026)"
    assert row(late, "Time")[1] == "9 days over, within 14 days of grace"


@pytest.mark.parametrize(
    ("look", "sentence"),
    [
        (facts(42_000, 80, today=date(2026, 5, 3)), "is due today (3 May 2026)"),
        (facts(48_900, 80, today=EARLY), "is due soon: 280 km left (due at 49,180 km)"),
        (facts(42_000, 80, today=EARLY), "is not due yet: about 4 months left (due 3 May 2026)"),
        (facts(42_000, 15, today=EARLY), "is due: 5 points under (oil 15 %, limit 20 %)"),
        (facts(42_000, 8, today=EARLY), "is overdue: 12 points under (oil 8 %, limit 20 %)"),
        (
            facts(42_000, Missing("not_permitted"), today=EARLY),
            "cannot be told: oil life unknown (oil life not permitted by the owner)",
        ),
        (facts(42_000, Missing("unsupported"), today=EARLY), "is not due yet: about 4 months left (due 3 May 2026)"),
    ],
)
def test_the_sentence_of_a_mail(look, sentence):
    assert card(look).sentence == f"Oil and filter change {sentence}"


@pytest.mark.parametrize(
    ("look", "change"),
    [
        (facts(48_900, 80, today=EARLY), f"{BY_KM} The calendar alone makes it soon on 15 Apr 2026."),
        (facts(48_900, 80, today=date(2026, 4, 14)), f"{BY_KM} The calendar alone makes it soon on 15 Apr 2026."),
        (facts(48_900, 80, today=date(2026, 4, 15)), f"{BY_KM} The calendar alone makes it due on 3 May 2026."),
        (facts(42_000, 80, today=EARLY), "By time it becomes due on 3 May 2026."),
        (facts(50_000, 80, today=EARLY), f"{LOGGED}, or a longer distance interval in the program."),
        (facts(42_000, 80), f"{LOGGED}, or a longer time interval in the program. Driving less would not."),
        (facts(42_000, 15, today=EARLY), f"{LOGGED} and a higher oil life reading, or a lower limit in the program."),
        (facts(42_000, Missing("unavailable"), today=EARLY), "A fresh oil life reading from the car."),
        (facts(today=EARLY), f"A first oil life {OR_TYPED} A first odometer {OR_TYPED}"),
        (facts(oil=NO_OIL, today=EARLY), f"A first odometer {OR_TYPED}"),
    ],
)
def test_what_would_change_it(look, change):
    assert row(card(look), "Would change it")[0] == change


def test_without_a_calendar_only_the_axis_itself_comes():
    shown = card(facts(48_900, 80, today=EARLY), line(every_months=None))
    assert row(shown, "Would change it")[0] == BY_KM


def test_where_nothing_speaks_a_reading_would_help():
    shown = card(facts(Missing("unsupported"), NO_OIL), line(every_months=None))
    assert row(shown, "Would change it")[0] == f"A first odometer {OR_TYPED}"


@pytest.mark.parametrize("today", [date(2026, 5, 12), date(2026, 9, 3)])
def test_what_is_due_once_is_over_when_it_is_done(today):
    assert (
        row(card(facts(60_100, today=today), ONCE, Anchor(AnchorKind.TODAY)), "Would change it")[0]
        == "Logging it as done."
    )


@pytest.mark.parametrize(
    ("look", "verdict"),
    [
        (facts(42_000, 80, today=EARLY), "Not due yet, by time"),
        (facts(48_900, 80, today=EARLY), "Due soon, by distance"),
        (facts(42_000, 80, today=date(2026, 5, 3)), "Due now, by time"),
        (facts(49_190, 80), "Overdue since 3 May 2026, by time"),
        (facts(49_190, 80, today=EARLY), "Overdue, by distance"),
        (facts(42_000, NO_OIL, today=EARLY), "Not due yet, by time"),
        (facts(42_000, today=EARLY), "Cannot tell; ok by distance and time, the rest is missing"),
    ],
)
def test_the_verdict_names_its_axis(look, verdict):
    assert row(card(look), "Verdict")[0] == verdict


def test_without_any_word_of_the_car_it_cannot_be_told():
    shown = card(facts(), line(every_months=None))

    assert row(shown, "Verdict")[0] == "Cannot tell"
    assert (
        shown.sentence
        == "Oil and filter change cannot be told: oil life unknown (waiting for the first oil life reading)"
    )


def test_without_a_start_it_is_not_told_what_it_is_waiting_for():
    shown = card(facts(90_000, 80), anchor=Anchor(AnchorKind.UNKNOWN))

    assert row(shown, "Verdict") == ("Cannot tell: last service unknown", "start unknown")
    assert shown.sentence.startswith("Oil and filter change cannot be told: start unknown")
