"""Which alerts of codes, lights and campaigns people hear of."""

from datetime import timedelta

import pytest

from maintenance import letters, review
from maintenance.domain.orders import Move
from maintenance.models import Alert, FaultRule, Notice, Spread, WorkOrder
from maintenance.orders import moving
from tests.maintenance.scenes import drive
from tests.scenes import NOON, a_car, a_fleet, a_member, codes, unique
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import Fault, Light, Source, Vehicle
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def fleet():
    fleet = a_fleet()
    a_member(fleet)
    return fleet


@pytest.fixture
def car(fleet):
    return known(a_car(fleet))


def known(car):
    """A car whose codes and lights have been read before, without any."""
    drive(car, codes(at=NOON - 9 * HOUR), light("OK", NOON - 9 * HOUR), now=NOON - 8 * HOUR)
    return car


def light(status, at, signal=Signal.SYSTEM_OIL_PRESSURE):
    return Measurement(signal, {"status": status, "description": None}, measured_at=at, fetched_at=at)


def flag(value, at):
    return Measurement(Signal.IN_SERVICE, value, measured_at=at, fetched_at=at)


def rule(fleet, code, verdict, **more):
    return FaultRule.objects.create(fleet=fleet, code=code, verdict=verdict, by_name="A manager", **more)


def open_alerts(**about):
    return sorted(Alert.objects.open().filter(**about).values_list("kind", "subject", "level"))


def test_an_ignored_code_has_an_episode_and_no_alert(fleet, car):
    rule(fleet, "P04", "ignore", is_prefix=True)
    drive(car, codes("P0420", "P0171", at=NOON - HOUR))

    assert Fault.objects.open().filter(vehicle=car).count() == 2
    assert open_alerts(vehicle=car) == [("fault", "P0171", "warning")]


def test_a_rule_of_the_fleet_makes_a_code_critical_for_one_model_and_names_it(fleet, car):
    rule(fleet, "P0171", "critical", make="Ford", model="Transit", name="Known hose of this van")
    other = known(a_car(fleet, make="Fiat", model="Ducato"))
    for one in (car, other):
        drive(one, codes("P0171", at=NOON - HOUR))

    assert open_alerts(vehicle=car) == [("fault", "P0171", "critical")]
    assert open_alerts(vehicle=other) == [("fault", "P0171", "warning")]
    said = letters.sentence(Alert.objects.select_related("vehicle__fleet").get(vehicle=car), NOON)
    assert "Known hose of this van" in said


def test_a_light_that_comes_on_is_told_and_closes_when_it_is_ok_again(car):
    drive(car, light("ALERT", NOON - HOUR))
    assert open_alerts(vehicle=car) == [("light", "system_oilpressure", "critical")]
    assert Notice.objects.filter(alert__kind="light").count() == 1
    alert = Alert.objects.select_related("vehicle__fleet").get(vehicle=car, kind="light")
    assert letters.sentence(alert, NOON) == "Oil pressure warning is on, says the car (critical)."

    drive(car, light("OK", NOON), now=NOON + HOUR)
    said = "Oil pressure warning was on (critical), and is back to OK since 12 May 12:00. One more good read closes it."
    assert letters.sentence(alert, NOON + HOUR) == said
    drive(car, light("OK", NOON + 7 * HOUR), now=NOON + 8 * HOUR)
    assert open_alerts(vehicle=car) == [] and not Light.objects.open().exists()


@pytest.mark.parametrize("how", ["the car says so", "somebody works on it"])
def test_in_the_workshop_new_alerts_wait_and_what_is_still_there_is_released(fleet, car, how):
    drive(car, codes("P0171", at=NOON - 2 * HOUR), now=NOON - HOUR)
    if how == "the car says so":
        drive(car, flag(True, NOON - HOUR))
    else:
        state = WorkOrder.State.WORKING
        about = {"created_by": "A manager", "created_at": NOON, "key": unique("form")}
        order = WorkOrder.objects.create(fleet=fleet, vehicle=car, number=1, state=state, **about)
    drive(car, codes("P0171", "P0300", "P0420", at=NOON), now=NOON)
    assert open_alerts(vehicle=car) == [("fault", "P0171", "warning")]

    drive(car, codes("P0171", "P0300", at=NOON + HOUR), now=NOON + 2 * HOUR)
    drive(car, codes("P0171", "P0300", at=NOON + 8 * HOUR), now=NOON + 8 * HOUR)
    if how == "the car says so":
        ingest.record(car, [flag(False, NOON + 9 * HOUR)], source=Source.WEBHOOK, now=NOON + 9 * HOUR)
    else:
        WorkOrder.objects.filter(pk=order.pk).update(state=WorkOrder.State.DONE)
    review.review([car.pk], now=NOON + 9 * HOUR)
    assert open_alerts(vehicle=car) == [("fault", "P0171", "warning"), ("fault", "P0300", "critical")]
    assert Notice.objects.filter(alert__subject="P0300").count() == 1


