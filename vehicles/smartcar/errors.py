"""What may go wrong at Smartcar, named after what we do next. No secret, VIN or body ever gets in here."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from vehicles.smartcar.error_table import GRAVEST_FIRST, Row, Scope, Step, reason_of, row_for
from vehicles.smartcar.texts import parsed


class SmartcarProblem(Exception):
    """`type` and `code` are Smartcar's words, `detail` is ours, `request_id` is what their support asks for.

    `scope` says how far it reaches and `step` what comes next. `known` is False where no row of the table has this
    type and code. `url` is where the owner mends it, as Smartcar tells it: to be doubted before anybody is sent there.
    """

    scope: Scope = Scope.VEHICLE
    step: Step = Step.WAIT

    def __init__(
        self,
        detail: str = "",
        *,
        type: str = "",
        code: str = "",
        status: int | None = None,
        request_id: str = "",
        known: bool = True,
        url: str = "",
        scope: Scope | None = None,
        step: Step | None = None,
    ):
        self.detail = detail
        self.type = type
        self.code = code
        self.status = status
        self.request_id = request_id
        self.known = known
        self.url = url
        if scope is not None:
            self.scope = Scope(scope)
        if step is not None:
            self.step = step
        super().__init__(detail)

    def __str__(self) -> str:
        about = {"type": self.type, "code": self.code, "status": self.status, "request": self.request_id}
        told = ", ".join(f"{name} {value}" for name, value in about.items() if value)
        return f"{self.detail or type(self).__name__} ({told})" if told else self.detail or type(self).__name__

    @property
    def name(self) -> str:
        """Type and code as one word, such as it is stored."""
        return reason_of(self.type, self.code)


class TryLater(SmartcarProblem):
    """Nothing is wrong that time does not heal. `after` is None where Smartcar did not say how long."""

    def __init__(self, after: timedelta | None = None, scope: Scope = Scope.VEHICLE, detail: str = "", **about):
        super().__init__(detail or "try later", scope=scope, **about)
        self.after = after


class NeedsOwner(SmartcarProblem):
    """Only the owner of the car can mend it: stop asking until they did."""

    scope = Scope.CONNECTION
    step = Step.RECONNECT

    def __init__(self, reason: str = "", detail: str = "", **about):
        super().__init__(detail or "the owner has to act", **about)
        self.reason = reason


class NeedsPlan(SmartcarProblem):
    """The Smartcar plan is used up or too small, for one vehicle or for the whole application."""

    step = Step.PLAN

    def __init__(self, scope: Scope = Scope.APP, detail: str = "", **about):
        super().__init__(detail or "the Smartcar plan does not allow it", scope=scope, **about)


class NotThere(SmartcarProblem):
    """Smartcar does not know it, now. It may be back tomorrow: this is no proof of a disconnect."""

    step = Step.LOST


class NotCapable(NotThere):
    """The car, or Smartcar for this make, cannot do it at all."""

    scope = Scope.SIGNAL
    step = Step.UNSUPPORTED


class NotPermitted(SmartcarProblem):
    """The owner's consent does not cover it."""

    scope = Scope.CONNECTION
    step = Step.CONSENT


class OurFault(SmartcarProblem):
    """A wrong request or a wrong setting: the operator has to look, repeating it does not help."""

    scope = Scope.APP
    step = Step.OPERATOR


class Unreadable(SmartcarProblem):
    """What came is not what Smartcar sends: a proxy's page, a truncated body, another protocol."""


AFTER_AT_LEAST = timedelta(seconds=30)  # the application's bucket gains one call in that time
AFTER_AT_MOST = timedelta(hours=24)
SECONDS = re.compile(r"-?[0-9]{1,9}(\.[0-9]+)?")
WORD = re.compile(r"[A-Za-z0-9_]{1,60}")
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
URL_AT_MOST = 500

Build = Callable[[Row, timedelta | None, dict], SmartcarProblem]

BUILD: dict[Step, Build] = {
    Step.WAIT: lambda row, after, about: TryLater(after or row.after, row.scope, **about),
    Step.ASK_OWNER: lambda row, after, about: NeedsOwner(reason_of(about["type"], about["code"]), **about),
    Step.RECONNECT: lambda row, after, about: NeedsOwner(reason_of(about["type"], about["code"]), **about),
    Step.CONSENT: lambda row, after, about: NotPermitted(row.cause, **about),
    Step.PLAN: lambda row, after, about: NeedsPlan(row.scope, **about),
    Step.OPERATOR: lambda row, after, about: OurFault(row.cause, **about),
    Step.UNSUPPORTED: lambda row, after, about: NotCapable(row.cause, **about),
    Step.LOST: lambda row, after, about: NotThere(row.cause, **about),
}

