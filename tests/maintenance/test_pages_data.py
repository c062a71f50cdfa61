"""The data of a car on its page: every signal, its three times, and each kind of nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from tests.scenes import a_car, a_fleet, a_member, codes, odometer
from vehicles.domain.measurements import Gap, Measurement, Snapshot, Why
from vehicles.domain.signals import CATALOGUE, Shape, Signal
from vehicles.models import Capability, Source, Terms
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def car(client):
    fleet = a_fleet(units="imperial", time_zone="America/Halifax")
    client.force_login(a_member(fleet, Role.VIEWER).user)
    return a_car(fleet)


def shown(client, car, part: str = "") -> str:
    answer = client.get(f"/vehicles/{car.pk}/{part}")
    assert answer.status_code == 200
    return answer.content.decode()


def data_of(page: str) -> str:
    return page.split('id="data"')[1]


def told(car, *measurements, now, source=Source.POLL):
    ingest.record(car, measurements, source=source, now=now)


VALUES = {
    Shape.TEXT: "1FTBW2CM5KKA00001",
    Shape.FLAG: True,
    Shape.WHEELS: {"0.0": 240.0, "2.1": 471.0},
    Shape.CODES: [{"code": "P0420", "since": None}],
    Shape.LIGHT: {"status": "ALERT", "description": "check it"},
    Shape.PLACE: {"latitude": 44.64881, "longitude": -63.57524, "heading": None, "parked": True},
    Shape.RECORDS: [{"id": "d", "at": None, "odometer_km": 5.0, "tasks": [], "details": [], "cost": None}],
}
SPOKEN = {
    Signal.ODOMETER: "62 mi",
    Signal.OIL_LIFE: "100 %",
    Signal.FUEL_AMOUNT: "26.4 US gal",
    Signal.BATTERY_CAPACITY: "100 kWh",
    Signal.TYRE_PRESSURE: "front left 35 psi, wheel 2.1 68 psi",
    Signal.CHARGING_STATUS: "Charging",
    Signal.BATTERY_12V_STATUS: "Good",
    Signal.TROUBLE_CODES: "P0420",
    Signal.SERVICE_RECORDS: "1 visit",
    Signal.IS_ONLINE: "Yes",
    Signal.SYSTEM_ABS: "Alert",
    Signal.LOCATION: "44.6488, -63.5752",
}


def a_value(signal: Signal):
    kind = CATALOGUE[signal]
    return kind.words[0] if kind.shape is Shape.WORD else VALUES.get(kind.shape, 100.0)


def test_every_signal_is_shown_in_the_words_and_units_of_the_fleet(client, car, now):
    Terms.objects.create(fleet=car.fleet, keeps_location=True)
    told(car, *(Measurement(signal, a_value(signal), now, now) for signal in Signal), now=now)

    page = data_of(shown(client, car))

    assert [signal for signal in Signal if f'id="told-{signal.value}"' not in page] == []
    assert [text for text in SPOKEN.values() if text not in page] == []


def test_a_value_keeps_its_three_times_apart(client, car, now):
    measured = now - timedelta(days=3)
    told(car, Measurement(Signal.OIL_LIFE, 40.0, measured, now - timedelta(hours=5)), now=now)

    one = data_of(shown(client, car)).split('id="told-oil_life"')[1].split("</details>")[0]

    words = ["Measured by the car", "3 days ago", "Fetched by Smartcar", "5 h ago", "Received here", "just now"]
    assert all(word in one for word in words) and "asked for by us" in one
    assert f"{measured.astimezone(car.fleet.zone):%-d %b %Y %H:%M}" in one


def test_a_time_that_nobody_told_is_not_made_up(client, car, now):
    told(car, Measurement(Signal.OIL_LIFE, 40.0, None, now - timedelta(hours=5)), now=now)

    one = data_of(shown(client, car)).split('id="told-oil_life"')[1].split("</details>")[0]

    assert "Measured by the car</dt><dd>not told</dd>" in one


def test_each_kind_of_nothing_stands_apart_and_what_the_car_cannot_is_folded_away(client, car, now):
    gaps = {Signal.FUEL_LEVEL: Why.NOT_PERMITTED, Signal.BATTERY_12V: Why.UNAVAILABLE, Signal.OIL_LIFE: Why.REFUSED}
    gaps |= {Signal.TROUBLE_CODES: Why.ERROR, Signal.TYRE_PRESSURE: Why.UNSUPPORTED, Signal.SYSTEM_MIL: Why.UNSUPPORTED}
    snapshot = Snapshot(gaps=tuple(Gap(signal, why) for signal, why in gaps.items()))
    ingest.record_all([ingest.Arrival(car.pk, snapshot, Source.POLL, now)], now=now)

    page = data_of(shown(client, car))

    lacks, never = page.split('id="data-never"')
    for state in (Capability.State.NOT_PERMITTED, Capability.State.UNAVAILABLE, Capability.State.REFUSED):
        assert state.label in lacks
    assert "Could not be read" in lacks
    assert "Not provided by this car (2)" in never and "Tyre pressure, Engine light" in never


def test_a_signal_that_is_withdrawn_keeps_its_last_value_and_says_so(client, car, now):
    told(car, Measurement(Signal.OIL_LIFE, 40.0, now - timedelta(days=2)), now=now - timedelta(days=2))
    gap = Snapshot(gaps=(Gap(Signal.OIL_LIFE, Why.NOT_PERMITTED),))
    ingest.record_all([ingest.Arrival(car.pk, gap, Source.POLL, now)], now=now)

    page = data_of(shown(client, car))

    assert "40 %" in page and "The last answer was otherwise: not permitted." in page


def test_the_dealer_and_the_workshop_are_told_of(client, car, now):
    record = {"id": "d", "at": "2026-01-03T10:00:00Z", "odometer_km": 40_000.0, "details": ["with filter"]}
    record |= {"tasks": [{"id": None, "name": "Oil <change>"}], "cost": {"amount": 89.9, "currency": "CAD"}}
    for hours, inside in ((9, True), (7, False), (5, True), (3, True)):
        told(car, Measurement(Signal.IN_SERVICE, inside, now - timedelta(hours=hours)), now=now)
    told(car, Measurement(Signal.SERVICE_RECORDS, [record], now), now=now)

    past = shown(client, car, "history/")
    assert "From the dealer" in past and "Oil &lt;change&gt;" in past
    assert "at 24,855 mi" in past and "with filter" in past and "89.90 CAD" in past
    page = shown(client, car)
    began = (now - timedelta(hours=5)).astimezone(car.fleet.zone)
    assert f'In the workshop</span><span class="sm muted">says the car, since {began:%-d %b %Y}' in page


def test_a_car_that_left_the_workshop_is_not_in_it(client, car, now):
    told(car, Measurement(Signal.IN_SERVICE, True, now - timedelta(hours=5)), now=now)
    told(car, Measurement(Signal.IN_SERVICE, False, now - timedelta(hours=1)), now=now)

    assert "says the car, since" not in shown(client, car)
    assert "From the dealer" not in shown(client, car, "history/")


def test_more_signals_ask_no_more_questions(client, car, now):
    one_light = Measurement(Signal.SYSTEM_MIL, a_value(Signal.SYSTEM_MIL), now, now)
    told(car, odometer(48_000, at=now), codes(at=now), one_light, now=now)
    shown(client, car)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown(client, car)
        return len(caught)

    few = asked()
    told(car, *(Measurement(signal, a_value(signal), now, now) for signal in Signal if signal.is_system), now=now)
    told(car, *(Measurement(Signal.FUEL_LEVEL, float(n), now - timedelta(hours=n), now) for n in range(9)), now=now)

    assert asked() == few
