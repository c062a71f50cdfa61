import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vehicles.smartcar.bodies import FETCHED, MEASURED, NOW, failed_item, item
from vehicles.domain.acceptance import refusal
from vehicles.domain.measurements import Gap, Identity, Measurement, Why
from vehicles.domain.signals import Signal
from vehicles.smartcar.errors import SmartcarProblem
from vehicles.smartcar.v2.bodies import OLDER, PATHS, SYSTEMS
from vehicles.smartcar.v2.items import items_in, read_items


def read(*raw_items):
    return read_items(items_in(list(raw_items)), now=NOW)


def values(*raw_items):
    snapshot = read(*raw_items)
    assert not snapshot.gaps
    return {told.signal: told.value for told in snapshot.measurements}


def gaps(*raw_items):
    return {gap.signal: gap.why for gap in read(*raw_items).gaps}


def test_a_value_keeps_both_of_its_times():
    told = read(item("/odometer", {"distance": 84210.26}))
    assert told.measurements == (Measurement(Signal.ODOMETER, 84210.3, MEASURED, FETCHED),)


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/odometer", {"distance": 100}, {Signal.ODOMETER: 160.9}),
        (
            "/fuel",
            {"amountRemaining": 10, "range": 100, "percentRemaining": 0.5},
            {Signal.FUEL_LEVEL: 50, Signal.FUEL_AMOUNT: 37.9, Signal.FUEL_RANGE: 160.9},
        ),
        ("/tires/pressure", {"backLeft": 32}, {Signal.TYRE_PRESSURE: {"1.0": 220.6}}),
        (
            "/battery",
            {"percentRemaining": 0.81, "range": 100},
            {Signal.STATE_OF_CHARGE: 81, Signal.ELECTRIC_RANGE: 160.9},
        ),
    ],
)
def test_an_answer_in_miles_is_read_as_one(path, body, told):
    assert values(item(path, body, **{"sc-unit-system": "imperial"})) == told


@pytest.mark.parametrize(
    ("fraction", "percent"), [(0, 0), (1, 100), (0.07, 7), (0.58, 58), (0.29, 29), (0.123456, 12.3456), ("0.35", 35)]
)
def test_a_fraction_becomes_a_percent_once(fraction, percent):
    assert values(item("/engine/oil", {"lifeRemaining": fraction})) == {Signal.OIL_LIFE: percent}


@pytest.mark.parametrize("fraction", [1.01, -0.01, 35, True, "full", [], {}, float("nan"), 10**400])
def test_a_fraction_that_is_none_is_refused(fraction):
    assert gaps(item("/engine/oil", {"lifeRemaining": fraction})) == {Signal.OIL_LIFE: Why.REFUSED}


def test_what_a_car_leaves_out_hides_nothing_else():
    told = read(item("/fuel", {"percentRemaining": None, "amountRemaining": 53.26, "range": None}))
    assert told.measurements == (Measurement(Signal.FUEL_AMOUNT, 53.3, MEASURED, FETCHED),)
    assert {gap.why for gap in told.gaps} == {Why.UNAVAILABLE}


def test_wheels_have_a_row_and_a_column():
    body = {"frontLeft": 241, "frontRight": 242, "backLeft": 699.9, "backRight": 244, "spare": 250}
    assert values(item("/tires/pressure", body)) == {Signal.TYRE_PRESSURE: {"0.0": 241, "0.1": 242, "1.1": 244}}
    assert gaps(item("/tires/pressure", {})) == {Signal.TYRE_PRESSURE: Why.UNAVAILABLE}


