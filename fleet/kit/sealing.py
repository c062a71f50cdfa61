"""Secrets at rest: sealed with the newest of FIELD_KEYS, opened with any of them."""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Sealed(Exception):
    """None of the keys opens it. Which secret it was stays untold."""


def seal(secret: str) -> str:
    return _ring(tuple(settings.FIELD_KEYS)).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    try:
        return _ring(tuple(settings.FIELD_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Sealed("none of FIELD_KEYS opens it: was a key dropped before `manage.py reseal` ran?") from None


def reseal(sealed: str) -> str:
    """The same secret under the newest key."""
    return seal(unseal(sealed))


def is_newest(sealed: str) -> bool:
    """Whether the newest key opens it, so that nothing hangs on the older ones."""
    try:
        Fernet(settings.FIELD_KEYS[0]).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


@cache
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
