"""Where the clock of an item starts: the anchor a person chose, or the last visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from maintenance.domain.plan import Anchor, AnchorKind, Completion

COMPLETION = "completion"


@dataclass(frozen=True, slots=True)
class Start:
    """`kind` is that of the anchor, or "completion". `oil_after`: older oil readings belong to the oil drained then."""

    kind: str
    on: date | None = None
    odometer_km: float | None = None
    is_stand_in: bool = False
    by: str = ""
    oil_after: datetime | None = None


def start_of(anchor: Anchor, completions: Sequence[Completion]) -> Start:
    """The latest by date of the known anchor and the standing completions; of one day the person's statement wins."""
    oil_after = max((done.at for done in completions), default=None)
    visit = last_visit(completions)
    if visit is None or _anchor_is_later(anchor, visit):
        return Start(anchor.kind.value, anchor.on, anchor.odometer_km, oil_after=oil_after)
    return Start(COMPLETION, visit.on, visit.odometer_km, visit.odometer_is_stand_in, visit.by, oil_after)


def last_visit(completions: Sequence[Completion]) -> Completion | None:
    """Completions of one local day are one visit, at its highest odometer."""
    return max(completions, key=_later_then_higher, default=None)


def _later_then_higher(done: Completion):
    km = -1.0 if done.odometer_km is None else done.odometer_km
    return done.on, km, not done.odometer_is_stand_in, done.at, done.by


def _anchor_is_later(anchor: Anchor, visit: Completion) -> bool:
    return anchor.kind == AnchorKind.KNOWN and anchor.on is not None and anchor.on >= visit.on
