"""Webhooks that Smartcar published or that were seen live."""

import hmac

import pytest

from tests.vehicles.smartcar.published import NOW, body, needs_examples, raw, values
from vehicles.domain.measurements import Gap, Identity, Why
from vehicles.domain.signals import Signal
from vehicles.smartcar import webhooks

pytestmark = needs_examples


def event(name):
    (read,) = webhooks.read_events(raw(name), now=NOW)
    return read


def place(latitude, longitude, parked=None):
    return {"latitude": latitude, "longitude": longitude, "heading": None, "parked": parked}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("webhook_v4_vehicle_state_2026", {Signal.STATE_OF_CHARGE: 78}),
        ("webhook_v4_vehicle_state_signal_change", {Signal.STATE_OF_CHARGE: 78, Signal.IS_CHARGING: True}),
        (
            "webhook_v4_vehicle_state_toplevel_triggers",
            {Signal.STATE_OF_CHARGE: 75, Signal.LOCATION: place(37.7749, -122.4194)},
        ),
        (
            "webhook_live_byd_phev",
            {Signal.STATE_OF_CHARGE: 78, Signal.ODOMETER: 10321, Signal.IS_ONLINE: True, Signal.IS_ASLEEP: False},
        ),
        (
            "webhook_live_polestar_30_signals",
            {
                Signal.VIN: "YSAAAAAAAAAAAAAAA",
                Signal.STATE_OF_CHARGE: 89,
                Signal.ELECTRIC_RANGE: 290,
                Signal.BATTERY_CAPACITY: 82,
                Signal.ODOMETER: 42506.3,
                Signal.IS_CHARGING: True,
                Signal.CABLE_CONNECTED: True,
                Signal.CHARGING_STATUS: "CHARGING",
                Signal.IS_ONLINE: True,
                Signal.IS_ASLEEP: False,
                Signal.LOCATION: place(51.5, -0.12, parked=True),
            },
        ),
        ("webhook_live_bmw_fuel_fraction", {Signal.FUEL_RANGE: 239}),
        ("webhook_live_test_mode", {Signal.FUEL_RANGE: 239}),
        (
            "webhook_maintenance_dtc_new",
            {
                Signal.ODOMETER: 80210,
                Signal.OIL_LIFE: 18,
                Signal.TROUBLE_CODE_COUNT: 1,
                Signal.TROUBLE_CODES: [{"code": "P0300", "since": "2026-09-21T08:00:00Z"}],
                Signal.SYSTEM_MIL: {"status": "ALERT", "description": None},
            },
        ),
    ],
)
def test_a_state_tells_its_measurements(name, told):
    read = event(name)
    assert read.kind == "STATE"
    assert read.vehicle_id
    assert values(read.snapshot) == told
    assert read.snapshot.unknown == ()


def test_a_state_tells_what_it_could_not_tell():
    fraction = Gap(Signal.FUEL_LEVEL, Why.REFUSED, "a fraction or a percent? no unit")
    assert event("webhook_live_bmw_fuel_fraction").snapshot.gaps == (fraction,)
    (unsupported,) = event("webhook_live_byd_phev").snapshot.gaps
    assert (unsupported.signal, unsupported.why) == (Signal.FUEL_LEVEL, Why.UNSUPPORTED)


def test_a_state_of_2026_tells_owner_order_and_kind_of_car():
    read = event("webhook_v4_vehicle_state_2026")
    assert (read.external_id, read.sequence, read.first) == ("customer-user-abc123", 1731940327412, False)
    assert read.snapshot.identity == Identity("TESLA", "Model 3", 2020, "BEV")
    (told,) = read.snapshot.measurements
    assert (told.measured_at.year, told.fetched_at > told.measured_at) == (2024, True)


def test_a_time_of_zero_is_the_time_of_delivery():
    read = event("webhook_live_polestar_30_signals")
    vin = next(told for told in read.snapshot.measurements if told.signal is Signal.VIN)
    assert (vin.measured_at, vin.fetched_at) == (None, read.delivered_at)


def test_a_test_delivery_is_known_as_one():
    assert event("webhook_live_test_mode").test
    assert not event("webhook_live_bmw_fuel_fraction").test


def test_a_retry_has_the_keys_of_the_first_try():
    keys = webhooks.read_keys(raw("webhook_maintenance_dtc_new"))
    assert keys == webhooks.read_keys(raw("webhook_maintenance_dtc_new_retry"))
    assert keys.event_id == "e0000001-0000-4000-8000-000000000001"


@pytest.mark.parametrize("name", ["webhook_v4_vehicle_error", "webhook_v4_vehicle_error_no_vehicleid"])
def test_an_error_of_some_signals(name):
    read = event(name)
    assert (read.kind, read.vehicle_id) == ("ERROR", "123e4567-e89b-12d3-a456-426614174000")
    (error,) = read.errors
    assert (error.type, error.code, error.resolved) == ("COMPATIBILITY", "VEHICLE_NOT_CAPABLE", False)
    assert (error.signals, error.resolution) == ((Signal.LOCATION, Signal.STATE_OF_CHARGE), "CONTACT_SUPPORT")


def test_an_error_of_the_whole_connection():
    (error,) = event("webhook_live_vehicle_error_permission_all").errors
    assert (error.type, error.code, error.signals, error.resolution) == ("PERMISSION", "", None, "REAUTHENTICATE")


@pytest.mark.parametrize("name", ["webhook_v4_verify", "webhook_v2_verify"])
def test_a_verification_has_a_challenge(name):
    assert webhooks.read_challenge(raw(name)) == "3a5c8f72-e6d9-4b1a-9f2e-8c7d6a5b4e3f"


@pytest.mark.parametrize(
    ("name", "vehicle", "told"),
    [
        (
            "webhook_v2_dynamic",
            "00000000-0000-4000-A000-000000000000",
            {Signal.STATE_OF_CHARGE: 58, Signal.ELECTRIC_RANGE: 283.2},
        ),
        (
            "webhook_v2_schedule_example",
            "dc6ea99e-57d1-4e41-b129-27e7eb58713e",
            {Signal.FUEL_LEVEL: 30, Signal.FUEL_AMOUNT: 53.2, Signal.FUEL_RANGE: 40.5},
        ),
    ],
)
def test_a_state_of_the_first_generation(name, vehicle, told):
    read = event(name)
    assert (read.kind, read.vehicle_id, values(read.snapshot)) == ("STATE", vehicle, told)
    assert {when.measured_at.isoformat() for when in read.snapshot.measurements} == {"2023-06-30T21:26:10+00:00"}
    keys = webhooks.read_keys(raw(name))
    assert (keys.event_id, keys.vehicle_id) == (keys.data_digest, vehicle)
    assert keys.webhook_id == "865ca68d-a9b6-4d74-856e-605db0209eca"


def test_an_event_of_the_first_generation_is_a_template_without_effect():
    read = event("webhook_v2_event_based")
    assert (read.kind, read.vehicle_id, read.snapshot) == ("UNKNOWN", "uuid", None)
    assert webhooks.read_keys(raw("webhook_v2_event_based")).event_id == "uuid"


def test_the_signatures_of_the_official_libraries():
    for vector in body("signature_vectors"):
        assert hmac.compare_digest(webhooks.sign(vector["key"], vector["message"].encode()), vector["hex"])
