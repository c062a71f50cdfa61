"""When a fresh reading would most help a verdict: halfway to the next line it could cross, or at once."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from maintenance.domain.assessment import AxisVerdict, Verdict
from maintenance.domain.plan import Axis, Facts, Lack, Missing
from maintenance.domain.status import Status

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # long since
SOONEST = timedelta(hours=6)  # after the reading that is there
FURTHEST = timedelta(days=30)  # beyond it the daily poll is soon enough
PART = 0.5
YEAR = 365
# What a reading would settle: no reading yet, proof of work done, a stand-in for the start.
AWAITED = {Lack.WAITING, Lack.UNAVAILABLE, Lack.BEFORE_SERVICE, Lack.NO_START_ODOMETER}


def wanted_at(verdicts: Iterable[Verdict], facts: Facts) -> datetime | None:
    """The first moment at which a reading would help any of a vehicle's verdicts; None if none would soon."""
    moments = [
        moment
        for verdict in verdicts
        for axis in verdict.axes
        if axis.axis in (Axis.OIL, Axis.DISTANCE) and not axis.dropped and (moment := for_axis(axis, verdict, facts))
    ]
    return min(moments, default=None)


def for_axis(axis: AxisVerdict, verdict: Verdict, facts: Facts) -> datetime | None:
    if axis.missing:
        return AT_ONCE if axis.missing in AWAITED else None
    sight = facts.oil if axis.axis is Axis.OIL else facts.odometer
    if isinstance(sight, Missing) or Status(axis.status).is_reached or verdict.status is Status.OVERDUE:
        return None
    line = axis.due if axis.status is Status.SOON else axis.soon_from
    left = abs(float(line) - sight.value)
    days = PART * left / pace(axis, verdict, sight)
    wait = timedelta(days=min(days, YEAR))
    return sight.at + max(wait, SOONEST) if wait <= FURTHEST else None


def pace(axis: AxisVerdict, verdict: Verdict, sight) -> float:
    """How much of the axis goes by in a day: as since the last service, else one interval a year."""
    since = (sight.at.date() - verdict.start_on).days if verdict.start_on else 0
    gone = abs(sight.value - float(axis.start)) if axis.start is not None else 0
    return gone / since if since >= 7 and gone > 0 else axis.span / YEAR or 1.0
