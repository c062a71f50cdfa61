"""A car that is driven otherwise than before: people hear of it once."""

import pytest

from fleet.owners.models import Role
from maintenance import letters, review
from maintenance.forecasts import pacing
from maintenance.models import Alert, DueItem, Notice
from tests.maintenance.paces import DAY, driven
from tests.scenes import NOON, a_car, a_fleet, a_member
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    """60 days at 40 km, then six at 80; the last midnight was the sixth."""
    fleet = a_fleet()
    a_member(fleet, Role.MANAGER)
    found = a_car(fleet)
    midnight = NOON.replace(hour=0)
    driven(found, days=60, a_day=40, until=midnight - 6 * DAY)
    driven(found, days=6, a_day=80, start_km=42_400, until=midnight)
    return found


def look(car, days: float = 0) -> None:
    """The sweep, and the review that it wakes."""
    pacing.look([car.pk], now=NOON + days * DAY)
    review.sweep(now=NOON + days * DAY)


def usage() -> list[Alert]:
    return list(Alert.objects.filter(kind=Alert.Kind.USAGE))


def test_one_alert_and_one_notice_tell_of_a_change_of_use(car):
    look(car)
    look(car, 1)

    (alert,) = usage()
    assert (alert.level, alert.occurrence, alert.closed_at) == ("warning", "2026-05-06", None)
    notice = Notice.objects.get(alert=alert)
    letter = letters.write(notice, now=NOON)
    assert "daily use doubled since Wednesday 6 May: 80 km a day instead of 40 km" in letter.body


def test_once_the_use_is_the_usual_one_the_alert_closes(car):
    look(car)
    driven(car, days=40, a_day=80, start_km=42_880, until=NOON.replace(hour=0) + 40 * DAY)
    look(car, 40)

    assert [alert.closed_at for alert in usage()] == [NOON + 40 * DAY]
    assert letters.write(Notice.objects.get(alert=usage()[0]), now=NOON + 40 * DAY) is None


def test_a_retired_car_loses_it(car):
    look(car)
    Vehicle.objects.update(retired_at=NOON, review_after=NOON)
    review.sweep(now=NOON)
    assert usage()[0].closed_at is not None


def test_a_change_of_use_makes_nothing_due(car):
    item = DueItem.objects.get_or_create(vehicle=car, fleet=car.fleet, task=car.fleet.tasks.get(key="oil-change"))[0]
    look(car)
    item.refresh_from_db()
    assert item.status == "unknown"
