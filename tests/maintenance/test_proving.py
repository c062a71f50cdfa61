"""After “done” the car has its say."""

from datetime import timedelta

import pytest

from fleet.owners.models import Role
from maintenance import workshop
from maintenance.models import Alert, Notice, Proof, ServiceRecord
from maintenance.proving import watching
from maintenance.review import review, sweep
from tests.maintenance.scenes import drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, codes, odometer, oil, unique
from vehicles.domain.measurements import Gap, Measurement, Snapshot, Why
from vehicles.domain.signals import Signal
from vehicles.models import Fault, Source
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
State = Proof.State


def later(hours: float):
    return NOON + timedelta(hours=hours)


@pytest.fixture
def car():
    car = a_car(a_fleet())
    last_done(car, km=40_000, days_ago=60)
    before = NOON - timedelta(days=2)
    drive(car, odometer(49_000, at=before), oil(18, at=before), now=before)
    return car


@pytest.fixture
def technician(car):
    return a_member(car.fleet, Role.TECHNICIAN).user


def complete(car, by, task="oil-change", **said) -> ServiceRecord:
    said = {"done_on": NOON.date(), "odometer_km": None, "notes": "", "key": unique("form"), "now": NOON} | said
    return workshop.complete(item_of(car, task), by=by, **said)


def tell(car, *measurements, hours: float):
    drive(car, *measurements, now=later(hours))


def open_alerts(car) -> list[Alert]:
    return list(Alert.objects.open().filter(vehicle=car, kind=Alert.Kind.PROOF))


def test_oil_life_that_rises_confirms_the_oil_change(car, technician):
    record = complete(car, technician)
    assert record.proof.state == State.WATCHING

    tell(car, oil(100, at=later(5)), hours=5)

    proof = Proof.objects.get()
    assert (proof.state, proof.settled_at) == (State.CONFIRMED, later(5))
    assert proof.facts == {"signal": "oil_life", "before": 18, "value": 100}
    assert not open_alerts(car)


def test_oil_life_that_stays_low_is_told_to_somebody(car, technician):
    complete(car, technician)
    tell(car, oil(18, at=later(3)), hours=3)
    assert not open_alerts(car)  # the dash may still be reset

    tell(car, oil(17, at=later(20)), hours=20)

    assert Proof.objects.get().state == State.CONTRADICTED
    assert [alert.subject for alert in open_alerts(car)] == ["oil-change"]
    assert Notice.objects.filter(alert__kind="proof", user=technician).exists()


def test_the_alert_closes_when_the_car_comes_round(car, technician):
    complete(car, technician)
    tell(car, oil(18, at=later(3)), oil(17, at=later(20)), hours=20)
    assert open_alerts(car)

    tell(car, oil(100, at=later(30)), hours=30)

    assert Proof.objects.get().state == State.CONFIRMED
    assert not open_alerts(car)


def count(number: int, *, at) -> Measurement:
    return Measurement(Signal.TROUBLE_CODE_COUNT, number, measured_at=at, fetched_at=at)


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(seconds=2)])
def test_reads_that_hold_fewer_codes_than_the_car_counts_prove_nothing(car, apart):
    """The counts are measured with the codes or seconds later."""
    first = later(-1)
    drive(car, codes("P0420", at=first), count(1, at=first + apart), now=first + apart)
    fault = Fault.objects.get()
    watching.claim_fixed(fault, by_name="R. Osei", now=NOON)
    for hours in (2, 9):
        at = later(hours)
        drive(car, codes(at=at), count(1, at=at + apart), now=at + apart)
    assert (Proof.objects.get().state, Fault.objects.get().is_open) == (State.WATCHING, True)

    for hours in (20, 27):
        drive(car, codes(at=later(hours)), count(0, at=later(hours) + apart), now=later(hours) + apart)
    assert (Proof.objects.get().state, Fault.objects.get().is_open) == (State.CONFIRMED, False)


def test_a_job_whose_moment_is_known_is_not_proved_by_the_morning(car, technician):
    drive(car, oil(91, at=later(-10)), now=later(-10))
    record = complete(car, technician, at=later(4), now=later(4))

    assert record.proof.state == State.WATCHING
    sweep(now=later(24 * 15))
    assert Proof.objects.get(record=record).state == State.UNTELLABLE


def test_taking_the_job_back_closes_it_too(car, technician):
    record = complete(car, technician)
    tell(car, oil(18, at=later(3)), oil(17, at=later(20)), hours=20)

    workshop.void(record, by=technician, now=later(21))

    assert not open_alerts(car)


def test_doing_it_again_closes_it_too(car, technician):
    complete(car, technician)
    tell(car, oil(18, at=later(3)), oil(17, at=later(20)), hours=20)

    complete(car, technician, done_on=(NOON + timedelta(days=2)).date(), now=later(48))

    assert not open_alerts(car)
    assert sorted(Proof.objects.values_list("state", flat=True)) == [State.CONTRADICTED, State.WATCHING]


def test_time_alone_settles_it_at_the_deadline(car, technician):
    complete(car, technician)
    car.refresh_from_db()
    assert car.review_after <= NOON + timedelta(days=14)

    sweep(now=NOON + timedelta(days=14))

    assert Proof.objects.get().state == State.UNTELLABLE


def test_a_late_delivery_still_counts_for_when_it_was_measured(car, technician):
    complete(car, technician)
    afterwards = NOON + timedelta(days=16)
    review([car.pk], now=afterwards)
    assert Proof.objects.get().state == State.UNTELLABLE

    drive(car, oil(99, at=later(5)), now=afterwards)

    assert Proof.objects.get().state == State.CONFIRMED


