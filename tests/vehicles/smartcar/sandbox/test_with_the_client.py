"""Our client against the sandbox: origins are all it needs to be told."""

import time
from datetime import UTC, datetime

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.domain.measurements import Why
from vehicles.domain.signals import Signal
from vehicles.smartcar import webhooks
from vehicles.smartcar.client import Application, Smartcar
from vehicles.smartcar.errors import SmartcarProblem
from vehicles.smartcar.sandbox import mishaps
from vehicles.smartcar.sandbox.generations import DIALECTS


def client_of(guest) -> Smartcar:
    settings = guest.sandbox.world.settings
    return Smartcar(
        Application(
            application_id=settings.application_id,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            connect_origin=f"{guest.origin}/connect",
            iam_origin=f"{guest.origin}/iam",
            vehicle_origin=f"{guest.origin}/vehicle",
            management_v3_origin=f"{guest.origin}/management-v3",
        )
    )


def test_connections_signals_and_subscriptions_are_read_as_they_are_served(guest):
    client, webhook_id = client_of(guest), guest.sandbox.world.settings.webhook_id
    user_id, vehicle_ids = guest.consent()
    now = datetime.now(UTC)

    assert {seen.vehicle_id for seen in client.connections(external_id="owner-7")} == set(vehicle_ids)
    assert client.signals(vehicle_ids[0], user_id, now).measurements == ()

    client.subscribe(webhook_id, user_id, vehicle_ids[0])
    client.subscribe(webhook_id, user_id, vehicle_ids[0])
    snapshot = client.signals(vehicle_ids[0], user_id, now)
    told = {measurement.signal for measurement in snapshot.measurements}

    assert len(client.subscriptions(webhook_id)) == 1
    assert {Signal.ODOMETER, Signal.OIL_LIFE, Signal.TROUBLE_CODES, Signal.TYRE_PRESSURE, Signal.VIN} <= told
    assert (Signal.STATE_OF_CHARGE, Why.UNSUPPORTED) in {(gap.signal, gap.why) for gap in snapshot.gaps}
    assert all(measurement.measured_at <= datetime.now(UTC) for measurement in snapshot.measurements)
    assert (snapshot.identity.make, snapshot.identity.powertrain) == ("CHEVROLET", "ICE")

    client.unsubscribe(webhook_id, user_id, vehicle_ids[0])
    assert client.subscriptions(webhook_id) == []


def test_the_address_that_the_client_builds_opens_connect(guest):
    address = client_of(guest).connect_url("state", "owner-7", scene.BACK)

    assert guest.get(address.removeprefix(guest.origin)).status_code == 200


def test_an_empty_bucket_is_an_error_the_client_knows(tmp_path):
    with scene.running(scene.told(tmp_path, bucket_size=1)) as guest:
        client = client_of(guest)
        client.connections()
        with pytest.raises(SmartcarProblem) as caught:
            client.connections()

    assert caught.value.status == 429


@pytest.mark.parametrize("dialect", DIALECTS)
def test_deliveries_of_every_generation_are_understood(delivered, sink, dialect):
    delivered.post("/control/dialect", json={"dialect": dialect})
    delivered.post("/control/webhook", json={"signals": "all"})
    user_id, (vehicle_id, *_) = delivered.consent()
    sink.wait(lambda sink: sink.arrived)
    delivered.subscribe(user_id, vehicle_id)
    sink.wait(lambda sink: vehicle_id.encode() in sink.arrived[-1][1])
    headers, raw = sink.arrived[-1]
    (event,) = webhooks.read_events(raw, now=datetime.now(UTC))
    told = {measurement.signal: measurement.value for measurement in event.snapshot.measurements}
    truth = delivered.sandbox.world.conditions[vehicle_id]

    assert webhooks.is_signed(raw, headers["SC-Signature"], ["rotated", scene.TOKEN])
    assert event.vehicle_id == vehicle_id
    assert told[Signal.ODOMETER] == pytest.approx(truth.odometer_km(time.time()), abs=0.5)
    assert told[Signal.OIL_LIFE] == truth.oil_life(time.time())
    assert {row["code"] for row in told[Signal.TROUBLE_CODES]} == set(truth.codes(time.time()))


def test_nothing_that_a_car_tells_is_refused_by_our_reader(guest):
    client, now = client_of(guest), datetime.now(UTC)
    for account in guest.sandbox.world.accounts:
        user_id, vehicle_ids = guest.consent(account)
        for vehicle_id in vehicle_ids:
            guest.subscribe(user_id, vehicle_id)
            gaps = client.signals(vehicle_id, user_id, now).gaps
            assert {gap.why for gap in gaps} <= {Why.UNSUPPORTED, Why.NOT_PERMITTED}


@pytest.mark.parametrize("dialect", ["2025", "2026"])
def test_answers_of_both_dialects_of_the_api_are_understood(guest, dialect):
    guest.post("/control/hosts", json={"dialect": dialect})
    client, now = client_of(guest), datetime.now(UTC)
    user_id, (vehicle_id, *_) = guest.consent("ford@northgate.example")
    client.subscribe(guest.sandbox.world.settings.webhook_id, user_id, vehicle_id)
    snapshot = client.signals(vehicle_id, user_id, now)
    told = {measurement.signal: measurement for measurement in snapshot.measurements}

    assert len(client.connections()) == 14
    assert told[Signal.ODOMETER].measured_at <= now
    assert snapshot.identity.make == client.vehicle(vehicle_id).make == "FORD"


def test_every_trouble_of_the_catalogue_is_a_problem_that_the_client_names(guest):
    client, now = client_of(guest), datetime.now(UTC)
    user_id, (vehicle_id, *_) = guest.consent()
    for kind, codes in mishaps.CODES.items():
        for code in codes:
            guest.post("/control/trouble", json={"vehicleId": vehicle_id, "type": kind, "code": code})
            with pytest.raises(SmartcarProblem) as caught:
                client.signals(vehicle_id, user_id, now)
            assert (caught.value.type, caught.value.code) == (kind, code or "")
