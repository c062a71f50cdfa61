"""The day of a moment as the database says it: the one that Python says, wherever and whenever the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fleet.kit.days import DayOf, offsets
from tests.scenes import a_car, a_fleet
from vehicles.models import Reading

SINCE, UNTIL = datetime(2025, 11, 24, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
ZONES = ["UTC", "Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ZONES)
def test_each_moment_has_the_day_of_its_zone(name):
    zone, car = ZoneInfo(name), a_car(a_fleet())
    edges = [datetime(2025, 12, 1, tzinfo=zone)] + [at for at, _ in offsets(zone, SINCE, UNTIL)[1:]]
    midnights = [datetime(at.year, at.month, at.day, tzinfo=zone) for at in edges]
    moments = {
        at.astimezone(UTC) + step
        for at in [*edges, *midnights, *(at + timedelta(days=1) for at in midnights)]
        for step in (timedelta(microseconds=-1), timedelta(), timedelta(minutes=30), timedelta(hours=5))
    }
    Reading.objects.bulk_create(
        Reading(vehicle=car, signal="odometer", at=at, received_at=at, number=n, digest=str(n), source="bench")
        for n, at in enumerate(sorted(moments))
    )
    told = Reading.objects.annotate(day=DayOf("at", zone=zone, since=SINCE, until=UNTIL)).values_list("at", "day")

    assert [day for _, day in told] == [at.astimezone(zone).date() for at, _ in told]
    assert len(told) == len(moments)


def test_the_offsets_of_a_year_change_at_the_second():
    found = offsets(ZoneInfo("Europe/Lisbon"), SINCE, UNTIL)

    assert found == [
        (SINCE, 0),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 3600),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 0),
    ]
