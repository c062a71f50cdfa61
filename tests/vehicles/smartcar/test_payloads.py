import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vehicles.smartcar.bodies import FETCHED, MEASURED, NOW, failed, polled, signal
from vehicles.domain.acceptance import refusal
from vehicles.domain.measurements import Identity, Measurement, Why
from vehicles.domain.signals import CATALOGUE, Signal
from vehicles.smartcar.payloads import SCOPES, read_identity, read_signals
from vehicles.smartcar.vocabulary import CODES, LEFT_OUT, signal_of

ODOMETER = "odometer-traveleddistance"
FUEL = "internalcombustionengine-fuellevel"
CAPACITY = "tractionbattery-nominalcapacity"
STATUS_12V = "lowvoltagebattery-status"
PLACE = "location-preciselocation"
RECORDS = "service-records"
TYRES = "wheel-tires"
TROUBLE = "diagnostics-dtclist"


def value_of(raw):
    snapshot = read_signals([raw], now=NOW)
    assert not snapshot.gaps
    return snapshot.measurements[0].value


def gap_of(raw):
    snapshot = read_signals([raw], now=NOW)
    assert not snapshot.measurements
    return snapshot.gaps[0].why


def wheel(row, column, pressure):
    return {"row": row, "column": column, "tirePressure": pressure}


def test_every_signal_of_the_catalogue_has_one_code():
    assert sorted(CODES.values()) == sorted(set(CATALOGUE) - {Signal.SYSTEM_ENGINE})
    assert not set(CODES) & LEFT_OUT
    assert not [scope for scope in SCOPES if not scope.startswith("read_") or scope == "read_location"]


def test_a_poll_and_a_webhook_tell_the_same():
    body = {"value": 84210.26, "unit": "km"}
    by_webhook = read_signals([signal(ODOMETER, body)], now=NOW)
    assert by_webhook == read_signals([polled(ODOMETER, body)], now=NOW)
    assert by_webhook.measurements == (Measurement(Signal.ODOMETER, 84210.3, MEASURED, FETCHED),)


@pytest.mark.parametrize(
    ("code", "body", "value"),
    [
        (ODOMETER, {"value": 100, "unit": "miles"}, 160.9),
        (ODOMETER, {"value": "100.04", "unit": "Kilometers"}, 100.0),
        (ODOMETER, {"value": 0, "unit": "km"}, 0),
        (ODOMETER, {"value": 100}, 100),
        (FUEL, {"value": 0.5, "unit": "percent"}, 0.5),
        (FUEL, {"percentage": 55}, 55),
        (FUEL, {"value": 1.5}, 1.5),
        ("internalcombustionengine-amountremaining", {"value": 10, "unit": "Gallons"}, 37.9),
        ("internalcombustionengine-amountremaining", {"value": 53.26, "unit": "liters"}, 53.3),
        ("internalcombustionengine-range", {"value": 239}, 239),
        ("tractionbattery-range", {"value": 290, "additionalValues": [], "unit": "km"}, 290),
        (CAPACITY, {"capacity": 73.5, "source": "SMARTCAR", "unit": "kWhr"}, 73.5),
        (CAPACITY, {"capacity": 82, "unit": "kWh"}, 82),
        ("diagnostics-dtccount", {"value": 0, "unit": "count"}, 0),
        (STATUS_12V, {"value": "warn"}, "WARN"),
        ("charge-detailedchargingstatus", {"value": "fully charged"}, "FULLY_CHARGED"),
        ("charge-ischarging", {"value": False}, False),
        ("service-isinservice", {"value": True}, True),
        ("connectivitystatus-isasleep", {"value": False}, False),
        ("vehicleidentification-vin", {"value": "1fttw8cg0nka00001"}, "1FTTW8CG0NKA00001"),
        ("diagnostics-mil", {"status": "alert"}, {"status": "ALERT", "description": None}),
    ],
)
def test_a_value_comes_out_in_our_unit(code, body, value):
    assert value_of(signal(code, body)) == value


