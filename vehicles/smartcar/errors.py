"""What may go wrong at Smartcar, named after what we do next. No secret, VIN or body ever gets in here."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

Scope = Literal["app", "vehicle"]


class SmartcarProblem(Exception):
    """`type` and `code` are Smartcar's words, `detail` is ours, `request_id` is what their support asks for."""

    def __init__(
        self, detail: str = "", *, type: str = "", code: str = "", status: int | None = None, request_id: str = ""
    ):
        self.detail = detail
        self.type = type
        self.code = code
        self.status = status
        self.request_id = request_id
        super().__init__(detail)

    def __str__(self) -> str:
        about = {"type": self.type, "code": self.code, "status": self.status, "request": self.request_id}
        told = ", ".join(f"{name} {value}" for name, value in about.items() if value)
        return f"{self.detail or type(self).__name__} ({told})" if told else self.detail or type(self).__name__


class TryLater(SmartcarProblem):
    """Nothing is wrong that time does not heal. `after` is None where Smartcar did not say how long."""

    def __init__(self, after: timedelta | None = None, scope: Scope = "vehicle", detail: str = "", **about):
        super().__init__(detail or "try later", **about)
        self.after = after
        self.scope = scope


class NeedsOwner(SmartcarProblem):
    """Only the owner of the car can mend it: stop asking until they did."""

    def __init__(self, reason: str = "", detail: str = "", **about):
        super().__init__(detail or "the owner has to act", **about)
        self.reason = reason


class NeedsPlan(SmartcarProblem):
    """The Smartcar plan is used up or too small, for one vehicle or for the whole application."""

    def __init__(self, scope: Scope = "app", detail: str = "", **about):
        super().__init__(detail or "the Smartcar plan does not allow it", **about)
        self.scope = scope


class NotThere(SmartcarProblem):
    """Smartcar does not know it, now. It may be back tomorrow: this is no proof of a disconnect."""


class NotCapable(NotThere):
    """The car, or Smartcar for this make, cannot do it at all."""


class NotPermitted(SmartcarProblem):
    """The owner's consent does not cover it."""


class OurFault(SmartcarProblem):
    """A wrong request or a wrong setting: the operator has to look, repeating it does not help."""


class Unreadable(SmartcarProblem):
    """What came is not what Smartcar sends: a proxy's page, a truncated body, another protocol."""


AFTER_AT_LEAST = timedelta(seconds=30)  # the application's bucket gains one call in that time
AFTER_AT_MOST = timedelta(hours=24)
AFTER_VEHICLE = timedelta(minutes=30)  # where Smartcar says a vehicle is asked too often, but not for how long
SECONDS = re.compile(r"-?[0-9]{1,9}(\.[0-9]+)?")
WORD = re.compile(r"[A-Za-z0-9_]{1,60}")
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")

Step = Callable[[timedelta | None, str, dict], SmartcarProblem]


def _later(scope: Scope, otherwise: timedelta | None = None) -> Step:
    return lambda after, code, about: TryLater(after or otherwise, scope, **about)


def _is(problem: type[SmartcarProblem], detail: str = "") -> Step:
    return lambda after, code, about: problem(detail=detail, **about)


def _owner(after: timedelta | None, code: str, about: dict) -> SmartcarProblem:
    return NeedsOwner(code or about["type"], **about)


def _plan(scope: Scope) -> Step:
    return lambda after, code, about: NeedsPlan(scope, **about)


