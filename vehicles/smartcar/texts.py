"""Text from outside: what may be kept, stored and shown, and what may be used as a name for a thing."""

ID_CHARACTERS = 200


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
