"""What else to do while the van is on the lift, and how early a job was."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.punctual import early_by
from maintenance.domain.status import Status
from maintenance.domain.visits import Coming, together

TODAY = date(2026, 5, 12)
OIL = Coming(1, Status.DUE, due_km=48_000, due_on=TODAY)


def soon(pk: int, *, km: float | None = None, days: int | None = None, status=Status.OK, likely: int | None = None):
    def day(count):
        return None if count is None else TODAY + timedelta(days=count)

    return Coming(pk, status, due_km=None if km is None else 48_000 + km, due_on=day(days), likely_on=day(likely))


def visit(*others):
    return together(OIL, [OIL, *others], today=TODAY, odometer_km=48_000, days=30, km=2_000)


@pytest.mark.parametrize(
    ("other", "given_up"),
    [
        (soon(2, km=2_000, days=200), (2_000, 200)),
        (soon(2, km=2_000.1, days=200), None),
        (soon(2, km=9_000, days=30), (9_000, 30)),
        (soon(2, km=9_000, days=31), None),
        (soon(2, km=9_000, days=200, likely=20), (9_000, 200)),
        (soon(2, km=-400, days=50, status=Status.OVERDUE), (0, 50)),
        (soon(2, status=Status.DUE), (None, None)),  # by its oil
        (soon(2), None),
    ],
)
def test_what_falls_due_within_the_window_comes_along(other, given_up):
    found = visit(other).companions
    assert [(one.gives_up_km, one.gives_up_days) for one in found] == ([] if given_up is None else [given_up])


def test_the_job_itself_is_no_companion():
    assert visit().companions == ()


def test_visits_saved_are_the_days_on_which_it_would_have_come_back():
    others = [soon(2, days=10), soon(3, days=10), soon(4, days=20), soon(5, km=-10, status=Status.OVERDUE)]
    assert visit(*others).visits_saved == 2


def test_what_is_due_already_stands_first_then_the_nearest():
    others = [soon(2, days=25), soon(3, days=5), soon(4, days=-3, status=Status.OVERDUE)]
    assert [one.pk for one in visit(*others).companions] == [4, 3, 2]


def test_days_and_distance_are_weighed_by_their_parts_of_the_window():
    others = [soon(2, days=20), soon(3, km=1_000), soon(4), soon(5, days=5), soon(6, km=200)]
    assert [one.pk for one in visit(*others).companions] == [6, 5, 3, 2]


def test_of_those_that_are_due_by_whatever_axis_the_older_stands_first():
    by_oil, by_km = {"status": Status.DUE}, {"km": -10, "status": Status.OVERDUE}
    assert [one.pk for one in visit(soon(3, **by_km), soon(2, **by_oil)).companions] == [2, 3]
    assert [one.pk for one in visit(soon(3, **by_oil), soon(2, **by_km)).companions] == [2, 3]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-500, 5_000), st.integers(-30, 90)), max_size=6), st.integers(0, 60))
def test_a_wider_window_never_takes_fewer_along(marks, wider):
    others = [soon(pk, km=km, days=days) for pk, (km, days) in enumerate(marks, start=2)]
    narrow = together(OIL, others, today=TODAY, odometer_km=48_000, days=20, km=1_000)
    wide = together(OIL, others, today=TODAY, odometer_km=48_000, days=20 + wider, km=1_000)
    assert {one.pk for one in narrow.companions} <= {one.pk for one in wide.companions}
    assert narrow.visits_saved <= wide.visits_saved


@pytest.mark.parametrize(
    ("due_km", "due_on", "km", "on", "wanted"),
    [
        (48_000, TODAY, 47_100, TODAY - timedelta(days=9), (900, 9)),
        (48_000, TODAY, 48_650.5, TODAY + timedelta(days=4), (-650.5, -4)),
        (None, TODAY, 48_000, TODAY, (None, 0)),
        (48_000, None, None, TODAY, (None, None)),
    ],
)
def test_early_is_above_zero_and_late_below(due_km, due_on, km, on, wanted):
    assert early_by(due_km=due_km, due_on=due_on, km=km, on=on) == wanted
