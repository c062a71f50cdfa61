"""Where the clock of an item starts: the anchor a person chose, or the last visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from maintenance.domain.plan import Anchor, AnchorKind, Completion
from maintenance.domain.recurrence import rank

COMPLETION = "completion"


@dataclass(slots=True)
class Start:
    """`kind` is that of the anchor, or "completion". `oil_after`: older oil readings belong to the oil drained then."""

    kind: str
    on: date | None = None
    odometer_km: float | None = None
    hours: float | None = None
    is_stand_in: bool = False
    by: str = ""
    part_of: str = ""
    oil_after: datetime | None = None


def start_of(anchor: Anchor, completions: Sequence[Completion]) -> Start:
    """The latest by date of the known anchor and the standing completions; of one day the person's statement wins."""
    if not completions:
        return Start(anchor.kind, anchor.on, anchor.odometer_km, anchor.hours, by=anchor.by)
    oil_after = max([done.at for done in completions])
    visit = last_visit(completions)
    if _anchor_is_later(anchor, visit):
        return Start(anchor.kind, anchor.on, anchor.odometer_km, anchor.hours, by=anchor.by, oil_after=oil_after)
    return Start(
        COMPLETION,
        visit.on,
        visit.odometer_km,
        visit.hours,
        visit.odometer_is_stand_in,
        visit.by,
        visit.part_of,
        oil_after,
    )


def last_visit(completions: Sequence[Completion]) -> Completion:
    """Completions of one local day are one visit, at its highest odometer."""
    return max(completions, key=rank) if len(completions) > 1 else completions[0]


def _anchor_is_later(anchor: Anchor, visit: Completion) -> bool:
    return anchor.kind == AnchorKind.KNOWN and anchor.on is not None and anchor.on >= visit.on
