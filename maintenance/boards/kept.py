"""Numbers that may be some seconds old, kept in this process so that a large fleet is not counted for each view."""

from collections.abc import Callable
from time import monotonic

from fleet.owners.models import Fleet

SECONDS = 10
MOST = 1_000

_kept: dict[tuple, tuple[float, dict]] = {}


def lately(name: str, fleet: Fleet, count: Callable[[], dict], *, worth: Callable[[dict], bool]) -> dict:
    """What `count` found within the last seconds. Only what was `worth` keeping is: a small fleet is always exact."""
    key = (name, fleet.pk, fleet.created_at)
    until, held = _kept.get(key, (0.0, {}))
    if monotonic() < until:
        return held
    found = count()
    if worth(found):
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = (monotonic() + SECONDS, found)
    return found
