"""What trouble codes say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vehicles.domain.codes import Severity, explain
from vehicles.domain.known_codes import CRITICAL, KNOWN


def test_a_known_code_speaks_plainly_however_it_is_spelled():
    assert explain(" p0420 ") == explain("P0420")
    assert explain("P0420").is_known
    assert explain("P0420-00").text == KNOWN["P0420"]


@pytest.mark.parametrize("code", ["P0217", "P0520", "P0524", "C0110", "U0121"])
def test_what_may_end_the_engine_or_the_brakes_is_critical(code):
    assert explain(code).severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("P0399", "Engine and drive: ignition and misfires (common to all makers)."),
        ("P1399", "Engine and drive (the maker's own code)."),
        ("P0B12", "Engine and drive: hybrid or electric drive (common to all makers)."),
        ("P3412", "Engine and drive (common to all makers)."),
        ("P3012", "Engine and drive (the maker's own code)."),
        ("U0199", "Network between control units: a control unit that does not answer (common to all makers)."),
        ("B1234", "Body (the maker's own code)."),
        ("C2234", "Chassis (the maker's own code)."),
    ],
)
def test_any_other_code_is_read_by_its_structure(code, text):
    assert explain(code).text == text


@given(st.text(max_size=12))
def test_nothing_a_car_can_say_breaks_the_decoder(text):
    assert explain(text).text.endswith(".")


def test_the_lists_are_well_formed():
    assert all(re.fullmatch(r"[PBCU]0|P2", code[:2]) and len(code) == 5 for code in KNOWN)
    assert set(KNOWN) >= CRITICAL
    assert all(text.endswith(".") and len(text) <= 90 for text in KNOWN.values())
