"""Each fleet has a pulse: a number that moves on whenever something was written that its pages may show.

A page that renews itself compares it and is done, so that a hundred open windows ask for no verdict while nothing
happens. It may move for nothing. Where a writer forgets it, pages see what is new within the minute (`pieces.live`).
"""

from collections.abc import Iterable
from functools import partial

from django.db import connection, transaction

from fleet.owners.models import Fleet, Pulse

TABLE = Pulse._meta.db_table
AT_ONCE = 400


def beat(fleet_ids: Iterable[int]) -> None:
    """Move the pulse of these fleets once what is being written stands. Never in its way: a failure is logged."""
    ids = sorted(set(fleet_ids))
    if ids:
        transaction.on_commit(partial(move_on, ids), robust=True)


def move_on(fleet_ids: list[int]) -> None:
    """By itself and in the order of keys, so that nobody waits for anybody else's transaction."""
    for start in range(0, len(fleet_ids), AT_ONCE):
        some = fleet_ids[start : start + AT_ONCE]
        rows = ", ".join(["(%s, 1)"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} (fleet_id, beat) VALUES {rows} "  # noqa: S608 - our own table's name
                f"ON CONFLICT (fleet_id) DO UPDATE SET beat = {TABLE}.beat + 1",
                some,
            )


def of(fleet: Fleet) -> int:
    """No query where it came with the fleet."""
    pulse = getattr(fleet, "pulse", None)
    return pulse.beat if pulse is not None else 0