def test_a_car_without_oil_life_cannot_tell(technician, car):
    silent = a_car(car.fleet)
    last_done(silent, km=40_000, days_ago=60)
    gap = Snapshot(gaps=(Gap(Signal.OIL_LIFE, Why.UNSUPPORTED),))
    ingest.record_all([ingest.Arrival(silent.pk, gap, Source.POLL, NOON)], now=NOON)

    complete(silent, technician)

    proof = Proof.objects.get(vehicle=silent)
    assert (proof.state, proof.why) == (State.UNTELLABLE, "not_given")


def test_a_job_that_no_signal_shows_is_not_watched(car, technician):
    complete(car, technician, task="tyre-rotation")

    assert not Proof.objects.exists()


def test_a_light_that_was_on_must_go_out(car, technician):
    light = Signal.SYSTEM_TIRE_PRESSURE
    on, off = {"status": "ALERT", "description": None}, {"status": "OK", "description": None}
    before = NOON - timedelta(hours=1)
    drive(car, Measurement(light, on, measured_at=before, fetched_at=before))

    complete(car, technician, task="tyre-rotation")
    tell(car, Measurement(light, off, measured_at=later(2), fetched_at=later(2)), hours=2)

    assert Proof.objects.get().state == State.CONFIRMED


@pytest.fixture
def fault(car):
    before = NOON - timedelta(hours=1)
    drive(car, codes("P0420", at=before))
    return Fault.objects.get()


def test_a_code_called_fixed_must_be_gone_in_two_reads(car, fault):
    watching.claim_fixed(fault, by_name="R. Osei", now=NOON)

    tell(car, codes(at=later(1)), hours=1)
    assert Proof.objects.get().state == State.WATCHING
    tell(car, codes(at=later(8)), hours=8)

    assert Proof.objects.get().state == State.CONFIRMED


def test_a_code_that_stays_contradicts_and_one_that_goes_later_takes_that_back(car, fault):
    watching.claim_fixed(fault, by_name="R. Osei", now=NOON)
    tell(car, codes("P0420", at=later(1)), codes("P0420", at=later(8)), hours=8)
    assert [alert.subject for alert in open_alerts(car)] == ["P0420"]

    tell(car, codes(at=later(500)), codes(at=later(510)), hours=510)

    assert Proof.objects.get().state == State.CONFIRMED
    assert not open_alerts(car)


def test_saying_fixed_twice_is_one_claim(fault):
    first = watching.claim_fixed(fault, by_name="R. Osei", now=NOON)
    assert watching.claim_fixed(fault, by_name="R. Osei", now=later(1)) == first


def test_a_claim_stays_with_the_episode_it_was_made_of(car, fault):
    """Late history puts an older episode into its row."""
    watching.claim_fixed(fault, by_name="R. Osei", now=NOON)
    for days, found in ((60, ["P0420"]), (59, []), (58, [])):
        drive(car, codes(*found, at=NOON - timedelta(days=days)), now=later(2))

    old, new = Fault.objects.order_by("occurrence")
    assert (old.is_open, new.is_open) == (False, True)
    assert Proof.objects.get().fault == new


def test_a_claim_that_was_settled_long_ago_stays_with_its_episode(car, fault):
    watching.claim_fixed(fault, by_name="R. Osei", now=NOON)
    tell(car, codes(at=later(24)), codes(at=later(48)), hours=48)
    assert Proof.objects.get().state == "confirmed"
    was = Proof.objects.get().settled_at

    for days, found in ((60, ["P0420"]), (59, []), (58, [])):
        drive(car, codes(*found, at=NOON - timedelta(days=days)), now=later(24 * 40))

    claim, (old, new) = Proof.objects.get(), Fault.objects.order_by("occurrence")
    assert old.closed_at < claim.claimed_at and claim.fault == new
    assert (claim.state, claim.settled_at) == ("confirmed", was)


def test_a_claim_outlives_the_row_of_its_episode(car):
    """Late sightings make one episode of two: the row of the second goes."""
    for days, found in ((30, ["P0420"]), (29, []), (28, []), (1, ["P0420"])):
        drive(car, codes(*found, at=NOON - timedelta(days=days)), now=NOON)
    watching.claim_fixed(Fault.objects.get(occurrence=2), by_name="R. Osei", now=NOON)

    for days in (22, 16, 10, 4):
        drive(car, codes("P0420", at=NOON - timedelta(days=days)), now=later(1))
    assert Proof.objects.get().fault == Fault.objects.get()

    tell(car, codes("P0420", at=later(2)), codes("P0420", at=later(9)), hours=9)
    assert [alert.subject for alert in open_alerts(car)] == ["P0420"]


def test_any_order_of_arrival_ends_in_the_same_proof(car, technician):
    complete(car, technician)
    told = [oil(18, at=later(3)), oil(17, at=later(20)), oil(100, at=later(30))]
    for measurement in reversed(told):
        tell(car, measurement, hours=40)

    proof = Proof.objects.get()
    assert (proof.state, proof.settled_at) == (State.CONFIRMED, later(30))


def test_many_claims_cost_no_more_queries_than_one(car, technician, django_assert_max_num_queries):
    cars = [car]
    for _ in range(4):
        another = a_car(car.fleet)
        last_done(another, km=40_000, days_ago=60)
        drive(another, oil(18, at=NOON - timedelta(days=1)))
        cars.append(another)
    for one in cars:
        complete(one, technician)
        ingest.record(one, [oil(17, at=later(2))], source=Source.WEBHOOK, now=later(2))
    from maintenance.proving import settling

    with django_assert_max_num_queries(5):
        assert len(settling.settle([one.pk for one in cars], now=later(3))) == 5
