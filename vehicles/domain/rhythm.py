"""How often a car usually reports, from when it did."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

OUTING = timedelta(hours=1)  # reports closer than this belong to one outing
ENOUGH = 5  # gaps; fewer say nothing of a habit
SHARE = 0.9


def usual_gap(reports: Iterable[datetime]) -> timedelta | None:
    """The gap between outings that nine of ten do not exceed. None where too little is known."""
    moments = sorted(set(reports))
    gaps = sorted(
        later - earlier for earlier, later in zip(moments, moments[1:], strict=False) if later - earlier > OUTING
    )
    return gaps[ceil(SHARE * len(gaps)) - 1] if len(gaps) >= ENOUGH else None
