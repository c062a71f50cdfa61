"""JSON from outside is read as Python reads it, whichever reader does it."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vehicles.smartcar.texts import parsed

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_it_says_what_was_said(told):
    assert parsed(json.dumps(told).encode()) == told


@given(st.binary(max_size=60))
def test_no_bytes_read_otherwise_than_pythons_reader_does(raw):
    def outcome(read):
        try:
            return repr(read())
        except (ValueError, RecursionError):
            return None

    assert outcome(lambda: parsed(raw)) == outcome(lambda: json.loads(raw.decode("utf-8-sig")))


def test_what_the_quick_reader_refuses_is_read_all_the_same():
    assert parsed(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert math.isnan(parsed(b"[NaN]")[0])
    assert parsed(b'"\\ud800"') == "\ud800"
    assert parsed(memoryview(b'{"a": 1, "a": 2}')) == {"a": 2}


@pytest.mark.parametrize("raw", [b"", b"{", b"[1,]", b'"\xff"', b"\xff\xfe{\x00}\x00"])
def test_what_is_none_is_refused(raw):
    with pytest.raises(ValueError):
        parsed(raw)


def test_a_list_without_a_bottom_ends_the_reader_and_not_the_process():
    with pytest.raises((ValueError, RecursionError)):
        parsed(b"[" * 100_000)
