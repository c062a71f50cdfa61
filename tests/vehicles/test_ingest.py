"""The waist: any order, any duplication, the same end."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.scenes import NOON, a_car, a_fleet, codes, odometer, oil
from vehicles.domain.measurements import Gap, Measurement, Snapshot, Why
from vehicles.domain.signals import Signal
from vehicles.models import Capability, DealerRecord, Fault, Gauge, Reading, Source, Standing
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
MORNING = NOON - timedelta(hours=4)


@pytest.fixture
def car():
    return a_car(a_fleet())


def gauge(vehicle, signal=Signal.ODOMETER):
    return Gauge.objects.get(vehicle=vehicle, signal=signal)


def record(vehicle, *measurements, now=NOON, source=Source.WEBHOOK):
    ingest.record(vehicle, measurements, source=source, now=now)


def test_a_late_webhook_does_not_turn_the_odometer_back(car):
    record(car, odometer(84_300, at=NOON))
    record(car, odometer(84_250, at=MORNING))

    assert gauge(car).number == 84_300
    assert Reading.objects.filter(vehicle=car, standing=Standing.ACCEPTED).count() == 2


def test_an_echo_is_not_a_new_reading(car):
    for _ in range(3):
        record(car, odometer(84_300, at=MORNING), oil(55, at=MORNING))

    assert Reading.objects.filter(vehicle=car).count() == 2


def test_an_echo_wakes_nobody(car):
    record(car, odometer(84_300, at=MORNING))
    car.review_after = None
    car.save()

    record(car, odometer(84_300, at=MORNING), now=NOON + timedelta(hours=1))

    car.refresh_from_db()
    assert car.review_after is None
    assert car.seen_at == NOON + timedelta(hours=1)


def test_a_jump_that_no_car_drives_is_kept_and_not_believed(car):
    record(car, odometer(84_300, at=MORNING))
    record(car, odometer(843_000, at=NOON))

    assert gauge(car).number == 84_300
    assert Reading.objects.get(vehicle=car, number=843_000).standing == Standing.SUSPECT


def test_a_jump_that_two_later_readings_agree_with_is_believed(car):
    record(car, odometer(84_300, at=MORNING - timedelta(days=3)))
    for hours, km in ((0, 120_000), (1, 120_010), (2, 120_020)):
        record(car, odometer(km, at=MORNING + timedelta(hours=hours)))

    assert gauge(car).number == 120_020


def test_an_odometer_of_tomorrow_is_suspect_for_good(car):
    record(car, odometer(84_300, at=NOON + timedelta(hours=3)))

    assert not Gauge.objects.filter(vehicle=car).exists()
    assert Reading.objects.get(vehicle=car).standing == Standing.SUSPECT


def test_a_voided_reading_gives_the_gauge_back(car):
    record(car, odometer(84_300, at=MORNING))
    record(car, odometer(84_900, at=NOON), source=Source.BENCH)

    ingest.void(Reading.objects.get(vehicle=car, number=84_900), now=NOON)

    assert gauge(car).number == 84_300


@pytest.mark.parametrize("signal, value", [(Signal.OIL_LIFE, 101), (Signal.ODOMETER, -5), (Signal.FUEL_LEVEL, True)])
def test_what_cannot_be_is_refused_with_a_reason(car, signal, value):
    record(car, Measurement(signal, value, measured_at=NOON))

    assert not Reading.objects.filter(vehicle=car).exists()
    capability = Capability.objects.get(vehicle=car, signal=signal)
    assert (capability.state, bool(capability.note)) == ("refused", True)


def test_a_failed_try_takes_no_ability_away(car):
    record(car, oil(40, at=MORNING))
    failed = ingest.Arrival(car.pk, Snapshot(gaps=(Gap(Signal.OIL_LIFE, Why.ERROR),)), Source.POLL, NOON)
    ingest.record_all([failed], now=NOON)

    assert Capability.objects.get(vehicle=car, signal=Signal.OIL_LIFE).state == "given"
    assert gauge(car, Signal.OIL_LIFE).number == 40


def test_the_vin_is_kept_once_and_names_the_car(car):
    for day in range(3):
        record(car, Measurement(Signal.VIN, "1FTBW2CM5KKA00001"), now=NOON + timedelta(days=day))

    car.refresh_from_db()
    assert car.vin == "1FTBW2CM5KKA00001"
    assert not Reading.objects.filter(vehicle=car).exists()


def test_a_code_opens_an_episode_and_two_clean_reads_close_it(car):
    record(car, codes("P0420", at=MORNING))
    record(car, codes(at=MORNING + timedelta(hours=2)), now=NOON + timedelta(days=1))
    assert Fault.objects.get(vehicle=car).closed_at is None

    record(car, codes(at=MORNING + timedelta(hours=9)), now=NOON + timedelta(days=1))
    assert Fault.objects.get(vehicle=car).closed_at == MORNING + timedelta(hours=9)


hours = st.integers(0, 24 * 9)
measurements = st.lists(
    st.one_of(
        st.builds(lambda h, km: odometer(80_000 + km, at=NOON + timedelta(hours=h)), hours, st.integers(0, 9_000)),
        st.builds(lambda h, p: oil(p, at=NOON + timedelta(hours=h)), hours, st.integers(0, 100)),
        st.builds(
            lambda h, c: codes(*c, at=NOON + timedelta(hours=h)), hours, st.sets(st.sampled_from(["P0420", "C0035"]))
        ),
    ),
    min_size=1,
    max_size=10,
)


# A car that drives as cars do, with a dip of the plateau now and then: nothing suspect, so the short way is taken.
drives = st.lists(
    st.builds(
        lambda h, dip: odometer(round(80_000 + h * 25 + dip, 1), at=NOON + timedelta(hours=h)),
        hours,
        st.floats(-1.5, 1.5),
    ),
    min_size=2,
    max_size=14,
)
parked = st.lists(
    st.builds(lambda h, dip: odometer(round(80_000 + dip, 1), at=NOON + timedelta(hours=h)), hours, st.floats(0, 4)),
    min_size=2,
    max_size=14,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(facts=st.one_of(measurements, drives, parked), seed=st.integers(0, 10_000))
def test_order_batches_and_echoes_never_matter(car, facts, seed):
    received = NOON + timedelta(days=10)
    chance = random.Random(seed)
    shuffled = facts + chance.choices(facts, k=3)
    chance.shuffle(shuffled)
    cut = chance.randrange(len(shuffled) + 1)

    def end_of(batches):
        with transaction.atomic():
            for batch in batches:
                record(car, *batch, now=received)
            end = (
                sorted(Gauge.objects.filter(vehicle=car).values_list("signal", "number", "detail", "at")),
                sorted(Reading.objects.filter(vehicle=car).values_list("signal", "at", "digest", "standing")),
                sorted(Fault.objects.filter(vehicle=car).values_list("code", "opened_at", "last_seen_at", "closed_at")),
                sorted(Capability.objects.filter(vehicle=car).values_list("signal", "state")),
            )
            transaction.set_rollback(True)
        return repr(end)

    assert end_of([facts]) == end_of([shuffled[:cut], shuffled[cut:]]) == end_of([[fact] for fact in reversed(facts)])


def deliver(car, *batches):
    """Each delivery is (km, minutes until it came, its sequence), all of one measured moment."""
    for batch in batches:
        arrivals = []
        for km, minutes, sequence in batch:
            came = NOON + timedelta(minutes=minutes)
            told = Measurement(Signal.ODOMETER, km, measured_at=NOON, fetched_at=came, sequence=sequence)
            arrivals.append(ingest.Arrival(car.pk, Snapshot((told,)), Source.WEBHOOK, came))
        ingest.record_all(arrivals, now=NOON + timedelta(hours=3))


def test_a_first_delivery_that_lay_in_quarantine_keeps_its_receipt(car):
    first, other, echo = (50_000, 1, None), (50_010, 30, None), (50_000, 60, None)

    deliver(car, [echo], [other], [first])

    assert gauge(car).number == 50_010  # received last; of the other value that was an echo
    stored = Reading.objects.filter(vehicle=car).order_by("number").values_list("number", "standing", "received_at")
    assert [(km, standing, (at - NOON).seconds // 60) for km, standing, at in stored] == [
        (50_000, "suspect", 1),
        (50_010, "accepted", 30),
    ]


deliveries = st.lists(
    st.tuples(st.sampled_from([50_000, 50_010, 50_300]), st.sampled_from([1, 30, 60]), st.sampled_from([None, 1, 5])),
    min_size=2,
    max_size=6,
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=deliveries, seed=st.integers(0, 10_000))
@example(told=[(50_000, 1, 1), (50_000, 1, 5), (50_010, 1, 3)], seed=1)
@example(told=[(50_000, 1, 1), (50_010, 1, 1), (50_010, 1, None)], seed=0)
def test_which_of_two_values_stands_does_not_hang_on_what_was_opened_first(car, told, seed):
    shuffled = told[:]
    chance = random.Random(seed)
    chance.shuffle(shuffled)
    cut = chance.randrange(len(shuffled) + 1)

    def end_of(*batches):
        with transaction.atomic():
            deliver(car, *batches)
            stored = Reading.objects.filter(vehicle=car).order_by("number")
            end = gauge(car).number, list(stored.values_list("number", "standing", "received_at", "sequence"))
            transaction.set_rollback(True)
        return end

    assert end_of(told) == end_of(shuffled[:cut], shuffled[cut:]) == end_of(*([one] for one in reversed(told)))


def test_an_echo_of_what_a_person_took_back_does_not_bring_it_back(car):
    record(car, odometer(84_300, at=MORNING))
    ingest.void(Reading.objects.get(vehicle=car), now=NOON)

    record(car, odometer(84_300, at=MORNING), now=NOON + timedelta(hours=1))

    assert not Gauge.objects.filter(vehicle=car).exists()


def test_the_same_heard_again_is_noted_and_wakes_nobody(car):
    record(car, odometer(84_300, at=MORNING, sequence=1))
    car.review_after = None
    car.save()

    record(car, odometer(84_300, at=MORNING, sequence=2), now=NOON + timedelta(hours=1))

    car.refresh_from_db()
    assert car.review_after is None
    assert (gauge(car).at, gauge(car).received_at) == (MORNING, NOON + timedelta(hours=1))


told_visits = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.lists(st.tuples(st.sampled_from([None, "d-1"]), st.integers(0, 1), st.integers(0, 1)), max_size=2),
    ),
    min_size=2,
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(tellings=told_visits, seed=st.integers(0, 10_000))
@example(tellings=[(1, [("d-1", 0, 0)]), (2, [("d-1", 1, 0)]), (3, [("d-1", 0, 0)])], seed=1)
def test_dealer_records_do_not_hang_on_what_was_told_first(car, tellings, seed):
    def record_of(their_id, km, more) -> dict:
        told = {"id": their_id, "at": None, "odometer_km": 40_000.0 + km, "tasks": [], "cost": None}
        return told | {"details": ["more"] * more}

    def end_of(order) -> list:
        with transaction.atomic():
            for hour, visits in order:
                detail = [record_of(*visit) for visit in visits]
                record(car, Measurement(Signal.SERVICE_RECORDS, detail, measured_at=NOON + timedelta(hours=hour)))
            end = list(DealerRecord.objects.filter(vehicle=car).values_list("their_id", "content", "details"))
            transaction.set_rollback(True)
        return sorted(end, key=repr)

    shuffled = random.Random(seed).sample(tellings, k=len(tellings))
    assert end_of(tellings) == end_of(shuffled)
