"""No job includes itself, by no way round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintenance.domain.nesting import circle


@pytest.mark.parametrize(
    ("includes", "way"),
    [
        ({}, []),
        ({1: [2], 2: [3]}, []),
        ({1: [1]}, [1, 1]),
        ({1: [2], 2: [1]}, [1, 2, 1]),
        ({1: [4, 2], 2: [3], 3: [1]}, [1, 2, 3, 1]),
        ({1: [2], 2: [3], 3: [2]}, []),  # somebody else's circle is found at its own
    ],
)
def test_a_circle_is_named_by_its_way(includes, way):
    assert circle(includes, 1) == way


@given(st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), max_size=4)))
def test_the_way_is_real(includes):
    for task in range(7):
        way = circle(includes, task)
        assert all(after in includes[before] for before, after in zip(way, way[1:], strict=False))
        assert not way or way[0] == way[-1] == task
