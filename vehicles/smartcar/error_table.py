"""Every error that Smartcar documents: whom it concerns, what comes next, and what people read of it.

Looked up by type and code. What Smartcar calls a resolution counts only where no row knows the two: most resolutions
are null, and many of the rest send owners through Connect for signals that nobody needs.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Scope(StrEnum):
    """How far a problem reaches."""

    APP = "app"
    CONNECTION = "connection"
    VEHICLE = "vehicle"
    SIGNAL = "signal"


class Step(StrEnum):
    """What comes next."""

    WAIT = "wait"  # time heals it
    ASK_OWNER = "ask_owner"  # the owner puts something right at the maker
    RECONNECT = "reconnect"  # the owner goes through Connect once more
    CONSENT = "consent"  # a permission is missing: offered where something needed rests on it
    PLAN = "plan"  # the Smartcar plan is used up or too small
    OPERATOR = "operator"  # whoever runs the portal has to look
    UNSUPPORTED = "unsupported"  # it will not come: plans go on without it
    LOST = "lost"  # not there now; the daily list of connections decides what that means


APP, CONNECTION, VEHICLE, SIGNAL = Scope
NOTHING_TO_DO = "You need not do anything."
MINUTES_30, HOURS_1, HOURS_6 = timedelta(minutes=30), timedelta(hours=1), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Row:
    """`cause` is what a manager reads after the state, `owner` is what an owner is told.

    `after` is how long to wait where no Retry-After says it; without either the wait grows with each failure.
    """

    scope: Scope
    step: Step
    cause: str
    owner: str = NOTHING_TO_DO
    after: timedelta | None = None


def _ours(cause: str) -> Row:
    return Row(APP, Step.OPERATOR, cause)


def _upstream(cause: str, after: timedelta | None = None) -> Row:
    return Row(VEHICLE, Step.WAIT, cause, after=after)


def _state(cause: str, owner: str = NOTHING_TO_DO, after: timedelta = HOURS_1) -> Row:
    return Row(VEHICLE, Step.WAIT, cause, owner, after)


def _cannot(cause: str) -> Row:
    return Row(SIGNAL, Step.UNSUPPORTED, cause)


AGAIN = "Please open the link from your fleet and sign in to your car’s account once more."
NO_KEY = "Smartcar does not accept the credentials of this portal"
BAD_REQUEST = "Smartcar does not understand our request"
BAD_PATH = "this portal asked for a path that Smartcar does not have"
NOT_THERE = "Smartcar does not find this car at present"
NO_CONSENT = "the owner’s consent does not cover it"
CONSENT_AGAIN = "Please open the link from your fleet and allow what it names."

TABLE: dict[tuple[str, str], Row] = {
    ("AUTHENTICATION", ""): _ours(NO_KEY),
    ("AUTHENTICATION", "UNAUTHORIZED"): _ours(NO_KEY),
    ("AUTHENTICATION", "ACCESS_DENIED"): _ours("Smartcar does not let this portal’s application do that"),
    ("BILLING", "VEHICLE_LIMIT"): Row(CONNECTION, Step.PLAN, "the Smartcar plan has no room for another car"),
    ("BILLING", "VEHICLE_REQUEST_LIMIT"): Row(VEHICLE, Step.PLAN, "this month’s calls for the car are used up"),
    ("BILLING", "INVALID_PLAN"): Row(APP, Step.PLAN, "the Smartcar plan does not include what we ask for"),
    ("BILLING", "ACCOUNT_SUSPENDED"): Row(APP, Step.PLAN, "the Smartcar account is suspended over its bills"),
    ("COMPATIBILITY", "MAKE_NOT_COMPATIBLE"): _cannot("Smartcar cannot do it for this make"),
    ("COMPATIBILITY", "SMARTCAR_NOT_CAPABLE"): _cannot("Smartcar cannot do it for this car yet"),
    ("COMPATIBILITY", "VEHICLE_NOT_CAPABLE"): _cannot("the car cannot do it"),
    ("COMPATIBILITY", "PLATFORM_NOT_CAPABLE"): Row(
        CONNECTION, Step.RECONNECT, "the maker has moved its cars to another platform", AGAIN
    ),
    ("CONNECTED_SERVICES_ACCOUNT", "ACCOUNT_ISSUE"): Row(
        CONNECTION,
        Step.ASK_OWNER,
        "the maker’s account asks the owner for something",
        "Please open your car maker’s app: it asks you to accept or to fill in something.",
    ),
    ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED"): Row(
        CONNECTION, Step.RECONNECT, "the owner’s sign-in at the maker no longer works", AGAIN
    ),
    ("CONNECTED_SERVICES_ACCOUNT", "NO_VEHICLES"): Row(
        CONNECTION,
        Step.ASK_OWNER,
        "there is no car in the owner’s account at the maker",
        "Please add your car to your account in the maker’s app.",
    ),
    ("CONNECTED_SERVICES_ACCOUNT", "PERMISSION"): Row(
        CONNECTION,
        Step.RECONNECT,
        "the owner’s account may no longer read this car",
        "Please open the link from your fleet and sign in with the account that the car belongs to.",
    ),
    ("CONNECTED_SERVICES_ACCOUNT", "SUBSCRIPTION"): Row(
        CONNECTION,
        Step.ASK_OWNER,
        "the maker’s connected services have ended for this car",
        "Please renew the connected services of your car in the maker’s app.",
    ),
    ("CONNECTED_SERVICES_ACCOUNT", "VEHICLE_MISSING"): Row(
        CONNECTION,
        Step.ASK_OWNER,
        "the car is no longer in the owner’s account at the maker",
        "Please add the car to your account in the maker’s app again, or tell your fleet that you no longer have it.",
    ),
    ("CONNECTED_SERVICES_ACCOUNT", "VIRTUAL_KEY_REQUIRED"): Row(
        CONNECTION,
        Step.ASK_OWNER,
        "the car waits for a virtual key",
        "Please open your car maker’s app and add the virtual key that it offers for Smartcar.",
    ),
    ("PERMISSION", ""): Row(CONNECTION, Step.CONSENT, NO_CONSENT, CONSENT_AGAIN),
    ("RATE_LIMIT", "SMARTCAR_API"): Row(
        APP, Step.WAIT, "this portal asks Smartcar too often", after=timedelta(seconds=30)
    ),
    ("RATE_LIMIT", "VEHICLE"): Row(VEHICLE, Step.WAIT, "the car was asked too often", after=MINUTES_30),
    ("RESOURCE_NOT_FOUND", "PATH"): _ours(BAD_PATH),
    ("RESOURCE_NOT_FOUND", "INVALID_PATH"): _ours(BAD_PATH),
    ("RESOURCE_NOT_FOUND", "VERSION"): _ours("this portal speaks a version that Smartcar does not have"),
    ("RESOURCE_NOT_FOUND", "VEHICLE_NOT_FOUND"): Row(VEHICLE, Step.LOST, NOT_THERE),
    ("RESOURCE_NOT_FOUND", "SIGNAL_NOT_FOUND"): Row(SIGNAL, Step.LOST, "nothing is there yet"),
    ("SERVER", "INTERNAL"): _upstream("Smartcar has a fault of its own"),
    ("SERVER", "MULTIPLE_RECORDS_FOUND"): _cannot("Smartcar cannot tell which battery this car has"),
    ("SERVER", "RECORD_NOT_FOUND"): _cannot("Smartcar does not know the battery of this car"),
    ("UPSTREAM", "INVALID_DATA"): _upstream("what the maker sent cannot be true"),
    ("UPSTREAM", "KNOWN_ISSUE"): _upstream("the maker has a fault that Smartcar knows of", HOURS_1),
    ("UPSTREAM", "NO_RESPONSE"): _upstream("the maker does not answer"),
    ("UPSTREAM", "RATE_LIMIT"): _upstream("the maker was asked too often", MINUTES_30),
    ("UPSTREAM", "UNKNOWN_ISSUE"): _upstream("the maker has a fault"),
    ("VALIDATION", ""): _ours(BAD_REQUEST),
    ("VALIDATION", "PARAMETER"): _ours(BAD_REQUEST),
    ("VALIDATION", "MISSING_PARAMETER"): _ours(BAD_REQUEST),
    ("VALIDATION", "INVALID_INPUT_FORMAT"): _ours(BAD_REQUEST),
    ("VEHICLE_STATE", "ASLEEP"): _state("the car is asleep"),
    ("VEHICLE_STATE", "CHARGING_IN_PROGRESS"): _state("the car is charging"),
    ("VEHICLE_STATE", "CHARGING_PLUG_CONNECTED"): _state("the charging cable is plugged in"),
    ("VEHICLE_STATE", "CHARGING_PLUG_NOT_CONNECTED"): _state("the charging cable is not plugged in"),
    ("VEHICLE_STATE", "CHARGE_FAULT"): _state("the car reports a fault in charging"),
    ("VEHICLE_STATE", "DOOR_OPEN"): _state("a door is open"),
    ("VEHICLE_STATE", "FULLY_CHARGED"): _state("the car is fully charged"),
    ("VEHICLE_STATE", "HOOD_OPEN"): _state("the bonnet is open"),
    ("VEHICLE_STATE", "IGNITION_ON"): _state("the ignition is on"),
    ("VEHICLE_STATE", "IN_MOTION"): _state("the car is being driven"),
    ("VEHICLE_STATE", "LOW_BATTERY"): _state(
        "the car’s battery is too low to answer", "Please charge your car, or drive it for a while.", HOURS_6
    ),
    ("VEHICLE_STATE", "NOT_CHARGING"): _state("the car is not charging"),
    ("VEHICLE_STATE", "REMOTE_ACCESS_DISABLED"): _state(
        "remote access is switched off in the car", "Please switch remote access on in your car’s settings.", HOURS_6
    ),
    ("VEHICLE_STATE", "TRUNK_OPEN"): _state("the boot is open"),
    ("VEHICLE_STATE", "UNKNOWN"): _state("the car cannot answer now"),
    ("VEHICLE_STATE", "UNREACHABLE"): _state("the car has no network where it stands"),
    ("VEHICLE_STATE", "VEHICLE_OFFLINE_FOR_SERVICE"): _state("the car is offline for a service", after=HOURS_6),
    # v3 in small letters, without a type.
    ("", "BAD_REQUEST"): _ours(BAD_REQUEST),
    ("", "FORBIDDEN"): Row(CONNECTION, Step.CONSENT, NO_CONSENT, CONSENT_AGAIN),
    ("", "NOT_FOUND"): Row(VEHICLE, Step.LOST, NOT_THERE),
    ("", "UNAUTHORIZED"): _ours(NO_KEY),
    # The first generation, and OAuth: named by `error`, and never by a fault of their server.
    ("", "PERMISSION_ERROR"): Row(CONNECTION, Step.CONSENT, NO_CONSENT, CONSENT_AGAIN),
    ("", "INVALID_CLIENT"): _ours(NO_KEY),
    ("", "INVALID_REQUEST"): _ours(BAD_REQUEST),
    ("", "INVALID_SCOPE"): _ours(BAD_REQUEST),
    ("", "UNAUTHORIZED_CLIENT"): _ours("Smartcar does not let this portal’s application do that"),
    ("", "UNSUPPORTED_GRANT_TYPE"): _ours(BAD_REQUEST),
    ("", "INVALID_GRANT"): Row(CONNECTION, Step.RECONNECT, "Smartcar has ended this consent", AGAIN),
    # Our own word for the same.
    ("", "GRANT_DEAD"): Row(CONNECTION, Step.RECONNECT, "Smartcar has ended this consent", AGAIN),
}

# Which row a new code of a known type is treated as.
LIKE = {
    "AUTHENTICATION": "",
    "BILLING": "INVALID_PLAN",
    "COMPATIBILITY": "VEHICLE_NOT_CAPABLE",
    "CONNECTED_SERVICES_ACCOUNT": "ACCOUNT_ISSUE",
    "PERMISSION": "",
    "RATE_LIMIT": "SMARTCAR_API",
    "RESOURCE_NOT_FOUND": "VEHICLE_NOT_FOUND",
    "SERVER": "INTERNAL",
    "UPSTREAM": "UNKNOWN_ISSUE",
    "VALIDATION": "",
    "VEHICLE_STATE": "UNKNOWN",
}

BY_RESOLUTION = {
    "RETRY_LATER": Row(VEHICLE, Step.WAIT, "Smartcar asks us to try again later"),
    "REAUTHENTICATE": Row(CONNECTION, Step.RECONNECT, "Smartcar asks the owner to sign in once more", AGAIN),
    "FINANCE": Row(APP, Step.PLAN, "something is wrong with the Smartcar plan"),
    "CONTACT_SUPPORT": _ours("Smartcar asks us to talk to its support"),
}

GRAVEST_FIRST = (
    Step.RECONNECT,
    Step.ASK_OWNER,
    Step.PLAN,
    Step.OPERATOR,
    Step.WAIT,
    Step.CONSENT,
    Step.LOST,
    Step.UNSUPPORTED,
)


def look_up(kind: str, code: str) -> tuple[Row | None, bool]:
    """The row of a type and code, and whether it is theirs: a new code goes by its type, nothing by nothing."""
    if row := TABLE.get((kind, code)):
        return row, True
    return TABLE.get((kind, LIKE[kind])) if kind in LIKE else None, False


def row_for(kind: str, code: str, resolution: str = "") -> tuple[Row | None, bool]:
    """As `look_up`, with a look at the resolution where type and code leave it open."""
    row, known = look_up(kind, code)
    if row is None or (not known and row.step is Step.ASK_OWNER):
        row = BY_RESOLUTION.get(resolution) or row
    return row, known


def reason_of(kind: str, code: str) -> str:
    """Type and code as one word, such as it is stored."""
    return ".".join(filter(None, (kind, code)))


# The login is well, and a new one mends nothing: more has to be allowed.
WANTS_CONSENT = frozenset(".".join(filter(None, key)) for key, row in TABLE.items() if row.step is Step.CONSENT)


def row_of(reason: str) -> Row | None:
    """The row of a reason as it is stored: “TYPE.CODE”, or either alone."""
    kind, _, code = reason.partition(".")
    return look_up(kind, code)[0] or TABLE.get(("", reason)) or _by_code(reason)


def _by_code(code: str) -> Row | None:
    """Rows were once stored by their code alone."""
    return next((row for (_, known), row in TABLE.items() if known and known == code), None)
