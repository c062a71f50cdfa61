"""What to ask in one batch, and what it means when none of it is answered."""

from collections.abc import Collection
from datetime import datetime

from vehicles.domain.signals import Signal
from vehicles.smartcar.error_table import GRAVEST_FIRST, Scope, Step
from vehicles.smartcar.errors import SmartcarProblem, TryLater
from vehicles.smartcar.v2.bodies import PATHS
from vehicles.smartcar.v2.items import Item

OF_ONE_SIGNAL = {Step.CONSENT, Step.UNSUPPORTED, Step.LOST}
NO_CAR = "VEHICLE_NOT_FOUND"  # a path that is not there may be one signal's, this never is


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
    wider = [p for p in problems if p.code == NO_CAR or (p.step not in OF_ONE_SIGNAL and p.scope is not Scope.SIGNAL)]
    if wider:
        raise min(wider, key=_rank)


def _rank(problem: SmartcarProblem) -> tuple:
    wait = problem.after if isinstance(problem, TryLater) else None
    return GRAVEST_FIRST.index(problem.step), -(wait.total_seconds() if wait else 0)
