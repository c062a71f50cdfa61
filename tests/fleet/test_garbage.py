"""Garbage is looked for as before once the work is done, however that ends."""

import gc

import pytest

from fleet.kit import garbage


def test_it_is_seldom_looked_for_meanwhile_and_as_before_after():
    before = gc.get_threshold()
    with pytest.raises(ValueError), garbage.seldom():
        assert gc.get_threshold()[0] > before[0]
        raise ValueError
    assert gc.get_threshold() == before
