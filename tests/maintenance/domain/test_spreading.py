"""One code on several vehicles of one model."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.spreading import ENOUGH, WITHIN, Case, runs

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def case(vehicle: int, number: int, *, is_open: bool = True) -> Case:
    return Case(vehicle, day(number), is_open)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ([0, 30], []),  # two vehicles
        ([0, 30, 60], [(0, 60, 3)]),  # the sixtieth day counts
        ([0, 30, 61], []),
        ([0, 30, 60, 90], [(0, 60, 4)]),  # windows that meet are one run
        ([0, 10, 20, 200, 210, 220], [(0, 20, 3), (200, 220, 3)]),
        ([0, 10, 20, 200, 210, 220, 230], [(0, 20, 3), (200, 220, 4)]),
        ([0, 1, 2, 62, 62], [(0, 2, 5)]),  # they meet in a single case
        ([0, 100, 110, 120], [(100, 120, 3)]),  # the first is long ago
    ],
)
def test_three_vehicles_within_sixty_days_are_one_story(days, found):
    told = runs(case(vehicle, number) for vehicle, number in enumerate(days))

    assert [(run.began_at, run.ripe_at, len(run.vehicles)) for run in told] == [
        (day(began), day(ripe), cars) for began, ripe, cars in found
    ]


def test_one_vehicle_that_reports_it_again_and_again_is_one_vehicle():
    assert runs([case(1, 0), case(1, 10), case(1, 20), case(2, 25)]) == []


def test_a_run_is_open_as_long_as_one_of_its_cases_is():
    gone = [case(1, 0, is_open=False), case(2, 1, is_open=False), case(3, 2, is_open=False)]

    assert [run.is_open for run in runs(gone)] == [False]
    assert [run.is_open for run in runs([*gone, case(4, 3)])] == [True]


histories = st.lists(st.builds(case, st.integers(1, 6), st.integers(0, 300), is_open=st.booleans()), max_size=20)


@settings(max_examples=150)
@given(histories, st.randoms())
def test_a_case_is_in_a_run_exactly_when_a_window_around_it_holds_enough_vehicles(history, shuffler):
    shuffled = [*history]
    shuffler.shuffle(shuffled)
    found = runs(shuffled)
    inside = {one for run in found for one in run.cases}

    for one in history:
        starts = [other.opened_at for other in history if timedelta(0) <= one.opened_at - other.opened_at <= WITHIN]
        windows = [{o.vehicle for o in history if start <= o.opened_at <= start + WITHIN} for start in starts]
        assert (one in inside) is any(len(window) >= ENOUGH for window in windows)
    assert [run.cases for run in runs(history)] == [run.cases for run in found]
