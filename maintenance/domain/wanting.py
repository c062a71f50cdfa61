"""When a fresh reading would most help a verdict: halfway to the next line it could cross, or at once."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from maintenance.domain.assessment import Verdict
from maintenance.domain.axes import Mark, Standing
from maintenance.domain.plan import Axis, Facts, Lack, Missing, Sight
from maintenance.domain.status import Status
from maintenance.domain.urgency import PLAIN_KM_A_DAY

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # long since
SOONEST = timedelta(hours=6)  # after the reading that is there
FURTHEST_DAYS = 30  # beyond it the daily poll is soon enough
PART = 0.5
YEAR = 365
# What a reading would settle: no reading yet, proof of work done, a stand-in for the start.
AWAITED = {Lack.WAITING, Lack.UNAVAILABLE, Lack.BEFORE_SERVICE, Lack.NO_START_ODOMETER}


def wanted_at(verdicts: Iterable[Verdict], facts: Facts) -> datetime | None:
    """The first moment at which a reading would help any of a vehicle's verdicts; None if none would soon."""
    first = None
    for verdict in verdicts:
        for mark, standing in zip(verdict.marks, verdict.standings, strict=True):
            if standing.dropped or (mark.axis is not Axis.OIL and mark.axis is not Axis.DISTANCE):
                continue
            moment = for_axis(mark, standing, verdict, facts)
            if moment is not None and (first is None or moment < first):
                first = moment
    return first


def for_axis(mark: Mark, standing: Standing, verdict: Verdict, facts: Facts) -> datetime | None:
    if standing.missing:
        return AT_ONCE if standing.missing in AWAITED else None
    sight = facts.oil if mark.axis is Axis.OIL else facts.odometer
    if type(sight) is Missing or standing.status.is_reached or verdict.status is Status.OVERDUE:
        return None
    line = mark.due if standing.status is Status.SOON else mark.soon_from
    left = abs(line - sight.value)
    days = min(PART * left / pace(mark, verdict, sight), FURTHEST_DAYS + 1)
    return sight.at + max(timedelta(days=days), SOONEST) if days <= FURTHEST_DAYS else None


def pace(mark: Mark, verdict: Verdict, sight: Sight) -> float:
    """How much of the axis goes by in a day: as since the last service, else one interval a year.

    Only a distance that is due once, and from nowhere that is known, has no interval.
    """
    since = (sight.at.date() - verdict.start_on).days if verdict.start_on else 0
    gone = abs(sight.value - mark.start) if mark.start is not None else 0
    return gone / since if since >= 7 and gone > 0 else mark.span / YEAR or PLAIN_KM_A_DAY
