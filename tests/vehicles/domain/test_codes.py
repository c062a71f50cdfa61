"""What trouble codes say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vehicles.domain.codes import Severity, explain
from vehicles.domain.codes_of import KNOWN, PARTS


def test_a_known_code_speaks_plainly_however_it_is_spelled():
    assert explain(" p0420 ") == explain("P0420")
    assert explain("P0420").is_known
    assert explain("P0420-00").text == KNOWN["P0420"].text


@pytest.mark.parametrize("code", ["P0217", "P0520", "P0524", "C0110", "U0121"])
def test_what_may_end_the_engine_or_the_brakes_is_critical(code):
    assert explain(code).severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("P0399", "Engine and drive: ignition and misfires (common to all makers)."),
        ("P1399", "Engine and drive (the maker’s own code)."),
        ("P0B12", "Engine and drive: hybrid or electric drive (common to all makers)."),
        ("P3412", "Engine and drive (common to all makers)."),
        ("P3012", "Engine and drive (the maker’s own code)."),
        ("U0199", "Network between control units: a control unit that does not answer (common to all makers)."),
        ("B1234", "Body (the maker’s own code)."),
        ("C2234", "Chassis (the maker’s own code)."),
    ],
)
def test_any_other_code_is_read_by_its_structure(code, text):
    assert explain(code).text == text


@given(st.text(max_size=12))
def test_nothing_a_car_can_say_breaks_the_decoder(text):
    assert explain(text).text.endswith(".")


def test_a_code_of_our_table_names_a_likely_cause_and_a_first_step():
    meaning = explain("P0171")

    assert "drawn in" in meaning.cause
    assert meaning.step.startswith("Look for a split hose")


@pytest.mark.parametrize("code", ["P1399", "B1234", "C2234", "U3FFF", "MIL-27"])
def test_a_code_of_no_table_still_has_a_first_step(code):
    meaning = explain(code)

    assert not meaning.is_known and meaning.step.endswith(".") and meaning.cause.endswith(".")


@given(st.from_regex(r"[PBCU][0-3][0-9A-F]{3}", fullmatch=True))
def test_every_code_of_the_standard_shape_is_generic_or_the_makers_own(code):
    meaning = explain(code)

    assert meaning.is_known or ("common to all makers" in meaning.text) is meaning.is_generic


def test_the_table_is_well_formed():
    groups = [group for part in PARTS for group in part.GROUPS]

    assert len(KNOWN) >= 200
    assert sum(len(group.codes) for group in groups) == len(KNOWN), "a code stands in two groups"
    assert all(explain(code).is_generic for code in KNOWN)
    for entry in KNOWN.values():
        assert re.fullmatch(r"[PBCU][0-3][0-9A-F]{3}", entry.code)
        assert all(text.endswith(".") and 10 < len(text) <= 90 for text in (entry.text, entry.cause, entry.step))


def test_reverse_and_sixth_gear_are_not_taken_for_each_other():
    assert "reverse" in explain("P0736").text
    assert "6" in explain("P0729").text


@pytest.mark.parametrize("code", ["C0040", "C0045", "C0050"])
def test_a_number_that_makers_use_for_different_parts_names_none(code):
    assert not explain(code).is_known
