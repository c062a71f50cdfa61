"""What becomes of the alerts of a car that is taken away or taken out of service."""

import pytest
from django.utils import timezone

from maintenance import review
from maintenance.models import Alert
from tests.scenes import a_car, a_fleet, codes
from vehicles.consent import parting
from vehicles.models import Source
from vehicles.models.connection import PARTED, REVOKED
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return a_car(a_fleet())


def judged(car) -> set[str]:
    review.review([car.pk], now=timezone.now())
    return set(Alert.objects.open().filter(vehicle=car).values_list("kind", flat=True))


def test_a_retired_vehicle_has_no_open_alert_any_more(car):
    now = timezone.now()
    ingest.record(car, [codes(at=now)], source=Source.POLL, now=now)
    ingest.record(car, [codes("P0300", at=now)], source=Source.POLL, now=now)
    assert "fault" in judged(car)

    parting.retire(car, now=now)
    review.sweep(now=now)

    assert not Alert.objects.open().filter(vehicle=car).exists()
    car.refresh_from_db()
    assert car.review_after is None


def test_a_consent_that_was_taken_away_is_told_and_one_that_we_gave_back_is_not(car):
    parting.lose(car.connection, REVOKED, now=timezone.now())
    assert judged(car) == {"connection"}

    parting.lose(car.connection, PARTED, now=timezone.now())
    assert judged(car) == set()
