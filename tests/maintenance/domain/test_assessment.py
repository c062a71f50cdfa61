"""Verdicts as tables."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from maintenance.domain.assessment import assess, readings_told
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Missing, Sight
from maintenance.domain.status import Status
from tests.maintenance.domain.scene import TODAY, done, facts, known, line, noon, seen

BY_DISTANCE = {"every_months": None, "oil_below_pct": None}
BY_TIME = {"every_km": None, "oil_below_pct": None}
BY_OIL = {"every_km": None, "every_months": None}


@pytest.mark.parametrize(
    ("odometer", "status"),
    [
        (48_379.9, Status.OK),
        (48_380, Status.SOON),
        (49_179.9, Status.SOON),
        (49_180, Status.DUE),
        (49_180.1, Status.OVERDUE),
    ],
)
def test_distance_is_due_at_equality_and_overdue_beyond_it(odometer, status):
    assert assess(line(**BY_DISTANCE), known(), [], facts(odometer)).status is status


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2026, 4, 14), Status.OK),
        (date(2026, 4, 15), Status.SOON),
        (date(2026, 5, 2), Status.SOON),
        (date(2026, 5, 3), Status.DUE),
        (date(2026, 5, 4), Status.OVERDUE),
    ],
)
def test_time_is_due_on_its_day_and_overdue_from_the_next(today, status):
    assert assess(line(**BY_TIME), known(), [], facts(today=today)).status is status


@pytest.mark.parametrize(
    ("oil", "status"),
    [
        (28.1, Status.OK),
        (28, Status.SOON),
        (20.1, Status.SOON),
        (20, Status.DUE),
        (10.1, Status.DUE),
        (10, Status.OVERDUE),
        (0, Status.OVERDUE),
    ],
)
def test_oil_is_due_at_the_limit_and_overdue_at_half_of_it(oil, status):
    assert assess(line(**BY_OIL), known(), [], facts(oil=oil)).status is status


def test_half_of_an_odd_limit_is_a_half():
    odd = line(**BY_OIL | {"oil_below_pct": 15})

    assert assess(odd, known(), [], facts(oil=7.5)).status is Status.OVERDUE
    assert assess(odd, known(), [], facts(oil=7.6)).status is Status.DUE


def test_the_lead_in_days_is_capped_at_a_third_of_a_short_interval():
    verdict = assess(line(**BY_TIME | {"every_months": 1}), known(date(2026, 5, 1)), [], facts())

    assert verdict.due_on == date(2026, 6, 1)
    assert verdict.changes_on == date(2026, 5, 22)


def test_miles_typed_come_due_when_the_dash_shows_the_mark():
    start_km, at_mark_km = 40_233.6, 48_280.3  # 25,000 and 30,000 mi as stored with one decimal
    mile_line = line(**BY_DISTANCE | {"every_km": 5_000 * 1.609344})

    assert assess(mile_line, known(km=start_km), [], facts(at_mark_km)).status is Status.DUE


def test_the_first_reached_axis_wins_and_is_named():
    verdict = assess(line(), known(), [], facts(48_212, 31))

    assert (verdict.status, verdict.winner) == (Status.OVERDUE, Axis.TIME)
    assert (verdict.due_km, verdict.due_on, verdict.oil_limit_pct) == (49_180, date(2026, 5, 3), 20)


def test_the_level_is_that_of_the_worst_axis_though_another_was_reached_first():
    verdict = assess(line(every_months=None), known(), [], facts(49_190, 12))

    assert (verdict.status, verdict.winner) == (Status.OVERDUE, Axis.OIL)


def test_at_an_even_share_oil_is_named_before_distance_before_time():
    even = line(every_km=1_000, every_months=None)

    assert assess(even, known(km=0), [], facts(500, 60)).winner is Axis.OIL


def test_an_axis_still_waiting_keeps_the_item_from_being_ok():
    verdict = assess(line(oil_below_pct=None), known(), [], facts(today=date(2026, 1, 1)))

    assert (verdict.status, verdict.winner) == (Status.UNKNOWN, Axis.DISTANCE)
    assert [axis.status for axis in verdict.axes] == [Status.UNKNOWN, Status.OK]


@pytest.mark.parametrize("why", ["waiting", "not_permitted", "unavailable"])
def test_a_waiting_axis_lets_the_others_make_it_overdue(why):
    assert assess(line(), known(), [], facts(Missing(why), Missing(why))).status is Status.OVERDUE


def test_what_the_car_cannot_give_is_dropped_and_named():
    verdict = assess(line(), known(), [], facts(42_000, Missing("unsupported"), today=date(2026, 1, 1)))

    assert verdict.status is Status.OK
    assert verdict.oil_limit_pct is None
    assert [axis.axis for axis in verdict.axes if axis.dropped] == [Axis.OIL]


def test_no_axis_left_is_unknown():
    verdict = assess(line(**BY_OIL), known(), [], facts(oil=Missing("unsupported")))

    assert (verdict.status, verdict.winner) == (Status.UNKNOWN, None)


def test_zero_is_a_reading_and_not_a_missing_one():
    assert assess(line(**BY_DISTANCE), known(km=0), [], facts(0)).status is Status.OK


@pytest.mark.parametrize(("oil", "status"), [(80, Status.UNKNOWN), (25, Status.SOON), (18, Status.DUE)])
def test_with_last_service_unknown_only_low_oil_speaks(oil, status):
    verdict = assess(line(), Anchor(AnchorKind.UNKNOWN), [], facts(90_000, oil))

    assert verdict.status is status
    assert (verdict.due_km, verdict.due_on) == (None, None)


def test_ok_is_never_claimed_by_oil_alone_when_the_start_is_unknown():
    assert assess(line(**BY_OIL), Anchor(AnchorKind.UNKNOWN), [], facts(oil=80)).status is Status.UNKNOWN


def test_from_new_on_a_used_car_waits_for_the_next_point_of_the_grid():
    enrolled = Anchor(AnchorKind.NEW, TODAY, 75_300)
    verdict = assess(
        line(every_km=10_000, every_months=12), enrolled, [], facts(75_300, 90, registered_on=date(2022, 1, 31))
    )

    assert (verdict.due_km, verdict.due_on) == (80_000, date(2027, 1, 31))
    assert verdict.status is Status.OK


def test_from_new_exactly_on_a_point_waits_for_the_one_above():
    enrolled = Anchor(AnchorKind.NEW, date(2026, 1, 31), 30_000)
    verdict = assess(
        line(every_km=10_000, every_months=12), enrolled, [], facts(30_000, 90, registered_on=date(2022, 1, 31))
    )

    assert (verdict.due_km, verdict.due_on) == (40_000, date(2027, 1, 31))


def test_from_new_without_a_registration_date_leaves_time_unknown():
    verdict = assess(line(), Anchor(AnchorKind.NEW, TODAY, 0), [], facts(10, 99))

    assert verdict.due_on is None
    assert verdict.status is Status.UNKNOWN


def test_from_today_without_a_reading_yet_leaves_distance_unknown():
    verdict = assess(line(), Anchor(AnchorKind.TODAY, TODAY, None), [], facts(oil=90))

    assert (verdict.due_km, verdict.status) == (None, Status.UNKNOWN)


def test_any_completion_replaces_from_today_even_an_earlier_one():
    verdict = assess(line(), Anchor(AnchorKind.TODAY, TODAY, 50_000), [done(date(2026, 3, 1), 47_000)], facts(50_000))

    assert (verdict.start_km, verdict.start_on) == (47_000, date(2026, 3, 1))


def test_the_later_of_known_anchor_and_completions_counts():
    before, after = done(date(2025, 1, 1), 30_000), done(date(2026, 2, 1), 45_000)

    assert assess(line(), known(), [before], facts(46_000)).start_km == 41_180
    assert assess(line(), known(), [before, after], facts(46_000)).start_km == 45_000


def test_on_the_same_day_the_statement_of_the_person_wins():
    assert assess(line(), known(), [done(date(2025, 11, 3), 41_999)], facts(46_000)).start_km == 41_180


def test_two_completions_of_one_day_are_one_visit_at_the_higher_odometer():
    visit = [done(date(2026, 2, 1), 45_100), done(date(2026, 2, 1), None), done(date(2026, 2, 1), 45_000)]

    assert assess(line(), known(), visit, facts(46_000)).due_km == 53_100


def test_a_completion_without_odometer_never_leaves_the_distance_due():
    verdict = assess(line(oil_below_pct=None), known(), [done(TODAY, None)], facts(60_000))

    assert (verdict.status, verdict.due_km) == (Status.UNKNOWN, None)


def test_a_stand_in_odometer_serves_and_is_said():
    verdict = assess(line(), known(), [done(TODAY, 48_200, stand_in=True)], facts(48_212, 99))

    assert verdict.due_km == 56_200
    assert verdict.trace["anchor"]["stand_in"] is True


def test_oil_read_before_the_last_completion_does_not_count():
    service = done(TODAY, 48_200)
    before = Sight(5, noon(TODAY) - timedelta(hours=1), "poll")
    after = Sight(97, noon(TODAY) + timedelta(hours=1), "poll")

    assert assess(line(), known(), [service], facts(48_212, before)).status is Status.UNKNOWN
    assert assess(line(), known(), [service], facts(48_212, after)).status is Status.OK


def test_an_enrolment_anchor_hides_no_oil_reading():
    old = seen(15, TODAY - timedelta(days=3))

    assert assess(line(), Anchor(AnchorKind.TODAY, TODAY, 48_000), [], facts(48_000, old)).status is Status.DUE


def test_the_threshold_of_one_line_does_not_leak_into_the_next():
    early, usual = line(soon_share=0.5, **BY_DISTANCE), line(**BY_DISTANCE)
    alone = assess(usual, known(), [], facts(46_000)).status

    assert [assess(each, known(), [], facts(46_000)).status for each in (early, usual)] == [Status.SOON, alone]


def test_the_trace_is_plain_and_the_same_from_day_to_day_and_reading_to_reading():
    one = assess(line(), known(), [], facts(42_000, 80, today=date(2025, 12, 1)))
    other = assess(line(), known(), [], facts(42_050, 79.5, today=date(2025, 12, 2)))

    assert one.trace == other.trace == json.loads(json.dumps(one.trace))


def test_the_readings_of_a_status_are_kept_with_it_as_plain_words():
    told = readings_told(replace(facts(seen(42_000), Missing("waiting")), hours=seen(900, source="bench")))

    assert told["odometer"] == {"value": 42_000, "at": "2026-05-12T12:00:00+00:00", "source": "webhook"}
    assert told["oil"] == {"missing": "waiting"}
    assert told["hours"]["source"] == "bench"
    assert "hours" not in readings_told(facts(42_000, 80))


def test_changes_on_names_each_step_of_the_calendar_and_then_nothing():
    days = [date(2026, 1, 1), date(2026, 4, 15), date(2026, 5, 3), date(2026, 5, 4)]
    steps = [assess(line(), known(), [], facts(42_000, 80, today=day)).changes_on for day in days]

    assert steps == [date(2026, 4, 15), date(2026, 5, 3), date(2026, 5, 4), None]
