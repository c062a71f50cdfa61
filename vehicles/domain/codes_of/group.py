"""Codes that share a likely cause and a first step."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    WARNING = "warning"
    CRITICAL = "critical"  # driving on may end the engine, the brakes or worse


@dataclass(frozen=True, slots=True)
class Group:
    """`codes`: code → what it says, one short plain sentence. `cause` and `step` hold for all of them."""

    severity: Severity
    cause: str
    step: str
    codes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of the table."""

    code: str
    text: str
    severity: Severity
    cause: str
    step: str


def numbered(first: str, count: int, text: str) -> dict[str, str]:
    """A run of codes that differ by a number alone: `{}` in the text is 1, 2, 3 …"""
    start = int(first[1:], 16)
    return {f"{first[0]}{start + place:04X}": text.format(place + 1) for place in range(count)}
