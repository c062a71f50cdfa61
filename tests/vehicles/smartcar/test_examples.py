"""Polls, errors and redirects that Smartcar published or that were seen live."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from vehicles.domain.measurements import Identity
from vehicles.domain.signals import Signal
from vehicles.smartcar import errors
from vehicles.smartcar.payloads import read_identity, read_signals
from vehicles.smartcar.resources import read_connection, read_subscription

EXAMPLES = Path(__file__).parents[4] / "shared" / "smartcar" / "examples"
NOW = datetime(2026, 11, 22, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder of example bodies is not there")


def raw(name):
    return (EXAMPLES / f"{name}.json").read_bytes()


def body(name):
    return json.loads(raw(name))


def values(snapshot):
    return {told.signal: told.value for told in snapshot.measurements}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("odometer_traveleddistance", 50000),
        ("internalcombustionengine_oillife", 85),
        ("internalcombustionengine_fuellevel", 75),
        ("tractionbattery_stateofcharge", 75),
        ("lowvoltagebattery_stateofcharge", 95),
        ("diagnostics_abs", {"status": "OK", "description": "ABS system functioning normally"}),
        (
            "diagnostics_dtclist",
            [{"code": "P0171", "since": "2023-10-15T08:00:00Z"}, {"code": "P0300", "since": "2023-10-15T08:00:00Z"}],
        ),
        (
            "location_preciselocation",
            {"latitude": 37.7749, "longitude": -122.4194, "heading": 45.5, "parked": False},
        ),
        ("charge_chargelimits", None),
        ("service_isinservice", False),
        ("tractionbattery_nominalcapacity", 73.5),
    ],
)
def test_a_body_of_one_signal(name, value):
    told = values(read_signals([body(f"v3_body_{name}")], now=NOW))
    assert list(told.values()) == ([] if value is None else [value])


def test_signals_of_a_poll():
    (told,) = read_signals([body("v3_signal_odometer")], now=NOW).measurements
    assert (told.signal, told.value) == (Signal.ODOMETER, 115071.5)
    assert (told.measured_at.isoformat(), told.fetched_at.second) == ("2025-07-09T23:35:18.549000+00:00", 58)
    assert values(read_signals(body("v3_signals_page")["data"], now=NOW)) == {}
    assert values(read_signals(body("v3_signals_empty_store")["data"], now=NOW)) == {}


def test_connections_subscriptions_and_cars():
    single = read_connection(body("v3_connection")["data"])
    assert [single] == [read_connection(raw_one) for raw_one in body("v3_connections_list")["data"]]
    assert (single.vehicle_id, single.external_id) == ("a6a425d6-c661-4b21-af7a-d6b75f80f3b0", None)
    assert single.permissions == ("read_vehicle_info", "read_odometer")
    assert single.identity == Identity("Tesla", "Model S", 2020, "BEV")
    assert read_subscription(body("v3_subscription")["data"]).webhook_id == "3c90c3cc-0d44-4b50-8888-8dd25736052a"
    assert read_identity(body("v3_vehicle_bare")) == Identity("TESLA", "Model 3", 2019, "")


INDEX = json.loads((EXAMPLES / "INDEX.json").read_bytes()) if EXAMPLES.is_dir() else []
STEPS = {
    "v3_error_400": errors.OurFault,
    "v3_error_403": errors.NotPermitted,
    "v3_error_404": errors.NotThere,
    "v3_error_missing_user_id": errors.OurFault,
    "oauth_error_invalid_request": errors.OurFault,
    "v1_error_permission": errors.NotPermitted,
    "v2_error_authentication_null": errors.OurFault,
    "v2_error_rate_limit_vehicle": errors.TryLater,
    "v2_error_rate_limit_smartcar_api": errors.TryLater,
    "v2_error_billing_invalid_plan": errors.NeedsPlan,
    "v2_error_billing_vehicle_request_limit": errors.NeedsPlan,
    "v2_error_compatibility_vehicle_not_capable": errors.NotCapable,
    "v2_error_compatibility_make_not_compatible": errors.NotCapable,
    "v2_error_resource_not_found_path": errors.OurFault,
    "v2_error_validation_with_detail": errors.OurFault,
}
FAMILIES = {
    "v2_error_connected_services_account_": errors.NeedsOwner,
    "v2_error_permission_": errors.NotPermitted,
    "v2_error_server_": errors.TryLater,
    "v2_error_upstream_": errors.TryLater,
    "v2_error_vehicle_state_": errors.TryLater,
}


@pytest.mark.parametrize("entry", [e for e in INDEX if ".error" in e["kind"]], ids=lambda entry: entry["file"])
def test_an_error_names_the_next_step(entry):
    name = entry["file"].removesuffix(".json")
    step = STEPS.get(name) or next(step for family, step in FAMILIES.items() if name.startswith(family))
    told = errors.problem_from(entry["http_status"], entry.get("headers", {}), raw(name), NOW)
    assert type(told) is step


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("success_v3_user_id", {"user_id": "725146a3-69f4-46c8-965d-54b3b6f81eb7", "error": None}),
        ("access_denied", {"error": "access_denied", "state": "0facda3319"}),
        ("no_vehicles", {"error": "no_vehicles", "state": None}),
        ("server_error", {"error": "server_error", "state": None}),
        ("reauth_success", {"vehicle_id": "sc4a1b01e5-0497-417c-a30e-6df6ba33ba46", "error": None}),
    ],
)
def test_a_redirect_from_connect(name, told):
    query = parse_qs(urlsplit(body(f"connect_{name}")["location"]).query)
    assert {key: query.get(key, [None])[0] for key in told} == told
