"""The answers to a batch, one for each path, as measurements and gaps. Legacy webhooks carry the same."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from vehicles.domain.measurements import Gap, Identity, Measurement, Snapshot, Why
from vehicles.smartcar.doubts import Doubt
from vehicles.smartcar.errors import SmartcarProblem, problem_from
from vehicles.smartcar.payloads import once_each, read_identity, read_value
from vehicles.smartcar.signal_errors import strange_errors, why_failed, words_of
from vehicles.smartcar.texts import read_text
from vehicles.smartcar.timestamps import read_past
from vehicles.smartcar.v2.bodies import (
    IDENTITY,
    IMPERIAL,
    LEFT_OUT,
    METRIC,
    OLDER,
    PATHS,
    SYSTEMS,
    Path,
    Units,
    named_systems,
    told_by,
)
from vehicles.smartcar.vocabulary import strangers

ERROR_FIELDS = {"type", "code", "statusCode", "requestId", "resolution", "error", "message", "description"}
TYPES = {403: "PERMISSION", 404: "RESOURCE_NOT_FOUND", 501: "COMPATIBILITY"}  # where the error names none


@dataclass(frozen=True, slots=True)
class Item:
    """One path's answer, with the headers in small letters: its own, before those around it."""

    path: str
    status: int
    body: object
    headers: dict

    @property
    def went_well(self) -> bool:
        return 200 <= self.status < 300

    @property
    def units(self) -> Units:
        """What the answer says it speaks; we always ask for metric."""
        told = read_text(self.headers.get("sc-unit-system"), 20).lower()
        return IMPERIAL if told == "imperial" else METRIC

    def problem(self, now: datetime) -> SmartcarProblem:
        told = {name: _flat(value) for name, value in _dict(self.body).items() if name in ERROR_FIELDS}
        return problem_from(self.status, self.headers, json.dumps(told).encode(), now)


def items_in(raw_items: object, around: Mapping | None = None) -> list[Item]:
    found = []
    for raw in raw_items if isinstance(raw_items, list) else []:
        if not isinstance(raw, dict) or not isinstance(raw.get("path"), str):
            continue
        path = "/" + raw["path"].strip().strip("/").lower()
        status = raw.get("code")
        if type(status) is not int:
            status = 200 if status is None and raw.get("body") is not None else 0
        found.append(Item(path, status, raw.get("body"), _small(around) | _small(raw.get("headers"))))
    return found


def read_items(items: list[Item], *, now: datetime, delivered_at: datetime | None = None) -> Snapshot:
    """All that the paths told. A path that failed is a gap in each of its signals, and spoils no other."""
    said: list[Measurement | Gap] = []
    identity: Identity | None = None
    names: list[str] = []
    for item in items:
        path = PATHS.get(item.path) or OLDER.get(item.path)
        if item.path == IDENTITY and item.went_well:
            identity = read_identity(item.body)
        elif path is not None:
            said += _said(item, path, now, delivered_at)
        elif item.path != IDENTITY and item.path not in LEFT_OUT:
            names.append(f"v2{item.path}")
        if path is PATHS["/diagnostics/system_status"] and isinstance(item.body, dict):
            names += [name for name, _ in named_systems(item.body) if name not in SYSTEMS]
    failures = {words_of(_dict(item.body)) for item in items if not item.went_well}
    return Snapshot(*once_each(said), identity, strangers(names), strange_errors(failures))


def _said(item: Item, path: Path, now: datetime, delivered_at: datetime | None) -> Iterator[Measurement | Gap]:
    if not item.went_well:
        why, note = _why(item)
        yield from (Gap(signal, why, note) for signal in path.signals)
        return
    measured_at = read_past(item.headers.get("sc-data-age"), now)
    fetched_at = read_past(item.headers.get("sc-fetched-at"), now)
    if measured_at is None and fetched_at is None:
        fetched_at = delivered_at
    for signal, told in told_by(path, item.body, item.units).items():
        value = Gap(signal, told.why, told.note) if isinstance(told, Doubt) else read_value(signal, told, now)
        yield value if isinstance(value, Gap) else Measurement(signal, value, measured_at, fetched_at)


def _why(item: Item) -> tuple[Why, str]:
    kind, code = words_of(_dict(item.body))
    return why_failed(kind or TYPES.get(item.status, ""), code)


def _small(raw: object) -> dict:
    return {str(name).lower(): value for name, value in raw.items()} if isinstance(raw, Mapping) else {}


def _dict(raw: object) -> dict:
    return raw if isinstance(raw, dict) else {}


def _flat(raw: object) -> object:
    """Text, or an object of texts: all that an error is made of, and nothing that is too deep to write again."""
    if isinstance(raw, dict):
        return {name: value for name, value in raw.items() if isinstance(name, str) and isinstance(value, str)}
    return raw if isinstance(raw, str) else None