def test_a_capacity_that_the_owner_has_not_chosen_is_unknown():
    body = {"availableCapacities": [{"capacity": 70.9}, {"capacity": 80.9}], "capacity": None, "url": "https://x"}
    assert gaps(item("/battery/nominal_capacity", body)) == {Signal.BATTERY_CAPACITY: Why.UNAVAILABLE}
    assert values(item("/battery/capacity", {"capacity": 28})) == {Signal.BATTERY_CAPACITY: 28}


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("CHARGING", {Signal.IS_CHARGING: True, Signal.CHARGING_STATUS: "CHARGING"}),
        ("NOT_CHARGING", {Signal.IS_CHARGING: False, Signal.CHARGING_STATUS: "NOT_CHARGING"}),
    ],
)
def test_charging_is_told_twice(state, told):
    assert values(item("/charge", {"isPluggedIn": True, "state": state})) == told | {Signal.CABLE_CONNECTED: True}
    unknown = gaps(item("/charge", {"isPluggedIn": "yes", "state": "PERHAPS"}))
    assert unknown[Signal.CABLE_CONNECTED] is unknown[Signal.CHARGING_STATUS] is Why.REFUSED


def test_every_system_has_its_light_and_one_has_two_names():
    systems = [{"systemId": name, "status": "OK", "description": None} for name in SYSTEMS]
    told = values(item("/diagnostics/system_status", {"systems": systems}))
    assert set(told) == {signal for signal in Signal if signal.is_system}
    assert SYSTEMS["SYSTEM_ENGINE"] is Signal.SYSTEM_ENGINE

    both = [{"systemId": "SYSTEM_TPMS", "status": "ALERT"}]
    both += [{"systemId": "SYSTEM_TIRE_PRESSURE_MONITORING", "status": "OK"}]
    for order in (both, both[::-1]):
        (light,) = values(item("/diagnostics/system_status", {"systems": order})).values()
        assert light["status"] == "ALERT"


def test_a_system_and_a_path_nobody_knows_are_named():
    systems = {"systems": [{"systemId": "SYSTEM_FLUX", "status": "ALERT"}, {"systemId": 5}, None]}
    told = read(item("/diagnostics/system_status", systems), item("/flux/level", {}), item("/security", {}))
    assert told.unknown == ("SYSTEM_FLUX", "v2/flux/level")
    assert (told.measurements, told.gaps) == ((), ())


def test_service_records_come_in_a_list_or_alone():
    one = {
        "serviceId": 7,
        "odometerDistance": 1000.04,
        "serviceDate": "2025-05-04",
        "serviceTasks": [{"taskId": None, "taskDescription": "Oil change"}],
        "serviceDetails": {"type": "Dealer", "value": "North"},
        "serviceCost": {"totalCost": 99.999, "currency": "usd"},
    }
    two = one | {"serviceDate": "2024-05-04T10:00:00Z", "serviceId": "a", "odometerDistance": -5, "serviceCost": None}
    read_one = {
        "id": "7",
        "at": "2025-05-04T00:00:00Z",
        "odometer_km": 1000.0,
        "tasks": [{"id": None, "name": "Oil change"}],
        "details": ["Dealer: North"],
        "cost": {"amount": 100.0, "currency": "USD"},
    }
    read_two = read_one | {"id": "a", "at": "2024-05-04T10:00:00Z", "odometer_km": None, "cost": None}
    assert values(item("/service/history", one)) == {Signal.SERVICE_RECORDS: [read_one]}
    assert values(item("/service/history", [one, two])) == {Signal.SERVICE_RECORDS: [read_two, read_one]}
    assert values(item("/service/history", [])) == {Signal.SERVICE_RECORDS: []}
    assert gaps(item("/service/history", [{"serviceId": 1}])) == {Signal.SERVICE_RECORDS: Why.REFUSED}


