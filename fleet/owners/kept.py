"""What is kept in this process for a while, so that it is not asked for with each view: numbers that may be some
seconds old, and what changes so rarely that it is read anew only when the fleet's pulse has moved.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from django.db import connections

from fleet.owners import pulse
from fleet.owners.models import Fleet

SECONDS = 10  # no older is shown without being counted anew
PATIENCE = 60  # older than this is not shown at all: whoever looks waits for the counting
MOST = 1_000
Found = TypeVar("Found")


@dataclass(slots=True)
class Kept:
    """What was found and when. `busy`: somebody is counting it anew."""

    found: object
    at: float
    busy: bool = False


_kept: dict[tuple, Kept] = {}


def lately(name: str, fleet: Fleet, count: Callable[[], Found], *, worth: Callable[[Found], bool]) -> Found:
    """What `count` found lately. Only what was `worth` keeping is: a small fleet is always exact.

    What is more than some seconds old is shown once more while a thread counts it anew, so that nobody waits who
    looks at a page that others look at too.
    """
    key = (name, fleet.pk, fleet.created_at)
    held, now = _kept.get(key), monotonic()
    if held is None or now - held.at > PATIENCE:
        return keep(key, count(), worth)
    if now - held.at > SECONDS and not held.busy:
        held.busy = True
        threading.Thread(target=anew, args=(key, count, worth), name=f"counting {name}", daemon=True).start()
    return held.found


def while_still(name: str, fleet: Fleet, read: Callable[[], Found]) -> Found:
    """What `read` gave while the fleet's pulse has not moved since, and for a minute at most."""
    key, beat, now = (name, fleet.pk, fleet.created_at), pulse.of(fleet), monotonic()
    held = _kept.get(key)
    if held is not None and held.found[0] == beat and now - held.at <= PATIENCE:
        return held.found[1]
    return keep(key, (beat, read()), worth=lambda found: True)[1]


def keep(key: tuple, found: Found, worth: Callable[[Found], bool]) -> Found:
    if worth(found):
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = Kept(found, monotonic())
    else:
        _kept.pop(key, None)
    return found


def anew(key: tuple, count: Callable[[], object], worth: Callable[[object], bool]) -> None:
    try:
        keep(key, count(), worth)
    except Exception:
        _kept.pop(key, None)  # whoever looks next counts, and is told what is wrong
        raise
    finally:
        connections.close_all()
