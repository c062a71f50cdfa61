"""Figures as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.kit.units import (
    Units,
    km_from,
    km_to,
    kpa_from,
    kpa_to,
    number,
    percent,
    show_distance,
    show_interval,
    show_pressure,
    show_typed,
)


@pytest.mark.parametrize(
    ("km", "units", "shown"),
    [
        (1_340, Units.METRIC, "1,340 km"),
        (1_340, Units.IMPERIAL, "833 mi"),
        (8_046.72, Units.IMPERIAL, "5,000 mi"),
        (0, Units.METRIC, "0 km"),
        (-0.2, Units.METRIC, "0 km"),
        (0.5, Units.METRIC, "1 km"),
        (-12, "metric", "−12 km"),
    ],
)
def test_a_distance_is_shown_in_the_units_of_the_fleet(km, units, shown):
    assert show_distance(km, units) == shown


def test_an_interval_is_shown_as_it_was_typed():
    assert [show_typed(5_000.0, "mi"), show_typed(7.5, "km")] == ["5,000 mi", "7.5 km"]


def test_pressure_is_shown_in_whole_units():
    assert [show_pressure(380, Units.METRIC), show_pressure(380, Units.IMPERIAL)] == ["380 kPa", "55 psi"]


def test_a_half_goes_up_and_not_to_the_even_one():
    assert [number(0.5), number(1.5), number(2.5)] == ["1", "2", "3"]


def test_percent_shows_a_decimal_only_when_there_is_one():
    assert [percent(31.0), percent(31.25), percent(30.96)] == ["31 %", "31.3 %", "31 %"]


def test_a_foreign_unit_is_refused_and_not_relabelled():
    with pytest.raises(ValueError, match="metres"):
        km_from(5, "metres")
    with pytest.raises(ValueError, match="bar"):
        kpa_from(5, "bar")


@given(st.floats(0, 2_000_000), st.sampled_from(["km", "mi"]))
def test_there_and_back_is_the_same_distance(value, unit):
    assert km_to(km_from(value, unit), unit) == pytest.approx(value)


@given(st.floats(0, 2_000), st.sampled_from(["kPa", "psi"]))
def test_there_and_back_is_the_same_pressure(value, unit):
    assert kpa_to(kpa_from(value, unit), unit) == pytest.approx(value)


def test_an_interval_stands_as_it_was_typed_or_in_the_fleets_own_unit():
    assert show_interval(8_046.7, "5,000 mi", Units.IMPERIAL) == "5,000 mi"
    assert show_interval(8_046.7, "5,000 mi", Units.METRIC) == "8,047 km"
    assert show_interval(15_000, "15,000 km", Units.IMPERIAL) == "9,321 mi"
