"""Text from outside: what may be kept, stored and shown, and what may be used as a name for a thing."""

import json

import orjson

ID_CHARACTERS = 200


def parsed(raw: bytes) -> object:
    """JSON as Python's own reader takes it, most of it five times as quickly. Raises ValueError or RecursionError.

    A mark at the beginning is allowed; another encoding is not guessed.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:  # such a mark, NaN, half a surrogate: seldom, and others here refuse them in words
        return json.loads(bytes(raw).decode("utf-8-sig"))


def read_text(raw: object, characters: int) -> str:
    """One printable line of it, "" where there is none. No database refuses the result."""
    if not isinstance(raw, str):
        return ""
    # Cut first: a text may be as long as a delivery, and all of it would be looked at.
    text = raw[: characters * 2]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return text.strip()[:characters]


def read_id(raw: object) -> str:
    """An opaque id exactly as it came, or "" if it cannot be one. Never a shortened or mended one."""
    if isinstance(raw, str) and 0 < len(raw) <= ID_CHARACTERS and raw.isprintable() and raw == raw.strip():
        return raw
    return ""
