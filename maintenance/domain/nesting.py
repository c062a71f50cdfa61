"""Larger jobs that include smaller ones: a service includes the oil change. Nothing includes itself, by any way."""

from collections.abc import Iterable, Mapping


def circle(includes: Mapping[int, Iterable[int]], task: int) -> list[int]:
    """The way from a task through what it includes back to itself, both ends named; empty where there is none."""
    ahead = [(one, [task, one]) for one in includes.get(task, ())]
    seen: set[int] = set()
    while ahead:
        one, way = ahead.pop()
        if one == task:
            return way
        if one not in seen:
            seen.add(one)
            ahead += [(further, [*way, further]) for further in includes.get(one, ())]
    return []
