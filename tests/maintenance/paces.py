"""Cars that have been driven for a while."""

from datetime import datetime, timedelta

from tests.scenes import NOON, odometer, oil
from vehicles.models import Source
from vehicles.waist import ingest

DAY = timedelta(days=1)


def driven(car, *, days: int, a_day: float, start_km: float = 40_000, until: datetime = NOON) -> float:
    """One report a day up to `until`, `a_day` km each. The last odometer."""
    told = [odometer(start_km + n * a_day, at=until - (days - n) * DAY) for n in range(days + 1)]
    ingest.record(car, told, source=Source.WEBHOOK, now=until)
    return start_km + days * a_day


def burned(car, *levels: float, until: datetime = NOON) -> None:
    """One oil life a day, the last one `until`."""
    told = [oil(level, at=until - (len(levels) - 1 - n) * DAY) for n, level in enumerate(levels)]
    ingest.record(car, told, source=Source.WEBHOOK, now=until)