@pytest.mark.parametrize("value", [0, 0.0, 0.77, 1, 1.0])
def test_a_small_number_without_a_unit_is_a_fraction_or_a_percent(value):
    assert gap_of(signal(FUEL, {"value": value})) is Why.REFUSED


@pytest.mark.parametrize("value", [True, "full", float("nan"), float("inf"), -1, 101, 10**400, [], {}, "1_0", "٣"])
def test_a_value_that_cannot_be_is_refused(value):
    assert gap_of(signal(FUEL, {"value": value, "unit": "percent"})) is Why.REFUSED


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (CAPACITY, {"capacity": 4.9, "unit": "kWh"}),
        (CAPACITY, {"capacity": 401, "unit": "kWh"}),
        (CAPACITY, {"capacity": 73, "unit": "volts"}),
        ("internalcombustionengine-amountremaining", {"value": 106, "unit": "gallons"}),
        ("internalcombustionengine-range", {"value": -1, "unit": "km"}),
        ("tractionbattery-range", {"value": 65_535, "unit": "km"}),
        ("diagnostics-dtccount", {"value": 1.5}),
        (ODOMETER, {"value": 1_300_000, "unit": "miles"}),
        (STATUS_12V, {"value": "PURPLE"}),
        (STATUS_12V, {"value": True}),
        ("charge-ischarging", {"value": "true"}),
        ("charge-ischarging", {"value": 1}),
        (PLACE, {"latitude": 91, "longitude": 0}),
        (PLACE, {"latitude": "here", "longitude": 0}),
        (RECORDS, {"values": [{"id": "1"}, 7]}),
        (RECORDS, {"values": {"id": "1"}}),
    ],
)
def test_what_cannot_be_true_of_a_car_is_refused(code, body):
    assert gap_of(signal(code, body)) is Why.REFUSED


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (CAPACITY, {"capacity": None, "availableCapacities": [{"capacity": 82}]}),
        (STATUS_12V, {"value": "UNKNOWN"}),
        (STATUS_12V, {"value": None}),
        ("charge-ischarging", {"value": None}),
        (PLACE, {"latitude": None, "longitude": None}),
        (PLACE, {"latitude": 0, "longitude": 0.0}),
        (RECORDS, {"values": None}),
    ],
)
def test_what_a_car_cannot_tell_is_unavailable(code, body):
    assert gap_of(signal(code, body)) is Why.UNAVAILABLE


def test_a_place_is_where_it_stands_or_where_it_drives():
    parked = {"latitude": 44.6488, "longitude": -63.5752, "locationType": "LAST_PARKED"}
    there = {"latitude": 44.6488, "longitude": -63.5752, "heading": None, "parked": True}
    assert value_of(signal(PLACE, parked)) == there
    driving = parked | {"locationType": "current", "heading": 361}
    assert value_of(signal(PLACE, driving)) == there | {"parked": False}


def test_service_records_are_read_oldest_first():
    new = {
        "id": "SVC-2",
        "time": "2025-01-15T14:30:00Z",
        "odometer": 50_000,
        "tasks": [{"id": "T-1", "description": "Oil change"}, {"id": "T-2", "description": None}],
        "details": [{"id": "D-1", "description": "5W-30"}],
        "cost": {"amount": 150, "currency": "CAD"},
    }
    old = {"time": 1_600_000_000, "odometer": {"value": 100, "unit": "miles"}, "tasks": None, "cost": {"amount": -1}}
    tomorrow = {"time": "2026-11-09T00:00:00Z", "odometer": 9e9}
    assert value_of(signal(RECORDS, {"values": [new, tomorrow, old]})) == [
        {"id": None, "at": "2020-09-13T12:26:40Z", "odometer_km": 160.9, "tasks": [], "details": [], "cost": None},
        {
            "id": "SVC-2",
            "at": "2025-01-15T14:30:00Z",
            "odometer_km": 50_000,
            "tasks": [{"id": "T-1", "name": "Oil change"}],
            "details": ["5W-30"],
            "cost": {"amount": 150, "currency": "CAD"},
        },
    ]
    assert value_of(signal(RECORDS, {"values": []})) == []
    many = [{"odometer": km} for km in range(300)]
    assert [record["odometer_km"] for record in value_of(signal(RECORDS, {"values": many}))] == list(range(100, 300))


