"""`manage.py rebuild`: the proof that what is stored follows from what was told, up to the verdicts."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from maintenance import review
from maintenance.models import Alert, DueItem, Notice
from tests.maintenance.scenes import drive, item_of, last_done
from tests.scenes import a_car, a_fleet, a_member, codes, odometer, oil
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def car(now):
    """Overdue for oil, with a fault, reviewed, and somebody who is told."""
    car = a_car(a_fleet())
    a_member(car.fleet)
    last_done(car, km=40_000, days_ago=100)
    old = now - timedelta(days=3)
    drive(car, odometer(52_000, at=old), oil(5, at=old), codes("P0420", at=old), now=old)
    Vehicle.objects.filter(pk=car.pk).update(review_after=None)
    return car


def test_a_whole_vehicle_is_rebuilt_without_a_difference(car, capsys):
    call_command("rebuild", car.pk, check=True)

    assert capsys.readouterr().out == "1 vehicles, 0 with differences\n"


def test_each_difference_is_told_and_a_check_changes_nothing(car, capsys):
    item = item_of(car)
    DueItem.objects.filter(pk=item.pk).update(status="ok", due_km=99_000)
    Gauge.objects.filter(vehicle=car, signal=Signal.OIL_LIFE).update(number=88)

    with pytest.raises(CommandError) as failed:
        call_command("rebuild", car.pk, check=True)

    told = capsys.readouterr().out
    assert failed.value.returncode == 1
    assert "verdict oil-change status: stored ok, rebuilt overdue" in told
    assert "gauge oil_life" in told and "1 vehicles, 1 with differences" in told
    assert item_of(car).status == "ok" and Gauge.objects.get(vehicle=car, signal=Signal.OIL_LIFE).number == 88


def test_a_rebuild_sets_right_and_tells_nobody_again(car):
    alerts, notices = Alert.objects.count(), Notice.objects.count()
    assert alerts and notices
    DueItem.objects.filter(pk=item_of(car).pk).update(status="ok")
    Gauge.objects.filter(vehicle=car).delete()

    call_command("rebuild", all=True)

    assert item_of(car).status == "overdue"
    assert (Alert.objects.count(), Notice.objects.count()) == (alerts, notices)
    call_command("rebuild", all=True, check=True)


def test_a_verdict_that_waits_for_its_review_is_no_difference(car, now):
    DueItem.objects.filter(pk=item_of(car).pk).update(status="ok")
    Vehicle.objects.filter(pk=car.pk).update(review_after=now)

    call_command("rebuild", car.pk, check=True)
    review.review([car.pk], now=now)
    assert item_of(car).status == "overdue"


@pytest.mark.parametrize("said", [[], [1, "--all"], [999_999]])
def test_it_asks_which_vehicle(said):
    with pytest.raises(CommandError):
        call_command("rebuild", *map(str, said))
