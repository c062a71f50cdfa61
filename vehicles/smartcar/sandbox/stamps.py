"""Moments as Smartcar writes them."""

from datetime import UTC, datetime


def iso(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).isoformat().replace("+00:00", "Z")


def millis(at: float) -> int:
    return int(at * 1000)