def test_the_kind_of_car_may_come_along():
    body = {"id": "car-1", "make": "TESLA", "model": "Model S", "year": 2014}
    assert read(item("/", body)).identity == Identity("TESLA", "Model S", 2014, "")
    assert read(failed_item("/", 403, "PERMISSION")).identity is None


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (failed_item("/odometer", 501, "COMPATIBILITY", "VEHICLE_NOT_CAPABLE"), Why.UNSUPPORTED),
        (failed_item("/odometer", 501, "COMPATIBILITY", "PLATFORM_NOT_CAPABLE"), Why.ERROR),
        (failed_item("/odometer", 403, "PERMISSION"), Why.NOT_PERMITTED),
        (failed_item("/odometer", 409, "VEHICLE_STATE", "ASLEEP"), Why.ERROR),
        (failed_item("/odometer", 404, "RESOURCE_NOT_FOUND", "PATH"), Why.ERROR),
        (failed_item("/odometer", 500, "SERVER", "RECORD_NOT_FOUND"), Why.UNSUPPORTED),
        ({"path": "/odometer", "code": 403, "body": {"error": "permission_error", "message": "no"}}, Why.NOT_PERMITTED),
        ({"path": "/odometer", "code": 501, "body": {"error": "vehicle_not_capable_error"}}, Why.UNSUPPORTED),
        ({"path": "/odometer", "code": 502, "body": "<html>"}, Why.ERROR),
        ({"path": "/odometer", "code": "200", "body": {"distance": 5}}, Why.ERROR),
        ({"path": "/odometer", "code": 200, "body": [5]}, Why.REFUSED),
        ({"path": "/odometer", "code": 200}, Why.REFUSED),
        ({"path": "/odometer"}, Why.ERROR),
    ],
)
def test_a_failed_item_says_why(raw, why):
    told = read(raw, item("/vin", {"vin": "1FTTW8CG0NKA00001"}))
    assert [(gap.signal, gap.why) for gap in told.gaps] == [(Signal.ODOMETER, why)]
    assert [m.signal for m in told.measurements] == [Signal.VIN]


def test_an_error_nobody_knows_is_named():
    odd = failed_item("/odometer", 502, "UPSTREAM", "SOLAR_FLARE")
    told = read(odd, odd, failed_item("/vin", 409, "VEHICLE_STATE", "ASLEEP"), failed_item("/fuel", 500, "a b", "<x>"))
    assert told.unknown_errors == ("UPSTREAM.SOLAR_FLARE",)


def test_a_path_that_fails_is_a_gap_in_all_of_its_signals():
    told = gaps(
        failed_item("/diagnostics/system_status", 501, "COMPATIBILITY"), failed_item("/fuel", 501, "COMPATIBILITY")
    )
    assert set(told.values()) == {Why.UNSUPPORTED}
    assert {Signal.SYSTEM_ABS, Signal.SYSTEM_ENGINE, Signal.FUEL_LEVEL, Signal.FUEL_AMOUNT, Signal.FUEL_RANGE} < set(
        told
    )


def test_a_path_told_twice_counts_once():
    older = item("/odometer", {"distance": 5}, **{"sc-data-age": "2026-01-01T00:00:00Z"})
    assert values(older, item("/odometer", {"distance": 9})) == {Signal.ODOMETER: 9}
    assert read(item("/ODOMETER/", {"distance": 9}), failed_item("odometer", 500, "SERVER")).gaps == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = (
    "distance lifeRemaining percentRemaining amountRemaining range capacity isPluggedIn state frontLeft activeCodes "
    "systems vin latitude longitude serviceId odometerDistance serviceDate serviceTasks serviceDetails serviceCost "
    "type code"
).split()
ENTRY = st.dictionaries(st.sampled_from([*NAMES, "systemId", "status", "taskDescription", "totalCost"]), JSON)
BODIES = st.dictionaries(st.sampled_from(NAMES), JSON | st.lists(ENTRY, max_size=3)) | st.lists(ENTRY) | JSON
HEADERS = st.dictionaries(st.sampled_from(["SC-Data-Age", "sc-fetched-at", "sc-unit-system", "Retry-After"]), JSON)
ITEMS = st.fixed_dictionaries(
    {"path": st.sampled_from([*PATHS, *OLDER, "/", "/security"])},
    optional={"code": st.just(200) | st.integers() | JSON, "body": BODIES, "headers": HEADERS | JSON},
)


@given(st.lists(ITEMS | JSON, max_size=6) | JSON)
def test_no_item_raises_and_every_value_is_possible(raw_items):
    items = items_in(raw_items)
    told = read_items(items, now=NOW)
    json.dumps([gap.note for gap in told.gaps]).encode()
    for measurement in told.measurements:
        json.dumps(measurement.value, allow_nan=False).encode()
        assert refusal(measurement) is None
    for one in items:
        assert isinstance(one.problem(NOW), SmartcarProblem)
    assert all(isinstance(gap, Gap) for gap in told.gaps)
