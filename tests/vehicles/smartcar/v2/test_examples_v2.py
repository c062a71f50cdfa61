"""Answers of v2 that Smartcar published, and what we make of them."""

from datetime import UTC, datetime

import pytest

from tests.vehicles.smartcar.far_end import client_v2
from tests.vehicles.smartcar.published import NOW, body, entry, needs_examples, values
from vehicles.domain.measurements import Gap, Identity, Why
from vehicles.domain.signals import Signal
from vehicles.smartcar.errors import TryLater
from vehicles.smartcar.v2 import compatibility, management, tokens
from vehicles.smartcar.v2.items import items_in, read_items
from vehicles.smartcar.v2.resources import Capable, ManagedConnection, ModelSeen, read_compatibility, read_matrix

pytestmark = needs_examples

CAR = "36ab27d0-fd9d-4455-823a-ce30af709ffc"


def one(path, name, headers=None):
    """As the only answer of a batch."""
    raw = {"path": path, "code": 200, "body": body(name), "headers": headers or {}}
    return read_items(items_in([raw]), now=NOW)


@pytest.mark.parametrize(
    ("path", "name", "told"),
    [
        ("/odometer", "v2_odometer", {Signal.ODOMETER: 104.3}),
        ("/engine/oil", "v2_engine_oil", {Signal.OIL_LIFE: 35}),
        (
            "/fuel",
            "v2_fuel",
            {Signal.FUEL_LEVEL: 30, Signal.FUEL_AMOUNT: 53.2, Signal.FUEL_RANGE: 40.5},
        ),
        ("/battery", "v2_battery", {Signal.STATE_OF_CHARGE: 30, Signal.ELECTRIC_RANGE: 40.5}),
        (
            "/charge",
            "v2_charge",
            {Signal.CABLE_CONNECTED: True, Signal.CHARGING_STATUS: "FULLY_CHARGED", Signal.IS_CHARGING: False},
        ),
        ("/battery/nominal_capacity", "v2_nominal_capacity_smartcar", {Signal.BATTERY_CAPACITY: 70.9}),
        ("/battery/nominal_capacity", "v2_nominal_capacity_user_selected", {Signal.BATTERY_CAPACITY: 80.9}),
        (
            "/tires/pressure",
            "v2_tire_pressure",
            {Signal.TYRE_PRESSURE: {"0.0": 219.3, "0.1": 219.3, "1.0": 219.3, "1.1": 219.3}},
        ),
        (
            "/diagnostics/dtcs",
            "v2_dtcs",
            {
                Signal.TROUBLE_CODES: [
                    {"code": "P302D", "since": "2024-09-05T14:48:00Z"},
                    {"code": "XXXXX", "since": None},
                ]
            },
        ),
        (
            "/diagnostics/system_status",
            "v2_system_status",
            {
                Signal.SYSTEM_TIRE_PRESSURE_MONITORING: {
                    "status": "ALERT",
                    "description": "Left rear tire sensor battery low",
                },
                Signal.SYSTEM_AIRBAG: {"status": "OK", "description": None},
                Signal.SYSTEM_MIL: {"status": "OK", "description": None},
            },
        ),
        (
            "/service/history",
            "v2_service_history",
            {
                Signal.SERVICE_RECORDS: [
                    {
                        "id": None,
                        "at": "2023-06-28T22:21:41.583000Z",
                        "odometer_km": 46047.2,
                        "tasks": [{"id": "3262", "name": "Service Task 0"}],
                        "details": ["Service Details Type 0: Service Details Value 0", "Service Details Type 1"],
                        "cost": None,
                    }
                ]
            },
        ),
        (
            "/location",
            "v2_location",
            {Signal.LOCATION: {"latitude": 37.4292, "longitude": 122.1381, "heading": None, "parked": None}},
        ),
        ("/vin", "v2_vin", {Signal.VIN: "5YJSA1CN5DFP00101"}),
        ("/security", "v2_security", {}),
    ],
)
def test_a_path_tells_its_signals(path, name, told):
    read = one(path, name)
    assert values(read) == told
    assert (read.gaps, read.unknown) == ((), ())


def test_the_times_are_in_the_headers():
    (told,) = one("/odometer", "v2_odometer", entry("v2_odometer")["headers"]).measurements
    assert told.measured_at == datetime(2018, 6, 20, 1, 33, 37, 78_000, tzinfo=UTC)
    assert told.fetched_at == datetime(2018, 6, 20, 1, 48, 37, 78_000, tzinfo=UTC)


def batch(name):
    items = items_in(body(name)["responses"])
    return items, read_items(items, now=NOW)


def test_a_batch_that_went_well():
    _, read = batch("v2_batch_success")
    assert values(read) == {Signal.ODOMETER: 32768}
    assert (read.measurements[0].measured_at, read.measurements[0].fetched_at) == (None, None)


def test_a_batch_of_diagnostics():
    _, read = batch("v2_batch_diagnostics")
    assert values(read) == {
        Signal.SYSTEM_TIRE_PRESSURE_MONITORING: {"status": "ALERT", "description": "Front left tire"},
        Signal.SYSTEM_AIRBAG: {"status": "OK", "description": None},
        Signal.SYSTEM_ABS: {"status": "OK", "description": None},
        Signal.TROUBLE_CODES: [
            {"code": "P0300", "since": "2024-09-05T14:48:00Z"},
            {"code": "P0420", "since": None},
        ],
    }


