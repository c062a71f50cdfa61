"""Which task of the library the dealer means. Only a clear match is offered; a person decides anyway."""

import re
from collections.abc import Mapping

# What is said of every job and tells none apart.
EMPTY = frozenset(
    "a an and the of to for with on in at all new service serviced perform performed change changed replace replaced "
    "replacement check checked maintenance mile miles km full each if needed standard".split()
)
SAME = {
    "tire": "tyre",
    "rotate": "rotation",
    "rotated": "rotation",
    "inspect": "inspection",
    "inspected": "inspection",
    "lube": "oil",
    "lof": "oil",
    "gearbox": "transmission",
    "air-con": "cabin",
    "pollen": "cabin",
    "coolant": "coolant",
    "antifreeze": "coolant",
}
OTHER_OILS = frozenset({"transmission", "differential", "axle", "brake", "power", "steering", "transfer"})


def words(text: str) -> frozenset[str]:
    """The words that tell jobs apart, in one spelling."""
    found = set()
    for word in re.findall(r"[a-z][a-z-]*", text.lower()):
        word = SAME.get(word, word)
        if word.endswith("s") and not word.endswith(("ss", "as", "us")):
            word = SAME.get(word[:-1], word[:-1])
        if word not in EMPTY:
            found.add(word)
    return frozenset(found)


def match(text: str, tasks: Mapping[str, str]) -> list[str]:
    """Keys of the tasks (key → name) that the dealer's words name.

    All the words of a task are there, or the text is the beginning of one task and of no other.
    """
    said = words(text)
    if not said:
        return []
    named = {key: words(name) for key, name in tasks.items()}
    whole = [key for key, own in named.items() if own and own <= said]
    whole = [key for key in whole if not any(named[key] < named[other] for other in whole)]
    if "oil" in said and not said & OTHER_OILS:
        whole += [key for key, own in named.items() if _is_engine_oil(own) and key not in whole]
    if whole:
        return sorted(whole)
    part = [key for key, own in named.items() if said < own]
    return part if len(part) == 1 else []


def _is_engine_oil(own: frozenset[str]) -> bool:
    return "oil" in own and own <= {"oil", "filter", "engine"}
