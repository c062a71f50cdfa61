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


def test_a_batch_is_not_interrupted_for_it():
    with pytest.raises(ValueError), garbage.afterwards():
        assert not gc.isenabled()
        with garbage.afterwards():  # another thread's, say
            pass
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()
