"""Smartcar writes a moment as ISO text, as seconds or as milliseconds, and an unknown one as 0 or null."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(2001, 9, 9, tzinfo=UTC)  # a second count of ten digits begins here; no car reported before
MILLISECONDS_FROM = 1e11
SECONDS_FROM = 1e9
AHEAD_AT_MOST = timedelta(days=1)  # clocks of cars run wrong, but not by more than that


def read_time(raw: object) -> datetime | None:
    """The moment in UTC, or None where nobody said one that can be true."""
    try:
        when = _from_text(raw) if isinstance(raw, str) else _from_number(raw)
    except (ValueError, OverflowError):
        return None
    return when if when is not None and when >= EARLIEST else None


def read_past(raw: object, now: datetime) -> datetime | None:
    """Like `read_time`, but a moment that has clearly not come yet is unknown too."""
    when = read_time(raw)
    return when if when is not None and when <= now + AHEAD_AT_MOST else None


def as_text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _from_text(raw: str) -> datetime | None:
    text = raw.strip()[:40]
    if text.isascii() and text.isdigit():
        return _from_number(int(text))
    when = datetime.fromisoformat(text)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _from_number(raw: object) -> datetime | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    if raw > MILLISECONDS_FROM:
        return EPOCH + timedelta(milliseconds=raw)
    if raw > SECONDS_FROM:
        return EPOCH + timedelta(seconds=raw)
    return None
