"""Our v2 client against the sandbox, from the owner's consent to the last goodbye."""

from datetime import UTC, datetime

import pytest

from tests.flows.makers import consent
from tests.vehicles.smartcar.sandbox import scene
from vehicles.domain.measurements import Why
from vehicles.domain.signals import Signal
from vehicles.smartcar import v2
from vehicles.smartcar.client import Application
from vehicles.smartcar.errors import SmartcarProblem
from vehicles.smartcar.v2 import management, tokens

HOSTS = ("connect", "auth", "iam", "api", "vehicle", "management")


@pytest.fixture
def application(guest):
    settings = guest.sandbox.world.settings
    return Application(
        application_id=settings.application_id,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        legacy_client_secret=settings.legacy_client_secret,
        **{f"{host}_origin": f"{guest.origin}/{host}" for host in HOSTS},
    )


@pytest.fixture
def pair(application):
    address = v2.connect_url(application, state="state-1", external_id="owner-7", redirect_uri=scene.BACK)
    back = consent(address, scene.GM)
    assert back["state"] == "state-1"
    return tokens.exchange(application, back["code"], scene.BACK)


@pytest.fixture
def calls():
    return []


@pytest.fixture
def smartcar(application, pair, calls):
    return v2.SmartcarV2(application, lambda: pair.access, spend=calls.append, management_token=scene.TOKEN)


def test_a_read_brings_what_the_car_can_tell(smartcar, calls):
    vehicle_id = smartcar.vehicles()[0]
    snapshot = smartcar.read(vehicle_id, datetime.now(UTC))
    told = {measurement.signal: measurement for measurement in snapshot.measurements}

    assert {Signal.ODOMETER, Signal.OIL_LIFE, Signal.TROUBLE_CODES, Signal.TYRE_PRESSURE, Signal.VIN} <= set(told)
    assert told[Signal.OIL_LIFE].value > 1
    assert all(measurement.measured_at for measurement in told.values())
    assert (Signal.STATE_OF_CHARGE, Why.UNSUPPORTED) in {(gap.signal, gap.why) for gap in snapshot.gaps}
    assert snapshot.unknown == ()
    assert calls[:-1] == [1, 1] and calls[-1] > 8  # the list, the consent, and every path of the batch


def test_the_car_has_a_name_and_an_owner(smartcar):
    vehicle_id = smartcar.vehicles()[0]

    assert smartcar.identity(vehicle_id).make == "CHEVROLET"
    assert len(smartcar.vin(vehicle_id)) == 17
    assert smartcar.user_id()
    assert "read_odometer" in smartcar.permissions(vehicle_id)


def test_a_pair_is_renewed_and_the_code_is_gone(application, pair):
    newer = tokens.refresh(application, pair.refresh)
    assert newer.access != pair.access and newer.refresh != pair.refresh
    with pytest.raises(tokens.GrantDead):
        tokens.refresh(application, "never-given")
    with pytest.raises(tokens.GrantDead):
        tokens.exchange(application, "never-given", scene.BACK)


def test_the_webhook_hears_of_the_car_and_leaves_it(smartcar, guest):
    vehicle_id, webhook_id = smartcar.vehicles()[0], guest.sandbox.world.settings.webhook_id
    for _ in range(2):
        smartcar.subscribe(webhook_id, vehicle_id)
    for _ in range(2):
        smartcar.unsubscribe(webhook_id, vehicle_id)


def test_the_management_sees_and_takes_back(application, smartcar):
    vehicles, user_id = smartcar.vehicles(), smartcar.user_id()
    seen = management.connections(application, scene.TOKEN, user_id=user_id)
    assert {connection.vehicle_id for connection in seen} == set(vehicles)

    smartcar.disconnect("", vehicles[0])
    left = management.connections(application, scene.TOKEN, user_id=user_id)
    assert {connection.vehicle_id for connection in left} == set(vehicles[1:])
    management.disconnect(application, scene.TOKEN, user_id=user_id)
    assert management.connections(application, scene.TOKEN, user_id=user_id) == []
    with pytest.raises(SmartcarProblem):
        smartcar.read(vehicles[0], datetime.now(UTC))
