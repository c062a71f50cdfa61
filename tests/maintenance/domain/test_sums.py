"""Figures that a person adds up with a pencil, and what remains of them."""

import pytest

from fleet.kit.units import km_to
from maintenance.domain.sums import distance_sum, oil_points, span


@pytest.mark.parametrize(
    ("reading", "shown", "left", "glance"),
    [
        (48_212, "48,212", "968", "968"),
        (49_180, "49,180", "0", "0"),
        (50_520, "50,520", "1,340", "1,340"),
        (49_178.6, "49,179", "1", "1"),
        (49_179.6, "49,179.6", "0.4", "0.4"),  # not yet there: nought would deny it
        (49_180.4, "49,180.4", "0.4", "0.4"),
    ],
)
def test_whole_figures_unless_they_deny_the_side_of_nought(reading, shown, left, glance):
    total = distance_sum(41_180, 8_000, 49_180, reading)

    assert (total.reading, total.left_text, total.left_at_a_glance) == (shown, left, glance)


def test_figures_that_do_not_add_up_get_decimals_and_a_list_shows_none():
    total = distance_sum(10.4, 10.4, 20.8, 5)

    assert (total.start, total.interval, total.due) == ("10.4", "10.4", "20.8")
    assert (total.left_text, total.left_at_a_glance) == ("15.8", "16")


@pytest.mark.parametrize(
    ("km", "start", "interval", "due"),
    [
        ((56_356.4, 8_046.72, 64_403.1, 207_800.5), "35,018", "5,000", "40,018"),
        ((375_693.4, 38_382, 414_075.4, 273_709.7), "233,445.056", "23,849.469", "257,294.525"),
        ((94_895.2, 20_921.472, 115_816.7, 115_816.4), "58,965.144", "13,000.017", "71,965.161"),  # 13,000 mi
    ],
)
def test_miles_add_up_even_where_the_interval_must_give_way(km, start, interval, due):
    total = distance_sum(*(km_to(figure, "mi") for figure in km))

    assert (total.start, total.interval, total.due) == (start, interval, due)


@pytest.mark.parametrize(
    ("oil", "limit", "shown"),
    [
        (31, 20, ("31", "20", "11")),
        (30, 12.5, ("30.0", "12.5", "17.5")),
        (20.4, 20, ("20.4", "20.0", "0.4")),
        (20.004, 20, ("20.004", "20.000", "0.004")),
        (20.0004, 20, ("20.000", "20.000", "0.000")),  # nobody reads further
    ],
)
def test_points_of_oil_life_keep_to_the_limit_as_it_was_set(oil, limit, shown):
    assert oil_points(oil, limit)[1:] == shown


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (120, "120 days"),
        (121, "about 4 months"),
        (349, "about 11 months"),
        (351, "about 1 year"),
        (380, "about 1 year"),
        (381, "about 1 year 1 month"),
        (730, "about 2 years"),
        (1_716, "about 4 years 8 months"),
    ],
)
def test_many_days_are_said_in_years_and_months(days, said):
    assert span(days) == said
