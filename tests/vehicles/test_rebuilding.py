"""What is derived can be derived again: after whatever came, in whatever order."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scenes import NOON, a_car, a_delivery, a_fleet, a_signal, codes, odometer, oil, state_of
from vehicles.domain.measurements import Gap, Measurement, Snapshot, Why
from vehicles.domain.signals import Signal
from vehicles.models import Capability, DealerRecord, Delivery, Fault, Gauge, Reading, Source, Standing
from vehicles.post import inbox, letterbox, rebuilding
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
MORNING = NOON - timedelta(hours=4)


@pytest.fixture
def car():
    return a_car(a_fleet())


def rebuilt(vehicle, now=NOON) -> list[str]:
    with transaction.atomic():
        return [difference.what for difference in rebuilding.rebuild(vehicle, now=now)]


def checked(vehicle, now=NOON) -> list[str]:
    return rebuilding.try_out(lambda: rebuilt(vehicle, now))


def told(vehicle, *measurements, now=NOON, source=Source.POLL):
    ingest.record(vehicle, measurements, source=source, now=now)


def delivered(body: bytes, now=NOON) -> Delivery:
    letterbox.keep(body, now=now)
    while inbox.sweep(now=now):
        pass
    return Delivery.objects.latest("pk")


def test_a_gauge_that_was_tampered_with_is_found_and_set_right(car):
    told(car, oil(40, at=MORNING), odometer(84_300, at=MORNING))
    Gauge.objects.filter(vehicle=car, signal=Signal.OIL_LIFE).update(number=90)

    assert checked(car) == ["gauge oil_life"]
    assert Gauge.objects.get(vehicle=car, signal=Signal.OIL_LIFE).number == 90, "a check changes nothing"

    rebuilt(car)
    assert Gauge.objects.get(vehicle=car, signal=Signal.OIL_LIFE).number == 40
    assert checked(car) == []


def test_a_standing_a_fault_and_a_capability_that_were_tampered_with_are_found(car):
    told(car, codes("P0420", at=MORNING), odometer(84_300, at=MORNING))
    told(car, odometer(843_000, at=NOON))
    Reading.objects.filter(vehicle=car, standing=Standing.SUSPECT).update(standing=Standing.ACCEPTED)
    Fault.objects.filter(vehicle=car).update(closed_at=NOON)
    Capability.objects.filter(vehicle=car, signal=Signal.TROUBLE_CODES).update(state="error")
    Capability.objects.create(vehicle=car, signal=Signal.FUEL_LEVEL, state="given", since=NOON, checked_at=NOON)

    found = rebuilt(car)

    assert {what.split(" ")[0] for what in found} == {"reading", "fault", "capability"}
    assert "capability fuel_level" in found and "capability trouble_codes" in found
    assert checked(car) == []


def test_a_reading_that_was_lost_comes_back_from_its_body(car):
    delivered(state_of(car.smartcar_id, km=84_300, oil=31, at=MORNING))
    Reading.objects.filter(vehicle=car, signal=Signal.OIL_LIFE).delete()

    assert any(what.startswith("reading oil_life") for what in rebuilt(car))
    assert Reading.objects.get(vehicle=car, signal=Signal.OIL_LIFE).number == 31


def test_what_the_gauge_alone_keeps_comes_from_the_body_while_that_is_there(car):
    flag = a_signal("charge-ischarging", {"value": True}, at=MORNING)
    delivered(a_delivery(car.smartcar_id, [flag], at=MORNING))
    Gauge.objects.filter(vehicle=car, signal=Signal.IS_CHARGING).update(detail=False)
    assert checked(car) == ["gauge is_charging"]

    Delivery.objects.all().delete()
    assert checked(car) == [], "nobody knows better any more"


def test_a_person_who_voided_a_reading_is_not_overruled(car):
    told(car, odometer(84_300, at=MORNING))
    told(car, odometer(84_900, at=NOON), source=Source.BENCH)
    ingest.void(Reading.objects.get(vehicle=car, number=84_900), now=NOON)

    assert rebuilt(car) == []
    assert Gauge.objects.get(vehicle=car, signal=Signal.ODOMETER).number == 84_300


def test_bodies_that_another_fleet_took_in_are_not_ours(car):
    delivered(state_of(car.smartcar_id, km=84_300, at=MORNING))
    smartcar_id, car.smartcar_id, car.retired_at = car.smartcar_id, None, NOON
    car.save()
    buyer = a_car(a_fleet("Southgate"), smartcar_id=smartcar_id)

    assert rebuilt(buyer) == []
    assert not Reading.objects.filter(vehicle=buyer).exists()


hours = st.integers(0, 24 * 9)
pairs = st.tuples(st.integers(0, 4), st.integers(0, 2))
louder = st.one_of(st.none(), st.integers(1, 5))


def at(hour: int):
    return NOON + timedelta(hours=hour)


def flagged(signal: Signal, value, hour: int, sequence: int | None) -> Measurement:
    return Measurement(signal, value, measured_at=at(hour), fetched_at=at(hour), sequence=sequence)


def visits(numbers: list[tuple[int, int]]) -> list:
    """Some with an id, some without, and one id with another content now and then."""
    return [
        {
            "id": f"v{visit % 3}" if visit % 2 else None,
            "at": (NOON - timedelta(days=visit % 2)).isoformat(),
            "odometer_km": 40_000.0 + other,
            "tasks": [{"id": None, "name": "Oil"}],
            "details": ["with filter"] * other,
            "cost": None,
        }
        for visit, other in numbers
    ]


facts = st.one_of(
    st.builds(lambda h, km: odometer(80_000 + km, at=at(h)), hours, st.integers(0, 9_000)),
    st.builds(lambda h, dip: odometer(round(80_000 + h * 25 + dip, 1), at=at(h)), hours, st.floats(-1.5, 1.5)),
    st.builds(flagged, st.just(Signal.OIL_LIFE), st.sampled_from([10.0, 20.0]), st.integers(0, 3), louder),
    st.builds(
        flagged, st.sampled_from([Signal.IN_SERVICE, Signal.IS_ONLINE]), st.booleans(), st.integers(0, 3), louder
    ),
    st.builds(lambda h, c: codes(*c, at=at(h)), hours, st.sets(st.sampled_from(["P0420", "C0035"]))),
    st.builds(
        flagged, st.just(Signal.SERVICE_RECORDS), st.lists(pairs, max_size=3).map(visits), st.integers(0, 2), louder
    ),
    st.builds(Gap, st.sampled_from([Signal.OIL_LIFE, Signal.FUEL_LEVEL]), st.sampled_from(list(Why))),
)


def arrive(car, told, received_at, source) -> None:
    measurements = tuple(one for one in told if isinstance(one, Measurement))
    gaps = tuple(one for one in told if isinstance(one, Gap))
    ingest.record_all([ingest.Arrival(car.pk, Snapshot(measurements, gaps), source, received_at)], now=received_at)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches=st.lists(st.lists(facts, min_size=1, max_size=5), min_size=1, max_size=6), seed=st.integers(0, 9_999))
def test_after_whatever_came_a_rebuild_finds_no_difference(car, batches, seed):
    chance = random.Random(seed)

    def found():
        for number, batch in enumerate(batches + chance.choices(batches, k=2)):
            source = chance.choice([Source.POLL, Source.WEBHOOK])
            arrive(car, batch, NOON + timedelta(days=10, minutes=number), source)
            if chance.random() < 0.2 and (reading := Reading.objects.filter(signal="odometer").first()):
                ingest.void(reading, now=NOON)
        return [str(difference) for difference in rebuilding.rebuild(car, now=NOON + timedelta(days=11))]

    assert rebuilding.try_out(found) == []


bodies = st.one_of(
    st.builds(lambda h, km: ("odometer-traveleddistance", {"value": 80_000 + km, "unit": "km"}, h), hours, hours),
    st.builds(lambda h, on: ("connectivitystatus-isonline", {"value": on}, h), hours, st.booleans()),
    st.builds(lambda h, p: ("internalcombustionengine-oillife", {"value": p, "unit": "percent"}, h), hours, hours),
    st.builds(
        lambda h, c: ("diagnostics-dtclist", {"values": [{"code": c}] if c else []}, h),
        hours,
        st.sampled_from(["P0420", ""]),
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(deliveries=st.lists(st.lists(bodies, min_size=1, max_size=4), min_size=1, max_size=6), seed=st.integers(0, 999))
def test_after_whatever_was_delivered_and_read_again_there_is_no_difference(car, deliveries, seed):
    chance = random.Random(seed)

    def found():
        for number, signals in enumerate(deliveries):
            when = NOON + timedelta(days=10, minutes=number // 2)  # some at the very same moment
            content = [a_signal(code, body, at=at(hour)) for code, body, hour in signals]
            delivered(a_delivery(car.smartcar_id, content, at=when), now=when)
        again = chance.sample(list(Delivery.objects.values_list("pk", flat=True)), k=chance.randint(0, len(deliveries)))
        later = NOON + timedelta(days=11)
        before = rebuilding.facts(car.pk)
        inbox.replay(Delivery.objects.filter(pk__in=again), now=later)
        while inbox.sweep(now=later):
            pass
        told_anew = rebuilding.compare(before, rebuilding.facts(car.pk))
        return [str(difference) for difference in [*told_anew, *rebuilding.rebuild(car, now=later)]]

    assert rebuilding.try_out(found) == []


def test_dealer_records_are_among_the_facts(car):
    told(car, flagged(Signal.SERVICE_RECORDS, visits([(1, 0), (2, 0)]), 0, None))
    DealerRecord.objects.filter(vehicle=car, their_id=None).delete()

    assert len(rebuilt(car)) == 1
    assert DealerRecord.objects.filter(vehicle=car).count() == 2