@pytest.mark.parametrize("unit", ["furlongs", 5, [], "volts"])
def test_a_unit_nobody_knows_is_refused(unit):
    assert gap_of(signal(ODOMETER, {"value": 100, "unit": unit})) is Why.REFUSED


def test_nothing_said_is_unavailable():
    assert gap_of(signal(ODOMETER, {"value": None})) is Why.UNAVAILABLE
    assert gap_of(signal(ODOMETER)) is Why.UNAVAILABLE


def test_a_wheel_that_cannot_be_measured_does_not_hide_the_others():
    wheels = [wheel(0, 1, 240.04), wheel(0, 0, 699.9), wheel(1, 0, None), wheel(1, 1, 451_000), wheel(2, 0, 3)]
    assert value_of(signal(TYRES, {"values": wheels})) == {"0.1": 240.0}
    assert value_of(signal(TYRES, {"values": [wheel(0, 0, 35)], "unit": "psi"})) == {"0.0": 241.3}
    assert value_of(signal(TYRES, {"values": [wheel(0, 0, 850)]})) == {"0.0": 850}
    assert value_of(signal(TYRES, {"values": [wheel(0, 0, 2.5) | {"unit": "bar"}]})) == {"0.0": 250.0}


def test_no_wheel_left_is_a_gap():
    assert gap_of(signal(TYRES, {"values": [wheel(0, 0, 699.9)]})) is Why.UNAVAILABLE
    assert gap_of(signal(TYRES, {"values": []})) is Why.UNAVAILABLE
    assert gap_of(signal(TYRES, {"values": [wheel(0, 0, 5)]})) is Why.REFUSED
    assert gap_of(signal(TYRES, {"values": [wheel(0, 0, 65_535)], "unit": "psi"})) is Why.REFUSED
    assert gap_of(signal(TYRES, {"values": [wheel(-1, 0, 250), wheel(True, 0, 250), 7]})) is Why.REFUSED


def test_trouble_codes_are_sorted_and_told_once():
    codes = [{"code": " p0420 "}, {"code": "xxxxx", "timestamp": None}, {"code": "P0300", "timestamp": 1772600767}]
    codes += [{"code": "P0300", "timestamp": "2026-01-01T00:00:00Z"}, {"code": None}, None]
    assert value_of(signal(TROUBLE, {"values": codes})) == [
        {"code": "P0300", "since": "2026-01-01T00:00:00Z"},
        {"code": "P0420", "since": None},
        {"code": "XXXXX", "since": None},
    ]


def test_no_trouble_codes_is_news_but_an_unreadable_list_is_not():
    assert value_of(signal(TROUBLE, {"values": []})) == []
    assert gap_of(signal(TROUBLE, {"values": None})) is Why.UNAVAILABLE
    assert gap_of(signal(TROUBLE, {"values": "P0300"})) is Why.REFUSED
    assert gap_of(signal(TROUBLE, {"values": [{}, None, 7]})) is Why.REFUSED


def test_a_light_is_on_or_off():
    assert gap_of(signal("diagnostics-abs", {"status": "MAYBE"})) is Why.REFUSED
    assert gap_of(signal("diagnostics-abs", {"status": None})) is Why.UNAVAILABLE


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (failed(ODOMETER, "COMPATIBILITY"), Why.UNSUPPORTED),
        (failed(ODOMETER, "COMPATIBILITY", "UNAVAILABLE"), Why.UNSUPPORTED),
        (failed(ODOMETER, "PERMISSION"), Why.NOT_PERMITTED),
        (failed(ODOMETER, "SERVER"), Why.ERROR),
        (failed(ODOMETER, "", "UNAVAILABLE"), Why.UNAVAILABLE),
        (failed(ODOMETER, None), Why.ERROR),
    ],
)
def test_a_failed_signal_says_why(raw, why):
    assert gap_of(raw) is why


