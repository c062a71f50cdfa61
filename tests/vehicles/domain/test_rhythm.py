"""What a car's own habit is, from the times it reported."""

from datetime import UTC, datetime, timedelta

import pytest

from vehicles.domain.rhythm import usual_gap

MONDAY = datetime(2026, 5, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def daily(days: int) -> list[datetime]:
    """Two outings each working day, each with a report every twenty minutes for two hours."""
    outings = [MONDAY + day * DAY + hour * HOUR for day in range(days) if day % 7 < 5 for hour in (8, 16)]
    return [outing + minutes * timedelta(minutes=20) for outing in outings for minutes in range(7)]


@pytest.mark.parametrize(
    ("reports", "gap"),
    [
        ([], None),
        ([MONDAY + n * DAY for n in range(5)], None),
        ([MONDAY + n * DAY for n in range(6)], DAY),
        ([MONDAY + n * 7 * DAY for n in range(8)], 7 * DAY),
        ([MONDAY + n * timedelta(minutes=5) for n in range(500)], None),
        (daily(28), 14 * HOUR),
        (daily(28)[::-1] * 2, 14 * HOUR),
    ],
)
def test_the_usual_gap(reports, gap):
    assert usual_gap(reports) == gap


def test_one_long_rest_does_not_change_the_habit():
    reports = daily(28)
    rested = [at for at in reports if not 10 <= (at - MONDAY) / DAY < 20]

    assert usual_gap(rested) <= timedelta(hours=62)