def test_a_batch_whose_item_failed():
    (item,), read = batch("v2_batch_item_error")
    assert read.gaps == (Gap(Signal.ODOMETER, Why.ERROR, "asking the car failed"),)
    problem = item.problem(NOW)
    assert type(problem) is TryLater
    assert (problem.type, problem.code, problem.status) == ("VEHICLE_STATE", "DOOR_OPEN", 409)
    assert problem.request_id == "27767d51-3c32-47c0-8521-6f2be21bfb5b"


def test_lists_and_names(there):
    there.will("GET /api/v2.0/vehicles", 200, body("v2_vehicles"))
    there.will("GET /api/v2.0/user", 200, body("v2_user"))
    there.will(f"GET /api/v2.0/vehicles/{CAR}/permissions", 200, body("v2_permissions"))
    there.will(f"GET /api/v2.0/vehicles/{CAR}/vin", 200, body("v2_vin"))
    there.will(f"GET /api/v2.0/vehicles/{CAR}", 200, body("v2_vehicle_attributes"))
    smartcar = client_v2(there)
    assert smartcar.vehicles() == (CAR,)
    assert smartcar.user_id() == "e0514ef4-5226-11e8-8c13-8f6e8f02e27e"
    assert smartcar.permissions(CAR) == ("read_vehicle_info",)
    assert smartcar.vin(CAR) == "5YJSA1CN5DFP00101"
    assert smartcar.identity(CAR) == Identity("TESLA", "Model S", 2014, "")


def test_webhooks_and_parting(there):
    there.will("POST /api/v2.0/vehicles/car-1/webhooks/hook-1", 200, body("v2_webhook_subscribe"))
    there.will("DELETE /api/v2.0/vehicles/car-1/webhooks/hook-1", 200, body("v2_webhook_unsubscribe_2"))
    there.will("DELETE /api/v2.0/vehicles/car-1/application", 200, body("v2_disconnect"))
    smartcar = client_v2(there)
    smartcar.subscribe("hook-1", "car-1")
    smartcar.unsubscribe("hook-1", "car-1")
    smartcar.disconnect("", "car-1")
    assert [line.split()[0] for line in there.lines()] == ["POST", "DELETE", "DELETE"]


def test_tokens(there):
    there.will("POST /auth/oauth/token", 200, body("v2_token_authorization_code"))
    there.will("POST /auth/oauth/token", 200, body("v2_token_refresh_docs"))
    first = tokens.exchange(there.application, "90abecb6", "https://example.com/home")
    assert first.access == "cf7ba7e9-8c5d-417d-a99f-c386cfc235cc"
    assert (first.refresh, first.expires_in) == ("3e565aed-d4b2-4296-9b4c-aec35825a6aa", 7200)
    assert tokens.refresh(there.application, first.refresh).refresh == "58b128ba-8e44-11ee-b9d1-0242ac120002"


def test_connections_of_the_management(there):
    listed, gone = body("v2_management_connections"), body("v2_management_connections_delete_sdk")
    last = listed | {"paging": {"cursor": None, "count": 1}}
    there.will("GET /management/v2.0/management/connections", 200, listed)
    there.will("GET /management/v2.0/management/connections", 200, last)
    there.will("DELETE /management/v2.0/management/connections", 200, gone)
    car, user = "bcf1b859-4bd1-41c5-80bc-b8abfe3623fc", "d2f64075-d0e1-45d4-aee0-72bd39088947"
    seen = ManagedConnection(car, user, datetime(2023, 8, 10, 15, tzinfo=UTC), "")
    assert management.connections(there.application, "amt") == [seen, seen]
    assert "cursor=AES-256-CBC::base64::utf8::zLBjfq8xCCTKr3grfBFNXg==" in there.lines()[1]
    taken = management.disconnect(there.application, "amt", vehicle_id=car)
    assert taken == [ManagedConnection(car, user, None, "")]


def test_compatibility(there):
    there.will("GET /api/v2.0/compatibility", 200, body("v2_compatibility_by_vin"))
    there.will("GET /api/v2.0/compatibility/matrix", 200, body("v2_compatibility_matrix"))
    read = compatibility.by_vin(there.application, "5YJSA1CN5DFP00101")
    assert read == read_compatibility(body("v2_compatibility_by_vin"))
    assert (read.compatible, read.reason, len(read.capabilities)) == (True, "", 4)
    assert read.capabilities[0] == Capable("/engine/oil", "read_engine_oil", False, "SMARTCAR_NOT_CAPABLE")
    assert read.capabilities[3] == Capable("/vin", "read_vin", True, "")

    models = compatibility.matrix(there.application, "US")
    assert models == read_matrix(body("v2_compatibility_matrix"))
    leaf = ("read_battery", "read_charge", "read_location", "control_security", "read_odometer")
    assert models[0] == ModelSeen("NISSAN", "LEAF", 2018, 2022, "BEV", leaf)
    assert (models[1].make, models[1].model, len(models[1].permissions)) == ("TESLA", "3", 7)
