"""How urgent an item is."""

from enum import StrEnum


class Status(StrEnum):
    """The values are stored. Unknown outranks ok: what we cannot tell is never called healthy."""

    OK = "ok"
    UNKNOWN = "unknown"
    SOON = "soon"
    DUE = "due"
    OVERDUE = "overdue"

    @property
    def rank(self) -> int:
        return RANK[self]

    @property
    def is_reached(self) -> bool:
        return self in (Status.DUE, Status.OVERDUE)


RANK = {status: rank for rank, status in enumerate(Status)}


def worst(statuses) -> Status:
    """The most urgent one; nothing to go by is unknown."""
    return max(statuses, key=RANK.__getitem__, default=Status.UNKNOWN)
