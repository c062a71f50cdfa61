"""What came of a range that was told: from day 20 to day 25, held against what the car reported."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maintenance.domain.forecast import Range
from maintenance.domain.forecast_daily import Seen
from maintenance.domain.forecast_settling import Came, Outcome, settle
from maintenance.domain.plan import Axis

START = datetime(2026, 5, 12, tzinfo=UTC)
HIT, EARLY, LATE, VOID = Came.HIT, Came.EARLY, Came.LATE, Came.VOID


def on(day: int):
    return (START + timedelta(days=day)).date()


def outcome(told, *, axis=Axis.DISTANCE, point=1_000, zone=UTC, ended=None, moved=False):
    """`told`: day and figure, or day and the lowest and highest of it."""
    seen = [Seen(START + timedelta(days=day), min(figures), max(figures)) for day, *figures in told]
    ended_on = None if ended is None else on(ended)
    return settle(Range(on(20), on(25)), seen, zone, axis=axis, point=point, ended_on=ended_on, moved=moved)


def oil(*told, **more):
    return outcome(told, axis=Axis.OIL, point=20, **more)


@pytest.mark.parametrize(
    ("told", "came", "day"),
    [
        ([(0, 0), (22, 1_000)], HIT, 22),
        ([(10, 500), (30, 1_500)], HIT, 20),  # evenly between its neighbours
        ([(9, 500), (29, 1_500)], EARLY, 19),
        ([(9.5, 0), (29.5, 1_900)], HIT, 20),  # in its first hour
        ([(9, 700), (29, 1_300)], EARLY, 19),
        ([(20, 500), (30, 1_500)], HIT, 25),
        ([(21, 500), (31, 1_500)], LATE, 26),
        ([(18, 1_200)], EARLY, 18),
        ([(0, 0), (21, 1_100), (23, 1_400)], EARLY, 19),
    ],
)
def test_the_day_on_which_the_point_was_passed_lies_in_the_range_or_not(told, came, day):
    assert outcome(told) == Outcome(came, on(day))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], None),
        ([(0, 0), (10, 400)], None),  # no service, though the figure rose
        ([(0, 0), (10, 400), (25.9, 900)], None),
        ([(0, 0), (10, 400), (26, 900)], Outcome(LATE)),
    ],
)
def test_short_of_the_point_it_is_open_until_the_range_is_over(told, expected):
    assert outcome(told) == expected


@pytest.mark.parametrize(
    ("told", "more", "expected"),
    [
        ([(0, 0), (22, 1_000)], {"ended": 21}, Outcome(VOID)),
        ([(0, 0), (22, 1_000)], {"ended": 22}, Outcome(HIT, on(22))),  # serviced as it was due
        ([(0, 0), (22, 1_000)], {"ended": 40}, Outcome(HIT, on(22))),
        ([(0, 0), (22, 1_000)], {"moved": True}, Outcome(HIT, on(22))),  # it had come by then
        ([(0, 0), (10, 400)], {"ended": 10}, Outcome(VOID)),
        ([(0, 0), (10, 400)], {"moved": True}, Outcome(VOID)),
        ([(0, 0), (30, 400)], {"moved": True}, Outcome(VOID)),
    ],
)
def test_after_a_service_or_another_plan_nothing_can_be_said(told, more, expected):
    assert outcome(told, **more) == expected


def test_oil_life_comes_down_to_its_point():
    assert oil((0, 60), (25, 10)) == Outcome(HIT, on(20))
    assert oil((0, 60), (22, 18, 100)) == Outcome(HIT, on(20))  # filled up again on the same day
    assert oil((0, 60), (24, 30)) is None


@pytest.mark.parametrize(
    ("told", "more", "expected"),
    [
        ([(0, 60), (10, 40), (12, 50)], {}, Outcome(VOID)),
        ([(0, 60), (10, 40), (12, 49)], {}, None),  # the meter's own play
        ([(0, 60), (10, 40), (12, 99), (24, 20)], {}, Outcome(VOID)),
        ([(0, 60), (10, 40), (12, 99), (24, 20)], {"ended": 30}, Outcome(VOID)),
        ([(0, 60), (20, 20), (22, 99)], {}, Outcome(HIT, on(20))),
    ],
)
def test_oil_life_that_rose_was_serviced_whoever_wrote_it_down(told, more, expected):
    assert oil(*told, **more) == expected


def test_the_day_is_the_fleet_s():
    told = [(0, 0), (25.95, 900)]  # after ten in the evening in UTC

    assert outcome(told) is None
    assert outcome(told, zone=ZoneInfo("Europe/Berlin")) == Outcome(LATE)