# Looked up by type and code, then by type alone. What Smartcar calls a resolution is left out on purpose: most of
# them are null, and the rest send owners through Connect for signals nobody needs.
BY_TYPE: dict[tuple[str, str], Step] = {
    ("AUTHENTICATION", ""): _is(OurFault, "Smartcar does not accept our credentials"),
    ("BILLING", ""): _plan("app"),
    ("BILLING", "VEHICLE_LIMIT"): _plan("vehicle"),
    ("BILLING", "VEHICLE_REQUEST_LIMIT"): _plan("vehicle"),
    ("COMPATIBILITY", ""): _is(NotCapable, "the car cannot do it"),
    ("COMPATIBILITY", "PLATFORM_NOT_CAPABLE"): _owner,
    ("CONNECTED_SERVICES_ACCOUNT", ""): _owner,
    ("PERMISSION", ""): _is(NotPermitted, "the owner's consent does not cover it"),
    ("RATE_LIMIT", ""): _later("app", AFTER_AT_LEAST),
    ("RATE_LIMIT", "VEHICLE"): _later("vehicle", AFTER_VEHICLE),
    ("RESOURCE_NOT_FOUND", ""): _is(NotThere, "not there"),
    ("RESOURCE_NOT_FOUND", "INVALID_PATH"): _is(OurFault, "a path Smartcar does not have"),
    ("RESOURCE_NOT_FOUND", "PATH"): _is(OurFault, "a path Smartcar does not have"),
    ("RESOURCE_NOT_FOUND", "VERSION"): _is(OurFault, "a version Smartcar does not have"),
    ("SERVER", ""): _later("vehicle"),
    ("UPSTREAM", ""): _later("vehicle"),
    ("VALIDATION", ""): _is(OurFault, "Smartcar does not understand our request"),
    ("VEHICLE_STATE", ""): _later("vehicle"),
}

# For bodies without a type: the dialect of 2025, OAuth, and whatever stands between Smartcar and us.
BY_STATUS: dict[int, Step] = {
    401: _is(OurFault, "Smartcar does not accept our credentials"),
    403: _is(NotPermitted, "the owner's consent does not cover it"),
    404: _is(NotThere, "not there"),
    408: _later("vehicle"),
    409: _later("vehicle"),
    410: _is(NotThere, "not there any more"),
    429: _later("app", AFTER_AT_LEAST),
    430: _plan("app"),
    460: _later("vehicle"),
    501: _is(NotCapable, "the car cannot do it"),
    503: _later("app"),
}


def problem_from(status: int, headers: Mapping, body: bytes, now: datetime) -> SmartcarProblem:
    """The problem that an answer other than 2xx tells, in any dialect."""
    told = _error_in(body)
    kind, code = (_word(told.get(name)).upper() if told else "" for name in ("type", "code"))
    lower = {str(name).lower(): value for name, value in headers.items()}
    about = {"type": kind, "code": code, "status": status, "request_id": _request_id(told or {}, lower)}

    step = BY_TYPE.get((kind, code)) or BY_TYPE.get((kind, ""))
    if step is None and told is None and status in {403, 404, 409, 410}:
        # A page of somebody else's: it proves nothing about the car.
        return Unreadable("an answer that is not Smartcar's", **about)
    step = step or BY_STATUS.get(status)
    if step is None and 500 <= status < 600:
        step = _later("vehicle")
    if step is None and 300 <= status < 500:
        step = _is(OurFault, "a redirect: is the origin right?" if status < 400 else "Smartcar refuses our request")
    if step is None:
        return Unreadable("an answer without a meaning", **about)
    return step(_after(lower.get("retry-after"), now), code, about)


def _error_in(body: bytes) -> dict | None:
    """The (first) error told; empty where nothing is said, None where it is not JSON of theirs."""
    if not body.strip():
        return {}
    try:
        told = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    errors = told.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else errors
    return first if isinstance(first, dict) else told


def _word(raw: object) -> str:
    return raw if isinstance(raw, str) and WORD.fullmatch(raw) else ""


def _request_id(told: dict, headers: dict) -> str:
    meta = told.get("meta")
    debug = meta.get("debug") if isinstance(meta, dict) else None
    given = debug.get("requestId") if isinstance(debug, dict) else None
    for raw in (given, told.get("requestId"), headers.get("sc-request-id")):
        if isinstance(raw, str) and REQUEST_ID.fullmatch(raw):
            return raw
    return ""


def _after(raw: object, now: datetime) -> timedelta | None:
    """How long Retry-After asks to wait, in seconds or until a date; never less or more than makes sense."""
    text = raw.strip()[:100] if isinstance(raw, str) else ""
    try:
        if text.isascii() and text.isdigit() and len(text) > 9:
            return AFTER_AT_MOST
        if SECONDS.fullmatch(text):
            after = timedelta(seconds=float(text))
        else:
            until = parsedate_to_datetime(text)
            after = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(after, AFTER_AT_LEAST), AFTER_AT_MOST)
