"""Secrets at rest."""

import pytest
from cryptography.fernet import Fernet

from fleet.kit import sealing

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_what_is_sealed_shows_nothing_and_opens_again(settings):
    settings.FIELD_KEYS = [OLD]

    sealed = sealing.seal("a refresh token")

    assert "refresh" not in sealed
    assert sealing.unseal(sealed) == "a refresh token"


def test_after_a_rotation_the_old_key_still_opens_and_the_new_one_seals(settings):
    settings.FIELD_KEYS = [OLD]
    sealed = sealing.seal("a refresh token")

    settings.FIELD_KEYS = [NEW, OLD]
    again = sealing.reseal(sealed)

    assert sealing.unseal(sealed) == "a refresh token"
    assert (sealing.is_newest(sealed), sealing.is_newest(again)) == (False, True)
    settings.FIELD_KEYS = [NEW]
    assert sealing.unseal(again) == "a refresh token"


def test_a_key_that_is_gone_is_said_without_the_secret(settings):
    settings.FIELD_KEYS = [OLD]
    sealed = sealing.seal("a refresh token")

    settings.FIELD_KEYS = [NEW]
    with pytest.raises(sealing.Sealed, match="FIELD_KEYS") as problem:
        sealing.unseal(sealed)

    assert sealed not in str(problem.value) and problem.value.__cause__ is None
