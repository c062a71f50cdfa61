"""What to ask in one batch, and what it means when none of it is answered."""

from collections.abc import Collection
from datetime import datetime

from vehicles.domain.signals import Signal
from vehicles.smartcar.errors import (
    NeedsOwner,
    NeedsPlan,
    NotPermitted,
    NotThere,
    OurFault,
    SmartcarProblem,
    TryLater,
)
from vehicles.smartcar.v2.bodies import PATHS
from vehicles.smartcar.v2.items import Item

OF_ONE_SIGNAL = (NotThere, NotPermitted)
GRAVEST_FIRST = (NeedsOwner, NeedsPlan, OurFault, TryLater)


def paths_for(permitted: Collection[str], without: Collection[Signal]) -> tuple[list[str], list[Signal]]:
    """The paths worth a call, and the signals that the owner's consent leaves out."""
    asked, barred = [], []
    for name, path in PATHS.items():
        wanted = [signal for signal in path.signals if signal not in without]
        if wanted and path.permission in permitted:
            asked.append(name)
        elif wanted:
            barred += wanted
    return asked, barred


def unanswered(asked: Collection[str], items: Collection[Item]) -> list[Item]:
    """One failed answer for each path that the batch passed over."""
    answered = {item.path for item in items}
    return [Item(path, 0, None, {}) for path in asked if path not in answered]


def raise_if_shut(items: Collection[Item], now: datetime) -> None:
    """Raise what stands in the way of all paths. One that goes well shows that nothing does."""
    if any(item.went_well for item in items):
        return
    problems = [item.problem(now) for item in items]
    wider = [problem for problem in problems if not isinstance(problem, OF_ONE_SIGNAL)]
    if wider:
        raise min(wider, key=_rank)


def _rank(problem: SmartcarProblem) -> tuple:
    place = next((n for n, kind in enumerate(GRAVEST_FIRST) if isinstance(problem, kind)), len(GRAVEST_FIRST))
    wait = problem.after if isinstance(problem, TryLater) else None
    return place, -(wait.total_seconds() if wait else 0)