# For bodies without a word that we know: whatever stands between Smartcar and us speaks in numbers.
BY_STATUS: dict[int, Row] = {
    401: Row(Scope.APP, Step.OPERATOR, "Smartcar does not accept our credentials"),
    403: Row(Scope.CONNECTION, Step.CONSENT, "the owner's consent does not cover it"),
    404: Row(Scope.VEHICLE, Step.LOST, "not there"),
    408: Row(Scope.VEHICLE, Step.WAIT, "no answer in time"),
    409: Row(Scope.VEHICLE, Step.WAIT, "the car cannot answer now"),
    410: Row(Scope.VEHICLE, Step.LOST, "not there any more"),
    429: Row(Scope.APP, Step.WAIT, "asked too often", after=AFTER_AT_LEAST),
    430: Row(Scope.APP, Step.PLAN, "the Smartcar plan does not allow it"),
    460: Row(Scope.VEHICLE, Step.WAIT, "no answer in time"),
    501: Row(Scope.SIGNAL, Step.UNSUPPORTED, "the car cannot do it"),
    503: Row(Scope.APP, Step.WAIT, "Smartcar is not there at present"),
}


def problem_from(status: int, headers: Mapping, body: bytes, now: datetime) -> SmartcarProblem:
    """The problem that an answer other than 2xx tells, in any dialect. Of several the gravest."""
    lower = {str(name).lower(): value for name, value in headers.items()}
    after = _after(lower.get("retry-after"), now)
    told = _errors_in(body)
    if told is None and status in {403, 404, 409, 410}:
        # A page of somebody else's: it proves nothing about the car.
        return Unreadable("an answer that is not Smartcar's", status=status, request_id=_request_id({}, lower))
    problems = [_problem(status, error, after, lower) for error in told or [{}]]
    return min(problems, key=lambda problem: GRAVEST_FIRST.index(problem.step))


def _problem(status: int, told: dict, after: timedelta | None, headers: dict) -> SmartcarProblem:
    kind, code = (_word(told.get(name)).upper() for name in ("type", "code"))
    if not kind and status < 500 and (named := _word(told.get("error")).upper()):
        code = named
    resolution = told.get("resolution")
    resolution = resolution if isinstance(resolution, dict) else {"type": resolution}
    about = {
        "type": kind,
        "code": code,
        "status": status,
        "request_id": _request_id(told, headers),
        "url": _url(resolution.get("url")),
    }
    row, known = row_for(kind, code, _word(resolution.get("type")).upper())
    about["known"] = known or not (kind or code)
    row = row or BY_STATUS.get(status)
    if row is None and 500 <= status < 600:
        row = Row(Scope.VEHICLE, Step.WAIT, "a fault at Smartcar")
    if row is None and 300 <= status < 500:
        row = Row(
            Scope.APP,
            Step.OPERATOR,
            "a redirect: is the origin right?" if status < 400 else "Smartcar refuses our request",
        )
    if row is None:
        return Unreadable("an answer without a meaning", **about)
    return BUILD[row.step](row, after, about | {"step": row.step} | _scope_of(row))


def _scope_of(row: Row) -> dict:
    """Where the class takes its scope by place."""
    return {} if row.step in (Step.WAIT, Step.PLAN) else {"scope": row.scope}


def _errors_in(body: bytes) -> list[dict] | None:
    """The errors told; empty where nothing is said, None where it is not JSON of theirs."""
    if not body.strip():
        return []
    try:
        told = parsed(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    errors = told.get("errors")
    found = [one for one in (errors if isinstance(errors, list) else [errors]) if isinstance(one, dict)]
    return [{"requestId": told.get("requestId"), "meta": told.get("meta")} | one for one in found[:20]] or [told]


def _url(raw: object) -> str:
    """An address as it is told, without a look at where it leads."""
    fits = isinstance(raw, str) and len(raw) <= URL_AT_MOST and raw.isascii() and raw.isprintable() and " " not in raw
    return raw if fits and raw.startswith(("https://", "http://")) else ""


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
