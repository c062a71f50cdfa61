"""The table of errors: every one that Smartcar documents, and what a new one is treated as."""

import json

import pytest

from tests.vehicles.smartcar.bodies import NOW
from vehicles.smartcar import errors
from vehicles.smartcar.error_table import BY_RESOLUTION, GRAVEST_FIRST, LIKE, TABLE, Step, look_up, row_of
from vehicles.smartcar.errors import problem_from

# As the reference lists them, with the status, and written apart from the table that is tested.
DOCUMENTED = {
    ("AUTHENTICATION", 401): {None: "app operator", "UNAUTHORIZED": "app operator"},
    ("AUTHENTICATION", 403): {"ACCESS_DENIED": "app operator"},
    ("BILLING", 430): {
        "VEHICLE_LIMIT": "connection plan",
        "INVALID_PLAN": "app plan",
        "VEHICLE_REQUEST_LIMIT": "vehicle plan",
        "ACCOUNT_SUSPENDED": "app plan",
    },
    ("COMPATIBILITY", 501): {
        "MAKE_NOT_COMPATIBLE": "signal unsupported",
        "SMARTCAR_NOT_CAPABLE": "signal unsupported",
        "VEHICLE_NOT_CAPABLE": "signal unsupported",
        "PLATFORM_NOT_CAPABLE": "connection reconnect",
    },
    ("CONNECTED_SERVICES_ACCOUNT", 400): {
        "ACCOUNT_ISSUE": "connection ask_owner",
        "AUTHENTICATION_FAILED": "connection reconnect",
        "NO_VEHICLES": "connection ask_owner",
        "PERMISSION": "connection reconnect",
        "SUBSCRIPTION": "connection ask_owner",
        "VEHICLE_MISSING": "connection ask_owner",
        "VIRTUAL_KEY_REQUIRED": "connection ask_owner",
    },
    ("PERMISSION", 403): {None: "connection consent"},
    ("RATE_LIMIT", 429): {"SMARTCAR_API": "app wait", "VEHICLE": "vehicle wait"},
    ("RESOURCE_NOT_FOUND", 404): {
        "PATH": "app operator",
        "VERSION": "app operator",
        "INVALID_PATH": "app operator",
        "VEHICLE_NOT_FOUND": "vehicle lost",
        "SIGNAL_NOT_FOUND": "signal lost",
    },
    ("SERVER", 500): {
        "INTERNAL": "vehicle wait",
        "MULTIPLE_RECORDS_FOUND": "signal unsupported",
        "RECORD_NOT_FOUND": "signal unsupported",
    },
    ("UPSTREAM", 502): dict.fromkeys(
        ["INVALID_DATA", "KNOWN_ISSUE", "NO_RESPONSE", "RATE_LIMIT", "UNKNOWN_ISSUE"], "vehicle wait"
    ),
    ("VALIDATION", 400): dict.fromkeys(
        [None, "PARAMETER", "MISSING_PARAMETER", "INVALID_INPUT_FORMAT"], "app operator"
    ),
    ("VEHICLE_STATE", 409): dict.fromkeys(
        "ASLEEP CHARGING_IN_PROGRESS CHARGING_PLUG_CONNECTED CHARGING_PLUG_NOT_CONNECTED CHARGE_FAULT DOOR_OPEN "
        "FULLY_CHARGED HOOD_OPEN IGNITION_ON IN_MOTION LOW_BATTERY NOT_CHARGING REMOTE_ACCESS_DISABLED TRUNK_OPEN "
        "UNKNOWN UNREACHABLE VEHICLE_OFFLINE_FOR_SERVICE".split(),
        "vehicle wait",
    ),
}
CASES = [(kind, code, status, wanted) for (kind, status), codes in DOCUMENTED.items() for code, wanted in codes.items()]
CLASSES = {
    Step.WAIT: errors.TryLater,
    Step.ASK_OWNER: errors.NeedsOwner,
    Step.RECONNECT: errors.NeedsOwner,
    Step.CONSENT: errors.NotPermitted,
    Step.PLAN: errors.NeedsPlan,
    Step.OPERATOR: errors.OurFault,
    Step.UNSUPPORTED: errors.NotCapable,
    Step.LOST: errors.NotThere,
}


def ask(status: int, told: object) -> errors.SmartcarProblem:
    return problem_from(status, {}, json.dumps(told).encode(), NOW)


@pytest.mark.parametrize(("kind", "code", "status", "wanted"), CASES)
def test_every_documented_error_has_a_row_in_every_dialect(kind, code, status, wanted):
    assert (kind, code or "") in TABLE
    of_v2 = {"type": kind, "code": code, "statusCode": status, "resolution": {"type": None}}
    of_v3 = {"errors": [{"status": str(status), "type": kind, "code": code, "detail": "…"}]}
    of_small_letters = {"errors": [{"type": kind.lower(), "code": code and code.lower()}]}
    for told in (of_v2, of_v3, of_small_letters):
        problem = ask(status, told)
        assert f"{problem.scope} {problem.step}" == wanted
        assert problem.known
        assert type(problem) is CLASSES[problem.step]


