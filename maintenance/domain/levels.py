"""The alert level that follows from a verdict or a fault. Inside one occurrence a level only rises."""

from enum import StrEnum

from maintenance.domain.status import Status


class Level(StrEnum):
    """soon < due < overdue for items, warning < critical for faults."""

    SOON = "soon"
    DUE = "due"
    OVERDUE = "overdue"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return RANK[self]


RANK = {Level.SOON: 1, Level.DUE: 2, Level.OVERDUE: 3, Level.WARNING: 1, Level.CRITICAL: 2}

FROM_STATUS = {Status.SOON: Level.SOON, Status.DUE: Level.DUE, Status.OVERDUE: Level.OVERDUE}
FROM_SEVERITY = {"warning": Level.WARNING, "critical": Level.CRITICAL}


def of_item(status: Status) -> Level | None:
    """ok and unknown call nobody."""
    return FROM_STATUS.get(status)


def of_fault(severity: str) -> Level | None:
    """An ignored code has an episode and no alert."""
    return FROM_SEVERITY.get(severity)


def raised(held: Level | None, wanted: Level | None) -> Level | None:
    """The level an occurrence holds after this look: never lower than it held."""
    if held is None or wanted is None:
        return wanted or held
    return max(held, wanted, key=RANK.__getitem__)


def is_news(held: Level | None, wanted: Level | None) -> bool:
    """Whether people should hear of it: the level rose."""
    return wanted is not None and (held is None or wanted.rank > held.rank)