def test_an_error_nobody_knows_is_named():
    odd = {"code": ODOMETER, "status": {"value": "ERROR", "error": {"type": "UPSTREAM", "code": "SOLAR_FLARE"}}}
    known = failed("motion-currentspeed", "PERMISSION")
    known["status"]["error"]["code"] = None
    assert read_signals([odd, odd, known], now=NOW).unknown_errors == ("UPSTREAM.SOLAR_FLARE",)


def test_a_time_in_the_future_or_never_is_unknown():
    ahead = signal(ODOMETER, {"value": 5}, meta={"oemUpdatedAt": "2026-11-03T00:00:00Z", "fetchedAt": 1772600767})
    assert read_signals([ahead], now=NOW).measurements[0].measured_at is None
    never = signal(ODOMETER, {"value": 5}, meta={"oemUpdatedAt": 0, "retrievedAt": 0})
    assert read_signals([never], now=NOW, delivered_at=NOW).measurements[0].fetched_at == NOW


def test_a_signal_told_twice_counts_once_and_newer():
    old = signal(ODOMETER, {"value": 5}, meta={"oemUpdatedAt": "2026-01-01T00:00:00Z"})
    new = signal(ODOMETER, {"value": 9})
    for order in ([old, new, failed(ODOMETER, "SERVER")], [failed(ODOMETER, "SERVER"), new, old]):
        snapshot = read_signals(order, now=NOW)
        assert [m.value for m in snapshot.measurements] == [9]
        assert not snapshot.gaps


def test_signals_are_known_by_their_older_names_and_others_passed_over():
    assert signal_of("InternalCombustionEngine.FuelLevel") is Signal.FUEL_LEVEL
    assert signal_of({"group": "Odometer", "name": "TraveledDistance"}) is Signal.ODOMETER
    passed_over = [signal("charge-voltage", {"value": 230}), 7, None, "x"]
    assert read_signals(passed_over, now=NOW) == read_signals(None, now=NOW)


def test_a_signal_nobody_knows_is_named():
    raw_signals = [signal(code) for code in ("vin", "wheel-spin", "wheel-spin", "<b>", "x" * 61, "motion-currentspeed")]
    assert read_signals(raw_signals, now=NOW).unknown == ("vin", "wheel-spin")
    assert len(read_signals([signal(f"new-{n}") for n in range(99)], now=NOW).unknown) == 8


@pytest.mark.parametrize("year", [2021, "2021"])
def test_the_identity_of_a_car_in_every_place(year):
    about = {"make": "Ford", "model": "Transit\x00", "year": year, "powertrainType": "ice"}
    assert read_identity(about) == read_identity({"attributes": about}) == Identity("Ford", "Transit", 2021, "ICE")
    assert read_identity({"year": 123, "make": 5, "powertrainType": "steam"}) == read_identity(None) == Identity()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = (
    "value values unit status percentage capacity row column tirePressure code timestamp latitude longitude heading id "
    "time tasks details cost odometer amount currency description"
).split()
PARTS = st.dictionaries(st.sampled_from(KEYS), JSON)
BODIES = st.dictionaries(st.sampled_from(KEYS), JSON | PARTS | st.lists(PARTS, max_size=3)) | JSON
SIGNALS = st.fixed_dictionaries(
    {"code": st.sampled_from(sorted(CODES))},
    optional={"body": BODIES, "status": JSON, "meta": JSON, "attributes": JSON},
)


@given(st.lists(SIGNALS | JSON) | JSON, JSON)
def test_no_signal_raises_and_every_value_is_possible(raw_signals, raw_vehicle):
    read_identity(raw_vehicle)
    snapshot = read_signals(raw_signals, now=NOW)
    json.dumps(snapshot.unknown).encode()
    for told in snapshot.measurements:
        json.dumps(told.value, allow_nan=False).encode()
        assert refusal(told) is None
