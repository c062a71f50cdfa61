"""Answers in the shape of v3: resources, pages and errors."""

import json
import uuid
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

LARGEST_PAGE = 100
TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
TITLES |= {405: "Method Not Allowed", 429: "Too Many Requests", 430: "Billing", 500: "Internal Server Error"}
TITLES |= {501: "Not Implemented", 502: "Bad Gateway"}


class Problem(Exception):
    """Ends a call with a v3 error."""

    def __init__(
        self,
        status: int,
        kind: str,
        code: str | None,
        detail: str,
        *,
        resolution: dict | None = None,
        wait_seconds: int | None = None,
        **more,
    ):
        super().__init__(detail)
        self.status = status
        self.wait_seconds = wait_seconds
        self.body = {
            "status": str(status),
            "type": kind,
            "code": code,
            "title": TITLES[status],
            "detail": detail,
            "resolution": resolution or {"type": None},
        } | more

    def answer(self) -> Response:
        request_id = str(uuid.uuid4())
        response = as_json({"errors": [self.body | {"meta": {"debug": {"requestId": request_id}}}]}, self.status)
        response.headers["SC-Request-Id"] = request_id
        if self.wait_seconds is not None:
            response.headers["Retry-After"] = str(self.wait_seconds)
        return response


def not_found(code: str, detail: str) -> Problem:
    return Problem(404, "RESOURCE_NOT_FOUND", code, detail)


def invalid(detail: str, code: str = "INVALID_INPUT_FORMAT") -> Problem:
    return Problem(400, "VALIDATION", code, detail)


def as_json(body: dict, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def single(resource: dict, **more) -> Response:
    return as_json({"data": resource, "links": resource.get("links", {})} | more)


def page(request: Request, rows: list, draw, *, default_size: int = 10, order: dict | None = None, **more) -> Response:
    """One page of `rows`, each drawn as a resource; the links carry on the filters that were asked."""
    number = _positive(request, "page[number]", 1)
    size = min(_positive(request, "page[size]", default_size), LARGEST_PAGE)
    last = max(1, -(-len(rows) // size))
    filters = {key: value for key, value in request.args.items() if key not in ("page[number]", "page[size]")}

    def link(to: int) -> str:
        return f"{request.base_url}?{urlencode(filters | {'page[number]': to, 'page[size]': size})}"

    return as_json(
        {
            "data": [draw(row) for row in rows[(number - 1) * size : number * size]],
            "meta": {"pageNumber": number, "pageSize": size, "totalCount": len(rows)} | (order or {}),
            "links": {
                "self": link(number),
                "first": link(1),
                "prev": link(number - 1) if number > 1 else None,
                "next": link(number + 1) if number < last else None,
                "last": link(last),
            },
        }
        | more
    )


def _positive(request: Request, name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) < 10**8:
        raise invalid(f"{name} must be a whole number above zero")
    return int(text)
