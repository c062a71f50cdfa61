"""Where a car was is stored for a fleet that has asked for it, and for nobody else."""

import json
import re
from collections.abc import Iterable

from vehicles.models import Terms

MARKS = (b"ocation", b"atitude", b"ongitude", b"oordinates", b"\\u")  # a body without any of these tells no place
COORDINATES = {"latitude", "longitude", "coordinates"}
IN_RUINS = re.compile(rb"(?i)((?:latitude|longitude)\W{0,8}?[:=]\W{0,4}?)[+-]?[0-9][0-9.eE+-]*")


def keepers(fleet_ids: Iterable[int]) -> set[int]:
    """Those of these fleets that keep locations."""
    return set(
        Terms.objects.filter(fleet_id__in=set(fleet_ids), keeps_location=True).values_list("fleet_id", flat=True)
    )


def cut(body: bytes) -> bytes:
    """The body without any place in it; the very same bytes where it tells none."""
    if not any(mark in body for mark in MARKS):
        return body
    try:
        content = json.loads(body.decode("utf-8-sig"))
        return json.dumps(content, separators=(",", ":")).encode() if strip(content) else body
    except (ValueError, RecursionError):
        return blank(body)


def blank(body: bytes) -> bytes:
    """For what is no JSON, or too deep: at least the figures go."""
    return IN_RUINS.sub(rb"\g<1>0", body)


def strip(content: object) -> bool:
    """Take every place out of a parsed body. True if there was one."""
    found, waiting = False, [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            kept = [entry for entry in one if not is_place(entry)]
            found |= len(kept) < len(one)
            one[:] = kept
            waiting += kept
        elif isinstance(one, dict):
            for name in [name for name in one if name.strip().lower() in COORDINATES]:
                del one[name]
                found = True
            waiting += one.values()
    return found


def is_place(entry: object) -> bool:
    """A signal of a webhook, or one path's answer of an older one, that is about where the car is."""
    if not isinstance(entry, dict) or "body" not in entry:
        return False
    named = entry.get("code") if isinstance(entry.get("code"), str) else entry.get("path")
    named = named.strip().strip("/").lower() if isinstance(named, str) else ""
    return named == "location" or named.startswith("location-")
