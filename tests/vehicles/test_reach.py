"""Each kind of not reaching us is a state of its own, the same for one car and for a list."""

from datetime import timedelta

import pytest

from tests.scenes import NOON, a_car, a_fleet, oil
from tests.vehicles.standing import MAKE, a_car_that_told, accused, barred, trouble
from vehicles.boards import reach
from vehicles.boards.connect_words import WORDS, State
from vehicles.domain.signals import Signal
from vehicles.models import Source, Vehicle
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


def stand(car, now=NOON) -> reach.Reach:
    found = Vehicle.objects.select_related("connection").filter(pk=car.pk)
    return reach.of_page(found, now)[0][car.pk]


@pytest.mark.parametrize("state", State)
def test_each_state_is_told_with_its_words(fleet, state):
    found = stand(MAKE[state](fleet))

    assert found.state is state
    assert found.title == WORDS[state].title
    assert bool(found.cause and found.step) is (state is not State.FINE)
    assert (found.since is not None) is (state not in (State.FINE, State.THROTTLED, State.UNSUPPORTED))


def test_a_list_says_of_each_car_what_the_car_alone_says(fleet, django_assert_max_num_queries):
    cars = {MAKE[state](fleet).pk: state for state in State for _ in range(2)}
    everything = list(Vehicle.objects.select_related("connection"))

    with django_assert_max_num_queries(3):
        found = reach.of_page(everything, NOON)[0]

    assert {pk: told.state for pk, told in found.items()} == cars
    assert {pk: told for pk, told in found.items()} == {car.pk: stand(car) for car in everything}
    assert reach.counts(Vehicle.objects.all(), NOON) == dict.fromkeys(State, 2)


def test_a_car_that_should_have_told_something_by_now_has_never_reported(fleet):
    car = a_car(fleet)
    assert stand(car).cause == "it has told nothing yet"

    Vehicle.objects.filter(pk=car.pk).update(silent_since=NOON)
    found = stand(car)
    assert (found.state, found.title) == (State.WAITING, "Has never reported")
    assert "connected services" in found.step and not found.counts


def test_only_what_can_be_leant_on_counts(fleet):
    counting = {state for state in State if stand(MAKE[state](fleet)).counts}
    assert counting == {State.FINE, State.THROTTLED, State.NOT_PERMITTED}


def test_a_cause_tells_what_smartcar_said_and_the_owner_what_to_do(fleet):
    found = stand(accused(fleet))
    assert found.cause == "the owner’s sign-in at the maker no longer works"
    assert "sign in" in found.owner and found.act == "mend"

    car = a_car_that_told(fleet)
    trouble(car, 400, "CONNECTED_SERVICES_ACCOUNT", "SUBSCRIPTION")
    assert (stand(car).state, stand(car).title) == (State.RECONNECT, "The owner has to act")
    assert "renew" in stand(car).owner


def test_a_reason_nobody_knows_is_shown_as_it_is_named(fleet):
    car = a_car(fleet)
    car.connection.turn("needs_owner", "SUNSPOTS.MANY", NOON)
    assert stand(car).cause == "sunspots: many"


def test_a_hold_that_is_over_explains_nothing(fleet):
    car = MAKE[State.THROTTLED](fleet)
    assert stand(car).until == NOON + timedelta(minutes=30)
    assert stand(car, NOON + timedelta(minutes=30)).state is State.FINE


def test_used_up_calls_matter_only_where_the_car_is_silent(fleet):
    car = a_car_that_told(fleet)
    trouble(car, 430, "BILLING", "VEHICLE_REQUEST_LIMIT")
    assert stand(car).state is State.FINE
    later = stand(car, NOON + timedelta(days=3))
    assert (later.state, later.cause) == (State.THROTTLED, "this month’s calls for the car are used up")


def test_a_sleeping_car_is_stale_only_in_time_and_then_says_why(fleet):
    car = a_car_that_told(fleet)
    trouble(car, 409, "VEHICLE_STATE", "ASLEEP")
    assert stand(car).state is State.FINE
    trouble(car, 409, "VEHICLE_STATE", "ASLEEP", now=NOON + timedelta(hours=40))
    found = stand(car, NOON + timedelta(hours=40))
    assert (found.state, found.cause) == (State.STALE, "the car is asleep")


def test_a_car_that_reports_weekly_is_not_stale_after_two_days_unless_the_watch_says_so(fleet):
    car = a_car_that_told(fleet, at=NOON - timedelta(days=5))
    assert stand(car).state is State.STALE
    Vehicle.objects.filter(pk=car.pk).update(rhythm_minutes=7 * 24 * 60)
    assert stand(car).state is State.FINE
    Vehicle.objects.filter(pk=car.pk).update(silent_since=NOON)
    assert (stand(car).state, stand(car).since) == (State.STALE, NOON)
    Vehicle.objects.filter(pk=car.pk).update(silent_since=None)
    assert stand(car, NOON + timedelta(days=10)).state is State.STALE


def test_what_was_typed_in_the_workshop_is_no_word_of_the_car(fleet):
    car = a_car(fleet)
    ingest.record(car, [oil(50, at=NOON)], source=Source.BENCH, now=NOON)
    assert stand(car).state is State.WAITING


@pytest.mark.parametrize("signal", [Signal.BATTERY_12V, Signal.LOCATION, Signal.TYRE_PRESSURE])
def test_a_permission_that_nobody_needs_is_no_state(fleet, signal):
    assert stand(barred(fleet, signal)).state is State.FINE


def test_an_electric_car_needs_no_permission_for_oil(fleet):
    car = barred(fleet, Signal.OIL_LIFE, powertrain="BEV")
    assert stand(car).state is State.FINE
