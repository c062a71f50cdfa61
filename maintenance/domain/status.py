"""How urgent an item is."""

from enum import StrEnum
from operator import attrgetter


class Status(StrEnum):
    """In the order of urgency; the values are stored. Unknown outranks ok: what we cannot tell is never called healthy.

    `rank` is the place in that order, `is_reached` whether the point was come to. Both are kept with each status, since
    a review asks for them a hundred thousand times. `word` is what a page calls it.
    """

    rank: int
    is_reached: bool
    word: str

    OK = "ok", "OK"
    UNKNOWN = "unknown", "Cannot tell"
    SOON = "soon", "Soon"
    DUE = "due", "Due now"
    OVERDUE = "overdue", "Overdue"

    def __new__(cls, value: str, word: str):
        status = str.__new__(cls, value)
        status._value_ = value
        status.word = word
        status.rank = len(cls.__members__)
        status.is_reached = value in ("due", "overdue")
        return status


def worst(statuses) -> Status:
    """The most urgent one; nothing to go by is unknown."""
    return max(statuses, key=attrgetter("rank"), default=Status.UNKNOWN)