@pytest.mark.parametrize(("kind", "code", "status", "wanted"), CASES)
def test_the_resolution_does_not_overrule_the_code(kind, code, status, wanted):
    for resolution in ("REAUTHENTICATE", {"type": "CONTACT_SUPPORT"}, {"type": "RETRY_LATER"}, None):
        problem = ask(status, {"type": kind, "code": code, "resolution": resolution})
        assert f"{problem.scope} {problem.step}" == wanted


def test_there_is_no_row_that_nobody_documents():
    typed = {key for key in TABLE if key[0]}
    assert typed == {(kind, code or "") for kind, code, _, _ in CASES}


@pytest.mark.parametrize("row", [*TABLE.values(), *BY_RESOLUTION.values()], ids=lambda row: row.cause)
def test_every_row_tells_people_something(row):
    assert row.cause and row.cause[-1] != "." and row.owner.endswith((".", "?"))
    assert row.step in GRAVEST_FIRST


@pytest.mark.parametrize("kind", LIKE)
def test_a_new_code_goes_by_its_type_and_is_not_known(kind):
    row, known = look_up(kind, "NEVER_SEEN")
    assert row == TABLE[kind, LIKE[kind]] and not known
    assert not ask(400, {"type": kind, "code": "NEVER_SEEN"}).known


@pytest.mark.parametrize(
    ("status", "told", "step"),
    [
        (400, {"type": "SUNSPOTS", "resolution": {"type": "RETRY_LATER"}}, Step.WAIT),
        (400, {"type": "SUNSPOTS", "resolution": "REAUTHENTICATE"}, Step.RECONNECT),
        (430, {"type": "SUNSPOTS", "resolution": {"type": "FINANCE"}}, Step.PLAN),
        (400, {"type": "SUNSPOTS", "resolution": None}, Step.OPERATOR),
        (502, {"type": "SUNSPOTS"}, Step.WAIT),
        (
            400,
            {"type": "CONNECTED_SERVICES_ACCOUNT", "code": "NEW", "resolution": {"type": "REAUTHENTICATE"}},
            Step.RECONNECT,
        ),
        (400, {"type": "CONNECTED_SERVICES_ACCOUNT", "code": "NEW"}, Step.ASK_OWNER),
        (409, {"errors": [{"code": "sunspots"}]}, Step.WAIT),
    ],
)
def test_what_nobody_knows_goes_by_resolution_then_status(status, told, step):
    problem = ask(status, told)
    assert (problem.step, problem.known) == (step, False)


@pytest.mark.parametrize(
    ("status", "body"), [(503, b"<html>Busy</html>"), (500, b""), (401, b"{}"), (404, b"<html>Not Found</html>")]
)
def test_what_names_nothing_is_no_news_to_anybody(status, body):
    assert problem_from(status, {}, body, NOW).known


def test_of_several_errors_the_gravest_counts():
    told = [
        {"type": "COMPATIBILITY", "code": "VEHICLE_NOT_CAPABLE"},
        {"type": "UPSTREAM", "code": "NO_RESPONSE"},
        {"type": "CONNECTED_SERVICES_ACCOUNT", "code": "AUTHENTICATION_FAILED"},
    ]
    for errors_told in (told, told[::-1], [told[1], "odd", None, told[2], told[0]]):
        assert ask(400, {"errors": errors_told}).code == "AUTHENTICATION_FAILED"
    assert type(ask(502, {"errors": told[:2]})) is errors.TryLater


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://connect.smartcar.com/oauth/reauthenticate?vehicle_id=1", True),
        ("javascript:alert(1)", False),
        ("https://x/" + "a" * 600, False),
        ("https://a b", False),
        (7, False),
    ],
)
def test_the_way_to_mend_it_is_kept_and_not_said_aloud(url, kept):
    body = {
        "type": "CONNECTED_SERVICES_ACCOUNT",
        "code": "AUTHENTICATION_FAILED",
        "resolution": {"type": "REAUTHENTICATE", "url": url},
    }
    problem = ask(400, body)
    assert problem.url == (url if kept else "")
    assert not kept or url not in str(problem)


def test_a_stored_reason_finds_its_row():
    assert row_of("CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED").step is Step.RECONNECT
    assert row_of("AUTHENTICATION_FAILED").step is Step.RECONNECT
    assert row_of("CONNECTED_SERVICES_ACCOUNT").step is Step.ASK_OWNER
    assert row_of("GRANT_DEAD").step is Step.RECONNECT
    assert row_of("PERMISSION").step is Step.CONSENT
    assert row_of("SUNSPOTS.MANY") is None
    assert row_of("") is None
