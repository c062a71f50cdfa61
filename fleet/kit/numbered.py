"""Links that are signed with a number: a row keeps the number that counts, and a newer one ends the link before it."""

from django.core import signing


def write(key: int, serial: int, *, salt: str) -> str:
    return signing.Signer(salt=salt).sign(f"{key}-{serial}")


def read(written: str, *, salt: str) -> tuple[int, int] | None:
    """The key and the number; None where we signed no such thing."""
    try:
        key, _, serial = signing.Signer(salt=salt).unsign(written).partition("-")
    except signing.BadSignature:
        return None
    return int(key), int(serial)
