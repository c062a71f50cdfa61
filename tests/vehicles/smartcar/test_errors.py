import json
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vehicles.smartcar.bodies import NOW
from vehicles.smartcar import errors
from vehicles.smartcar.errors import SmartcarProblem, problem_from


def problem(status, told=None, headers=None):
    body = b"" if told is None else json.dumps(told).encode()
    return problem_from(status, headers or {}, body, NOW)


def of_2026(status, kind, code, headers=None):
    return problem(status, {"errors": [{"type": kind, "code": code, "detail": "of VIN 1FT"}]}, headers)


@pytest.mark.parametrize(
    ("status", "kind", "code", "step"),
    [
        (400, "VALIDATION", "MISSING_PARAMETER", errors.OurFault),
        (400, "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED", errors.NeedsOwner),
        (400, "CONNECTED_SERVICES_ACCOUNT", "SOMETHING_NEW", errors.NeedsOwner),
        (401, "AUTHENTICATION", None, errors.OurFault),
        (403, "AUTHENTICATION", "ACCESS_DENIED", errors.OurFault),
        (403, "PERMISSION", None, errors.NotPermitted),
        (404, "RESOURCE_NOT_FOUND", "VEHICLE_NOT_FOUND", errors.NotThere),
        (404, "RESOURCE_NOT_FOUND", "INVALID_PATH", errors.OurFault),
        (409, "VEHICLE_STATE", "ASLEEP", errors.TryLater),
        (430, "BILLING", "INVALID_PLAN", errors.NeedsPlan),
        (500, "SERVER", "INTERNAL", errors.TryLater),
        (501, "COMPATIBILITY", "VEHICLE_NOT_CAPABLE", errors.NotCapable),
        (501, "COMPATIBILITY", "PLATFORM_NOT_CAPABLE", errors.NeedsOwner),
        (502, "UPSTREAM", "RATE_LIMIT", errors.TryLater),
    ],
)
def test_type_and_code_decide_what_to_do_next(status, kind, code, step):
    told = of_2026(status, kind, code)
    assert type(told) is step
    assert (told.type, told.code, told.status) == (kind, code or "", status)
    assert type(problem(status, {"type": kind, "code": code, "statusCode": status})) is step


@pytest.mark.parametrize(
    ("status", "told", "step"),
    [
        (400, {"errors": [{"code": "bad_request"}]}, errors.OurFault),
        (403, {"errors": [{"code": "forbidden"}]}, errors.NotPermitted),
        (404, {"errors": [{"code": "not_found"}]}, errors.NotThere),
        (401, {"error": "invalid_client"}, errors.OurFault),
        (404, None, errors.NotThere),
        (302, None, errors.OurFault),
        (504, None, errors.TryLater),
        (460, None, errors.TryLater),
        (200, {}, errors.Unreadable),
        (0, {}, errors.Unreadable),
    ],
)
def test_without_a_type_the_status_decides(status, told, step):
    assert type(problem(status, told)) is step


def test_a_page_of_somebody_else_proves_nothing_about_a_car():
    page = b"<html>Not Found</html>"
    assert type(problem_from(404, {}, page, NOW)) is errors.Unreadable
    assert type(problem_from(403, {}, page, NOW)) is errors.Unreadable
    assert type(problem_from(503, {}, page, NOW)) is errors.TryLater
    assert type(problem_from(401, {}, page, NOW)) is errors.OurFault


def test_the_application_and_a_vehicle_are_limited_apart():
    assert of_2026(429, "RATE_LIMIT", "SMARTCAR_API").scope == "app"
    vehicle = of_2026(429, "RATE_LIMIT", "VEHICLE", {"Retry-After": "5000"})
    assert (vehicle.scope, vehicle.after) == ("vehicle", timedelta(seconds=5000))
    assert problem(429).scope == "app"
    assert of_2026(430, "BILLING", "VEHICLE_REQUEST_LIMIT").scope == "vehicle"
    assert of_2026(430, "BILLING", "ACCOUNT_SUSPENDED").scope == "app"


@pytest.mark.parametrize(
    ("retry_after", "after"),
    [
        ("60", timedelta(minutes=1)),
        ("1", timedelta(seconds=30)),
        ("0", timedelta(seconds=30)),
        ("-5", timedelta(seconds=30)),
        ("9" * 50, timedelta(hours=24)),
        ("999999999", timedelta(hours=24)),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta(seconds=30)),
        ("soon", timedelta(minutes=30)),
        (None, timedelta(minutes=30)),
    ],
)
def test_how_long_to_wait_always_makes_sense(retry_after, after):
    assert of_2026(429, "RATE_LIMIT", "VEHICLE", {"retry-after": retry_after}).after == after


def test_a_problem_tells_support_what_it_needs_and_no_secret():
    told = problem(502, {"type": "UPSTREAM", "code": "NO_RESPONSE", "requestId": "r-1", "description": "VIN 1FT"})
    assert str(told) == "try later (type UPSTREAM, code NO_RESPONSE, status 502, request r-1)"
    assert "1FT" not in str(of_2026(400, "VALIDATION", "VIN 1FT"))
    assert problem(500, None, {"SC-Request-Id": "r-2"}).request_id == "r-2"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TOLD = st.dictionaries(st.sampled_from(["errors", "type", "code", "meta", "requestId", "error"]), JSON) | JSON


@given(
    st.integers(),
    st.dictionaries(st.sampled_from(["Retry-After", "sc-request-id"]), st.text() | st.none() | st.integers()),
    TOLD.map(lambda told: json.dumps(told).encode()) | st.binary(),
)
def test_no_answer_raises(status, headers, body):
    assert isinstance(problem_from(status, headers, body, NOW), SmartcarProblem)
    str(problem_from(status, headers, body, NOW))
