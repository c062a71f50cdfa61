"""When Python looks for garbage: its usual seven hundred new objects are made by every car of a batch."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OFTEN_ENOUGH = 50_000  # objects more than were let go; some megabytes at most


@contextmanager
def seldom() -> Iterator[None]:
    """For work that makes many objects and few rings of them. It holds for the process, and is put back after."""
    before = gc.get_threshold()
    gc.set_threshold(OFTEN_ENOUGH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def afterwards() -> Iterator[None]:
    """For one batch whose objects live until its end: looking through them over and over finds nothing to let go."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
