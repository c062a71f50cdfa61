"""From where each axis is counted: from new, from a service, from nowhere that is known."""

from dataclasses import replace
from datetime import date

import pytest

from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Lack, Line
from maintenance.domain.status import Status
from tests.maintenance.domain.scene import TODAY, facts, known, line, seen

NONE = {"every_km": None, "every_months": None, "oil_below_pct": None}
BOTH = ["floating", "fixed"]
ENROLLED = date(2026, 1, 31)
NEW = Anchor(AnchorKind.NEW, ENROLLED)
ONCE = Line("Recall of the seat belt", "", 0, once_km=60_000, once_on=date(2026, 9, 1))


@pytest.mark.parametrize("recurs", BOTH)
@pytest.mark.parametrize(("reads", "due"), [(0, 10_000), (29_999.5, 30_000), (30_000, 40_000)])
def test_from_new_it_is_due_at_the_first_point_above_the_meter(reads, due, recurs):
    terms = line(**NONE | {"every_km": 10_000, "distance_recurs": recurs})
    assert assess(terms, replace(NEW, odometer_km=reads), [], facts(reads)).due_km == due


@pytest.mark.parametrize("recurs", BOTH)
@pytest.mark.parametrize(("reads", "due"), [(0, 250), (999.5, 1_000), (1_000, 1_250), (None, None)])
def test_from_new_engine_hours_are_counted_from_nought(reads, due, recurs):
    terms = line(**NONE, every_hours=250, hours_recur=recurs)
    verdict = assess(terms, replace(NEW, hours=reads), [], replace(facts(), hours=seen(1_000)))

    assert verdict.due_hours == due
    assert [axis.missing for axis in verdict.axes] == (["no_start_hours"] if reads is None else [""])


@pytest.mark.parametrize("recurs", BOTH)
@pytest.mark.parametrize("severe", [1, 0.5])
@pytest.mark.parametrize(
    ("registered_on", "due_on"),
    [
        (ENROLLED, (date(2027, 1, 31), date(2026, 8, 1))),
        (date(2022, 1, 31), (date(2027, 1, 31), date(2026, 7, 27))),  # nine times 182 days
        (date(2026, 6, 1), (date(2027, 6, 1), date(2026, 11, 30))),  # enrolled before it was on the road
    ],
)
def test_from_new_the_calendar_begins_with_its_registration(registered_on, due_on, severe, recurs):
    terms = line(**NONE | {"every_months": 12, "time_recurs": recurs, "severe": severe})
    assert assess(terms, NEW, [], facts(registered_on=registered_on)).due_on == due_on[severe != 1]


@pytest.mark.parametrize("recurs", BOTH)
def test_a_date_that_is_lacking_is_the_one_that_would_help(recurs):
    terms = line(**NONE | {"every_months": 12, "time_recurs": recurs})

    for anchor, lack in ((NEW, Lack.NO_REGISTRATION), (known(on=None), Lack.NO_START_DATE)):
        assert [axis.missing for axis in assess(terms, anchor, [], facts()).axes] == [lack]


@pytest.mark.parametrize("recurs", BOTH)
def test_from_a_stated_service_engine_hours_run_one_interval(recurs):
    terms = line(**NONE, every_hours=250, hours_recur=recurs)
    verdict = assess(terms, replace(known(), hours=1_300), [], replace(facts(), hours=seen(1_400)))

    assert verdict.due_hours == 1_550


@pytest.mark.parametrize(("odometer", "status"), [(58_999, Status.OK), (59_000, Status.SOON), (60_000, Status.DUE)])
def test_what_is_due_once_becomes_soon_within_its_last_tenth(odometer, status):
    asked = Anchor(AnchorKind.TODAY, date(2026, 3, 1), 50_000)
    assert assess(ONCE, asked, [], facts(odometer)).status is status


@pytest.mark.parametrize(("km", "on"), [(60_000, date(2026, 9, 1)), (61_000, date(2026, 9, 2)), (None, None)])
def test_what_was_asked_for_at_its_own_point_is_counted_from_nowhere(km, on):
    verdict = assess(ONCE, Anchor(AnchorKind.TODAY, on, km), [], facts(50_000))
    by_time = next(axis for axis in verdict.axes if axis.axis is Axis.TIME)

    assert (verdict.start_km, verdict.start_on) == (None, None)
    assert by_time.soon_from == "2026-08-18"  # two weeks before
    assert assess(ONCE, Anchor(AnchorKind.TODAY, on, km), [], facts(50_000, today=TODAY)).status is Status.OK
