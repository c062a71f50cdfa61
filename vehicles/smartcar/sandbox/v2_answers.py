"""Answers in the shape of v2: bare bodies, what belongs to them in headers, and errors of one object."""

import uuid

from werkzeug.wrappers import Response

from vehicles.smartcar.sandbox import mishaps
from vehicles.smartcar.sandbox.answers import as_json

# Only these come with a sentence for the owner.
SPOKEN = {"CONNECTED_SERVICES_ACCOUNT", "RATE_LIMIT", "RESOURCE_NOT_FOUND", "SERVER", "UPSTREAM", "VEHICLE_STATE"}


class Problem(Exception):
    """Ends a call, or one path of a batch, with a v2 error."""

    def __init__(
        self,
        kind: str,
        code: str | None = None,
        *,
        detail: list[dict] | None = None,
        resolution: dict | None = None,
        wait_seconds: int | None = None,
    ):
        super().__init__(f"{kind} {code}")
        told = mishaps.mishap(kind, code)
        self.status = told.status
        self.wait_seconds = wait_seconds
        self.request_id = str(uuid.uuid4())
        self.body = {
            "type": kind,
            "code": code,
            "description": told.description,
            "docURL": told.docs,
            "statusCode": told.status,
            "requestId": self.request_id,
            "resolution": resolution or {"type": told.resolution},
        }
        if kind in SPOKEN:
            self.body["suggestedUserMessage"] = told.message
        if detail:
            self.body["detail"] = detail

    def answer(self) -> Response:
        response = as_json(self.body, self.status)
        response.headers["SC-Request-Id"] = self.request_id
        if self.wait_seconds is not None:
            response.headers["Retry-After"] = str(self.wait_seconds)
        return response


def invalid(field: str, message: str, code: str | None = None) -> Problem:
    return Problem("VALIDATION", code, detail=[{"field": [field], "message": f'"{field}" {message}'}])


def no_such_path(path: str) -> Problem:
    """A version that never was is told apart from a path that it does not have."""
    _, _, version, *_ = [*path.split("/"), ""]
    return Problem("RESOURCE_NOT_FOUND", "PATH" if version == "v2.0" else "VERSION")


def told(body: dict | list, headers: dict[str, str] | None = None) -> Response:
    response = as_json(body)
    response.headers["SC-Request-Id"] = str(uuid.uuid4())
    response.headers.update(headers or {})
    return response


def whole_number(text: str, name: str, *, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text[:9]) <= high:
        raise invalid(name, f"must be a number from {low} to {high}")
    return int(text)
