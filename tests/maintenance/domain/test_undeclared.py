"""Oil life that rises without anybody having logged a service."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.undeclared import Rise, rises, undeclared

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def at(day: float) -> datetime:
    return NOON + timedelta(days=day)


def told(*values: float) -> list[tuple[datetime, float]]:
    return [(at(day), value) for day, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([20, 100], [(20, 100)]),
        ([20, 70], [(20, 70)]),
        ([20, 69], []),
        ([20, 19, 99, 98], [(19, 99)]),
        ([40, 60, 95], [(40, 95)]),  # told in two steps
        ([18, 100, 18, 100], [(18, 100), (18, 100)]),
        ([18, 80, 100], [(18, 80)]),  # one rise, told once
        ([20, 60, 60, 75], [(20, 75)]),  # it stood still on the way up
        ([20, 45, 44.9, 94], [(20, 94)]),  # a sensor wavers on the way up
        ([20, 45, 42.9, 90], []),  # that is wear
        ([20, 100, 99, 98, 97, 45, 96], [(20, 100), (45, 96)]),
        ([20, 60, 58, 75], [(20, 75)]),  # the sensor wavered
        ([20, 60, 57, 75], []),
        ([40, 80, 60, 95], []),  # it wore in between, and neither step is one
        ([10, 70, 30, 90], [(10, 70), (30, 90)]),
        ([100, 60, 20], []),
        ([100], []),
        ([], []),
    ],
)
def test_a_rise_is_fifty_points(values, wanted):
    assert [(rise.low, rise.high) for rise in rises(told(*values))] == wanted


def test_a_rise_knows_its_days():
    assert rises(told(30, 25, 100)) == [Rise(at(1), 25, at(2), 100)]
    assert rises(told(25, 25, 100)) == [Rise(at(1), 25, at(2), 100)]  # it was still low then


@pytest.mark.parametrize(
    ("logged", "asked"),
    [
        (date(2026, 5, 12), False),  # the day of the rise
        (date(2026, 4, 28), False),  # 14 days before
        (date(2026, 4, 27), True),
        (date(2026, 5, 13), True),  # the day after it is another job
    ],
)
def test_a_completion_of_the_fortnight_before_declares_it(logged, asked):
    rise = Rise(at(-1), 18, at(0), 100)
    assert bool(undeclared([rise], [logged], day=lambda moment: moment.date())) is asked


@pytest.mark.parametrize(("days_ago", "asked"), [(0, False), (55, False), (60, False), (61, True), (73, True)])
def test_a_silent_car_may_have_risen_on_any_day_since_it_was_low(days_ago, asked):
    rise = Rise(at(-60), 18, at(0), 100)
    assert bool(undeclared([rise], [at(-days_ago).date()], day=lambda moment: moment.date())) is asked


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 100)), max_size=12), st.data())
def test_readings_may_come_in_any_order_and_twice(values, data):
    readings = [(at(day), float(value)) for day, value in values]
    shuffled = data.draw(st.permutations(readings + readings[:4]))
    assert rises(readings) == rises(shuffled)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 100), max_size=20))
def test_every_rise_is_at_least_fifty_points(values):
    assert all(rise.high - rise.low >= 50 and rise.at > rise.low_at for rise in rises(told(*values)))


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ((0, 2), (1, 3), True),
        ((0, 3), (1, 2), True),
        ((0, 1), (0, 1), True),
        ((0, 1), (1, 2), False),  # the one ends where the other begins: two services
        ((0, 1), (2, 3), False),
    ],
)
def test_two_tellings_of_a_rise_overlap_where_their_spans_share_some_time(first, second, wanted):
    one, other = (Rise(at(low), 20, at(high), 100) for low, high in (first, second))

    assert one.overlaps(other) is other.overlaps(one) is wanted