@pytest.mark.parametrize("state", [WorkOrder.State.OPEN, WorkOrder.State.HELD])
def test_an_order_that_nobody_works_on_holds_no_alert(fleet, car, state):
    about = {"created_by": "A manager", "created_at": NOON, "key": unique("form")}
    WorkOrder.objects.create(fleet=fleet, vehicle=car, number=1, state=state, **about)

    drive(car, codes("P0300", at=NOON - HOUR))

    assert open_alerts(vehicle=car) == [("fault", "P0300", "critical")]


def wake(fleet):
    """What the sweep would look at."""
    while review.sweep(now=NOON + HOUR):
        pass


def test_the_third_vehicle_of_a_model_makes_one_campaign_of_three_alerts(fleet, car):
    vans = [car, known(a_car(fleet)), known(a_car(fleet)), known(a_car(fleet))]
    for van in vans[:2]:
        drive(van, codes("P0171", at=NOON - HOUR))
    wake(fleet)
    assert len(open_alerts(kind="fault")) == 2

    for van in vans[2:]:
        drive(van, codes("P0171", at=NOON - HOUR))
        wake(fleet)
    assert open_alerts() == [("campaign", "P0171 FORD TRANSIT", "warning")]
    assert Notice.objects.filter(alert__kind="campaign").count() == 1
    assert Notice.objects.filter(alert__kind="fault").count() == 2
    assert Spread.objects.get().cars == 4
    said = letters.sentence(Alert.objects.select_related("vehicle__fleet").get(kind="campaign"), NOON)
    assert said.startswith("P0171 on 4 vehicles of one model (Ford Transit): ")


def test_a_fault_older_than_the_campaign_keeps_its_own_alert(fleet, car):
    old = NOON - timedelta(days=90)
    drive(car, codes(at=old - HOUR), now=old)
    drive(car, codes("P0171", at=old), now=old)
    for _ in range(3):
        drive(known(a_car(fleet)), codes("P0171", at=NOON - HOUR))
    wake(fleet)

    assert open_alerts(kind="fault", vehicle=car) == [("fault", "P0171", "warning")]
    assert len(open_alerts(kind="fault")) == len(open_alerts(kind="campaign")) == 1
    assert Spread.objects.get().cars == 3


def test_a_campaign_whose_car_is_retired_is_told_to_nobody_again(fleet, car):
    for van in [car, *(known(a_car(fleet)) for _ in range(3))]:
        drive(van, codes("P0171", at=NOON - HOUR))
    wake(fleet)
    carrier = Spread.objects.get().carrier
    Vehicle.objects.filter(pk=carrier.pk).update(retired_at=NOON, review_after=NOON)
    wake(fleet)

    assert open_alerts() == [("campaign", "P0171 FORD TRANSIT", "warning")]
    assert Alert.objects.open().get().vehicle_id != carrier.pk
    assert Notice.objects.filter(alert__kind="campaign").count() == 1


def test_the_campaign_ends_with_its_last_open_fault(fleet, car):
    vans = [car, known(a_car(fleet)), known(a_car(fleet))]
    for van in vans:
        drive(van, codes("P0171", at=NOON - HOUR))
    for van in vans:
        drive(van, codes(at=NOON), now=NOON + HOUR)
        drive(van, codes(at=NOON + 7 * HOUR), now=NOON + 8 * HOUR)
    while review.sweep(now=NOON + 9 * HOUR):
        pass

    assert Spread.objects.get().over_at is not None
    assert open_alerts() == []


def test_another_model_another_fleet_and_an_ignored_code_make_no_campaign(fleet, car):
    others = [a_car(fleet, model="Ranger"), a_car(a_fleet("Southgate")), a_car(fleet)]
    for van in [car, *map(known, others)]:
        drive(van, codes("P0171", at=NOON - HOUR))
    assert not Spread.objects.exists()

    rule(fleet, "P0171", "ignore")
    drive(known(a_car(fleet)), codes("P0171", at=NOON - HOUR))
    assert not Spread.objects.exists()


def test_a_started_order_has_its_vehicle_looked_at_anew(fleet, car, django_capture_on_commit_callbacks):
    about = {"created_by": "A manager", "created_at": NOON, "key": unique("form")}
    order = WorkOrder.objects.create(fleet=fleet, vehicle=car, number=1, **about)
    Vehicle.objects.filter(pk=car.pk).update(review_after=None)

    with django_capture_on_commit_callbacks(execute=True):
        moving.move(order, Move.START, member=fleet.memberships.first(), now=NOON)
    car.refresh_from_db()
    assert car.review_after == NOON
