"""What Smartcar said against a connection: for each reason when it was said, and when it was last said to be over.

Kept as what was said and folded anew each time, so the order in which it reached us does not matter.
"""

from collections.abc import Callable
from datetime import datetime

MOST = 20
Words = dict[str, dict]  # reason → {"said": [ISO times], "over": ISO time or None}


def say(words: Words, reason: str, at: datetime, *, over: bool = False) -> Words:
    """The words with one more."""
    held = words.get(reason) or {"said": [], "over": None}
    said, ended = set(held["said"]), held["over"]
    if over:
        ended = max(ended or "", _stamp(at))
    else:
        said.add(_stamp(at))
    standing = sorted(stamp for stamp in said if ended is None or stamp > ended)
    return words | {reason: {"said": standing[:1] + standing[1:][1 - MOST :], "over": ended}}


def standing(words: Words, since: Callable[[str], datetime]) -> dict[str, datetime]:
    """The reasons that stand, each with when it began.

    What was said of a reason before its `since` is an echo of a trouble that is past.
    """
    found = {}
    for reason, held in words.items():
        times = [at for at in map(datetime.fromisoformat, held["said"]) if at >= since(reason)]
        if times:
            found[reason] = min(times)
    return found


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
