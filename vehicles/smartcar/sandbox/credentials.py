"""Who is calling: names and secrets compared in constant time."""

import hmac

from werkzeug.wrappers import Request


def is_same(given: str, expected: str) -> bool:
    """False for a secret that was never set, whatever is given for it."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def is_basic(request: Request, name: str, *secrets: str) -> bool:
    try:
        given = request.authorization
    except ValueError:
        # Werkzeug falls over signs that no credentials have.
        return False
    if given is None or given.type != "basic":
        return False
    fits = [is_same(given.password or "", secret) for secret in secrets]
    return is_same(given.username or "", name) and any(fits)


def bearer(request: Request) -> str:
    """The token, or nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
