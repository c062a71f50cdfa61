"""A car that once gave a signal and gives it no more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind, Axis
from maintenance.domain.status import Status
from maintenance.domain.why import explain
from tests.maintenance.domain.scene import TODAY, done, facts, known, line, seen

EARLY = date(2026, 1, 1)  # by time there are four months left


def last(value: float):
    return replace(seen(value), ended=True)


@pytest.mark.parametrize(
    ("odometer", "oil", "status", "winner"),
    [
        (42_000, 80, Status.OK, Axis.TIME),
        (48_500, 80, Status.SOON, Axis.DISTANCE),
        (49_500, 80, Status.OVERDUE, Axis.DISTANCE),
        (42_000, 15, Status.DUE, Axis.OIL),
    ],
)
def test_its_last_word_may_call_for_a_service_and_never_says_ok(odometer, oil, status, winner):
    verdict = assess(line(), known(), [], facts(last(odometer), last(oil), today=EARLY))
    assert (verdict.status, verdict.winner) == (status, winner)


def test_with_nothing_else_to_go_by_it_cannot_be_told():
    only = {"every_months": None, "oil_below_pct": None}
    assert assess(line(**only), known(), [], facts(last(42_000))).status is Status.UNKNOWN
    assert assess(line(**only), known(), [], facts(42_000)).status is Status.OK


def test_after_the_service_the_plan_goes_by_what_is_left():
    served = [done(TODAY + timedelta(days=1), 43_000)]
    verdict = assess(line(), known(), served, facts(43_100, last(8), today=TODAY + timedelta(days=2)))
    assert verdict.status is Status.OK
    assert [axis.axis for axis in verdict.axes if axis.dropped] == [Axis.OIL]


def test_a_start_that_nobody_knows_is_not_asked_for_where_the_car_is_silent():
    only = {"every_months": None, "oil_below_pct": None}
    verdict = assess(line(**only), Anchor(AnchorKind.UNKNOWN), [], facts(last(42_000)))
    assert verdict.axes[0].dropped


def test_the_page_says_why_it_is_left_out():
    given = facts(42_000, last(80), today=EARLY)
    verdict = assess(line(), known(), [], given)
    told = explain(verdict.trace, odometer=given.odometer, oil=given.oil, today=EARLY, units="metric", zone=None)
    assert any("left out" in row.sum for row in told.rows if row.label == "Oil life")
