"""Lines of the log: where something went wrong and what kind it was, never what was in it."""

import logging
import traceback
from types import TracebackType

OURS = ("fleet.", "vehicles.", "maintenance.")


class Discreet(logging.Formatter):
    """Leaves the words of strangers' exceptions out: a database's names the whole row that it refused.

    Those of our own exceptions are ours, and stay.
    """

    def formatException(self, told: tuple) -> str:
        parts, error, seen = [], told[1], set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            parts.append(one(error, error.__traceback__))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\nafter\n\n".join(reversed(parts))


def one(error: BaseException, way: TracebackType | None) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    words = f": {error}" if kind.__module__.startswith(OURS) else ""
    return "".join(traceback.format_tb(way)) + name + words
