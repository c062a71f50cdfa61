"""Polls, errors and redirects that Smartcar published or that were seen live."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from tests.vehicles.smartcar.far_end import client
from tests.vehicles.smartcar.published import INDEX, NOW, body, entry, needs_examples, raw, values
from vehicles.domain.measurements import Identity
from vehicles.domain.signals import Signal
from vehicles.smartcar import errors
from vehicles.smartcar.payloads import read_identity, read_signals
from vehicles.smartcar.resources import read_connection, read_subscription

pytestmark = needs_examples


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v3_body_odometer_traveleddistance", 50000),
        ("v3_body_internalcombustionengine_oillife", 85),
        ("v3_body_internalcombustionengine_fuellevel", 75),
        ("v3_body_tractionbattery_stateofcharge", 75),
        ("v3_body_lowvoltagebattery_stateofcharge", 95),
        ("v3_body_diagnostics_abs", {"status": "OK", "description": "ABS system functioning normally"}),
        (
            "v3_body_diagnostics_dtclist",
            [{"code": "P0171", "since": "2023-10-15T08:00:00Z"}, {"code": "P0300", "since": "2023-10-15T08:00:00Z"}],
        ),
        (
            "v3_body_location_preciselocation",
            {"latitude": 37.7749, "longitude": -122.4194, "heading": 45.5, "parked": False},
        ),
        ("v3_body_charge_chargelimits", None),
        ("v3_body_service_isinservice", False),
        ("v3_body_tractionbattery_nominalcapacity", 73.5),
    ],
)
def test_a_body_of_one_signal(name, value):
    told = values(read_signals([body(name)], now=NOW))
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


PROBLEMS = {
    "v3_error_400": (errors.OurFault, "", "BAD_REQUEST"),
    "v3_error_403": (errors.NotPermitted, "", "FORBIDDEN"),
    "v3_error_404": (errors.NotThere, "", "NOT_FOUND"),
    "v3_error_missing_user_id": (errors.OurFault, "VALIDATION", "MISSING_PARAMETER"),
    "oauth_error_invalid_request": (errors.OurFault, "", "INVALID_REQUEST"),
    "v1_error_permission": (errors.NotPermitted, "", "PERMISSION_ERROR"),
    "v2_error_authentication_null": (errors.OurFault, "AUTHENTICATION", ""),
    "v2_error_billing_invalid_plan": (errors.NeedsPlan, "BILLING", "INVALID_PLAN"),
    "v2_error_billing_vehicle_request_limit": (errors.NeedsPlan, "BILLING", "VEHICLE_REQUEST_LIMIT"),
    "v2_error_compatibility_make_not_compatible": (errors.NotCapable, "COMPATIBILITY", "MAKE_NOT_COMPATIBLE"),
    "v2_error_compatibility_vehicle_not_capable": (errors.NotCapable, "COMPATIBILITY", "VEHICLE_NOT_CAPABLE"),
    "v2_error_connected_services_account_authentication_failed": (
        errors.NeedsOwner,
        "CONNECTED_SERVICES_ACCOUNT",
        "AUTHENTICATION_FAILED",
    ),
    "v2_error_connected_services_account_subscription": (
        errors.NeedsOwner,
        "CONNECTED_SERVICES_ACCOUNT",
        "SUBSCRIPTION",
    ),
    "v2_error_connected_services_account_vehicle_missing": (
        errors.NeedsOwner,
        "CONNECTED_SERVICES_ACCOUNT",
        "VEHICLE_MISSING",
    ),
    "v2_error_permission_null": (errors.NotPermitted, "PERMISSION", ""),
    "v2_error_permission_resolution_null_type": (errors.NotPermitted, "PERMISSION", ""),
    "v2_error_rate_limit_smartcar_api": (errors.TryLater, "RATE_LIMIT", "SMARTCAR_API"),
    "v2_error_rate_limit_vehicle": (errors.TryLater, "RATE_LIMIT", "VEHICLE"),
    "v2_error_resource_not_found_path": (errors.OurFault, "RESOURCE_NOT_FOUND", "PATH"),
    "v2_error_server_internal": (errors.TryLater, "SERVER", "INTERNAL"),
    "v2_error_server_record_not_found": (errors.SmartcarProblem, "SERVER", "RECORD_NOT_FOUND"),
    "v2_error_upstream_known_issue": (errors.TryLater, "UPSTREAM", "KNOWN_ISSUE"),
    "v2_error_upstream_no_response": (errors.TryLater, "UPSTREAM", "NO_RESPONSE"),
    "v2_error_upstream_rate_limit": (errors.TryLater, "UPSTREAM", "RATE_LIMIT"),
    "v2_error_validation_with_detail": (errors.OurFault, "VALIDATION", ""),
    "v2_error_vehicle_state_asleep": (errors.TryLater, "VEHICLE_STATE", "ASLEEP"),
    "v2_error_vehicle_state_in_motion": (errors.TryLater, "VEHICLE_STATE", "IN_MOTION"),
    "v2_error_vehicle_state_remote_access_disabled": (errors.TryLater, "VEHICLE_STATE", "REMOTE_ACCESS_DISABLED"),
    "v2_error_vehicle_state_unknown": (errors.TryLater, "VEHICLE_STATE", "UNKNOWN"),
}


def problem(name):
    about = entry(name)
    return errors.problem_from(about["http_status"], about.get("headers", {}), raw(name), NOW)


@pytest.mark.parametrize("name", PROBLEMS)
def test_an_error_names_the_next_step(name):
    step, kind, code = PROBLEMS[name]
    told = problem(name)
    assert isinstance(told, step)
    assert (told.type, told.code, told.status) == (kind, code, entry(name)["http_status"])
    assert told.request_id == body(name).get("requestId", "")


def test_a_limit_of_one_vehicle_says_for_how_long():
    told = problem("v2_error_rate_limit_vehicle")
    assert (told.scope, told.after) == ("vehicle", timedelta(seconds=5000))
    assert problem("v2_error_rate_limit_smartcar_api").scope == "app"


def test_a_token_and_a_subscription(there):
    there.will("POST /iam/oauth2/token", 200, body("v3_token_client_credentials"))
    there.will("POST /management-v3/v3/subscriptions", 202, body("v3_subscription_accepted"))
    client(there).subscribe("hook-1", "user-1", "car-1")
    assert there.asked[-1][1]["Authorization"] == "Bearer <string>"


def test_no_example_is_left_without_a_test():
    """Each is named in full by one of the tests that read the folder."""
    here = Path(__file__).parent
    spoken = set()
    for path in [*here.glob("**/test_example*.py"), *here.parent.glob("test_example*.py")]:
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        spoken |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {entry["file"].removesuffix(".json") for entry in INDEX} - spoken == set()
