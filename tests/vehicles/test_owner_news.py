"""VEHICLE_ERROR: errors and their ends, in any order, for the connection and for single signals."""

from datetime import timedelta
from itertools import permutations

import pytest

from tests.scenes import NOON, a_car, a_fleet, odometer
from vehicles.consent import mending
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Connection, OddAnswer, Source
from vehicles.post import owner_news
from vehicles.smartcar.events import VehicleError
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
ACCOUNT = "CONNECTED_SERVICES_ACCOUNT"
HOUR = timedelta(hours=1)


@pytest.fixture
def car():
    return a_car(a_fleet())


def an_error(kind=ACCOUNT, code="AUTHENTICATION_FAILED", *, over=False, signals=None, resolution="", url=""):
    return VehicleError(kind, code, over, signals, resolution, url)


def hear(car, error: VehicleError, *, at):
    owner_news.take(car, (error,), at=at, now=NOON + 48 * HOUR)


def state(car) -> tuple[str, str]:
    return Connection.objects.values_list("state", "reason").get(pk=car.connection_id)


NEWS = [
    (an_error(), NOON),
    (an_error(code="SUBSCRIPTION"), NOON + HOUR),
    (an_error(over=True), NOON + 2 * HOUR),
    (an_error(code="SUBSCRIPTION", over=True), NOON + 3 * HOUR),
]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_two_troubles_and_their_ends_in_any_order(car, order):
    for number in order:
        hear(car, NEWS[number][0], at=NEWS[number][1])
    assert state(car) == ("connected", "")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_end_of_one_trouble_is_not_the_end_of_the_other(car, order):
    for number in order:
        hear(car, NEWS[number][0], at=NEWS[number][1])
    assert state(car) == ("needs_owner", f"{ACCOUNT}.SUBSCRIPTION")


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_an_error_and_its_end_of_one_instant_leave_the_car_connected(car, order):
    news = [an_error(), an_error(over=True)]
    for number in order:
        hear(car, news[number], at=NOON)
    assert state(car) == ("connected", "")


def test_data_fetched_between_is_heard_before_the_error_it_answers(car):
    ingest.record(car, [odometer(5_000, at=NOON + HOUR)], source=Source.WEBHOOK, now=NOON + 2 * HOUR)
    hear(car, an_error(), at=NOON)
    assert state(car) == ("connected", "")
    hear(car, an_error(), at=NOON + 3 * HOUR)
    assert state(car)[0] == "needs_owner"


def test_an_error_from_before_the_consent_is_an_echo(car):
    hear(car, an_error(), at=NOON)
    mending.take_up(car.connection, NOON + HOUR)
    hear(car, an_error(), at=NOON + HOUR / 2)
    assert state(car) == ("connected", "")


def test_a_time_that_is_still_to_come_does_not_outlive_the_next_end(car):
    hear(car, an_error(), at=NOON + timedelta(days=900))
    hear(car, an_error(over=True), at=NOON + 48 * HOUR)
    assert state(car) == ("connected", "")


@pytest.mark.parametrize("signals", [(), (Signal.BATTERY_12V,), (Signal.ODOMETER, Signal.OIL_LIFE)])
@pytest.mark.parametrize(
    "kind", [("PERMISSION", ""), (ACCOUNT, "PERMISSION"), ("COMPATIBILITY", "PLATFORM_NOT_CAPABLE")]
)
def test_an_error_that_names_signals_asks_nobody_to_reconnect(car, signals, kind):
    hear(car, an_error(*kind, signals=signals, resolution="REAUTHENTICATE"), at=NOON)
    assert state(car) == ("connected", "")


def test_an_error_for_all_of_a_car_asks_the_owner(car):
    hear(car, an_error("PERMISSION", "", resolution="REAUTHENTICATE"), at=NOON)
    assert state(car) == ("needs_owner", "PERMISSION")


SIGNAL_NEWS = [
    (an_error("PERMISSION", "", signals=(Signal.OIL_LIFE,)), NOON),
    (an_error("PERMISSION", "", signals=(Signal.OIL_LIFE,), over=True), NOON + HOUR),
]


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_permission_that_came_back_in_any_order(car, order):
    for number in order:
        hear(car, SIGNAL_NEWS[number][0], at=SIGNAL_NEWS[number][1])
    assert Capability.objects.get(vehicle=car, signal=Signal.OIL_LIFE).state == "open"


@pytest.mark.parametrize(
    ("kind", "code", "taught"),
    [
        ("COMPATIBILITY", "VEHICLE_NOT_CAPABLE", "unsupported"),
        ("PERMISSION", "", "not_permitted"),
        ("SERVER", "RECORD_NOT_FOUND", "unsupported"),
        ("VEHICLE_STATE", "ASLEEP", "error"),
    ],
)
def test_what_is_said_of_a_signal_teaches_what_the_car_gives(car, kind, code, taught):
    hear(car, an_error(kind, code, signals=(Signal.OIL_LIFE,)), at=NOON)
    assert Capability.objects.get(vehicle=car, signal=Signal.OIL_LIFE).state == taught


def test_a_type_nobody_knows_changes_nothing_and_is_told_to_the_operator(car, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        hear(car, an_error("SUNSPOTS", "MANY"), at=NOON)
    assert state(car) == ("connected", "")
    assert OddAnswer.objects.get().name == "SUNSPOTS.MANY"
