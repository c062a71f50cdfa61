"""What v2 answers besides measurements: lists, permissions, compatibility, managed connections."""

from dataclasses import dataclass
from datetime import datetime

from vehicles.smartcar.texts import read_id, read_text
from vehicles.smartcar.timestamps import read_time


@dataclass(frozen=True, slots=True)
class ManagedConnection:
    """One consent as the application's management sees it."""

    vehicle_id: str
    user_id: str
    connected_at: datetime | None
    mode: str


@dataclass(frozen=True, slots=True)
class Capable:
    """Whether a kind of car can answer one path; `reason` is Smartcar's word where it cannot."""

    path: str
    permission: str
    capable: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Compatibility:
    compatible: bool
    reason: str
    capabilities: tuple[Capable, ...]


@dataclass(frozen=True, slots=True)
class ModelSeen:
    """One model of the matrix, and what its cars can tell."""

    make: str
    model: str
    first_year: int | None
    last_year: int | None
    powertrain: str
    permissions: tuple[str, ...]


def read_ids(raw: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(read_id, _list(raw)))))


def read_count(raw_paging: object) -> int:
    """How many there are over all pages; 0 where nobody says."""
    count = raw_paging.get("count") if isinstance(raw_paging, dict) else None
    return count if type(count) is int and 0 <= count < 10**9 else 0


def read_cursor(raw_paging: object) -> str:
    """The next page; "" after the last."""
    cursor = raw_paging.get("cursor") if isinstance(raw_paging, dict) else None
    return cursor if isinstance(cursor, str) and len(cursor) <= 2_000 and cursor.isprintable() else ""


def read_managed(raw_connections: object) -> list[ManagedConnection]:
    """Those that name a vehicle and a user."""
    found = [
        ManagedConnection(
            vehicle_id=read_id(raw.get("vehicleId")),
            user_id=read_id(raw.get("userId")),
            connected_at=read_time(raw.get("connectedAt")),
            mode=read_text(raw.get("mode"), 20).lower(),
        )
        for raw in _list(raw_connections)
        if isinstance(raw, dict)
    ]
    return [seen for seen in found if seen.vehicle_id and seen.user_id]


def read_compatibility(body: dict) -> Compatibility:
    capabilities = [raw for raw in _list(body.get("capabilities")) if isinstance(raw, dict)]
    return Compatibility(
        compatible=body.get("compatible") is True,
        reason=read_text(body.get("reason"), 60).upper(),
        capabilities=tuple(
            Capable(
                path=read_text(raw.get("endpoint"), 80).lower(),
                permission=read_text(raw.get("permission"), 60),
                capable=raw.get("capable") is True,
                reason=read_text(raw.get("reason"), 60).upper(),
            )
            for raw in capabilities
        ),
    )


def read_matrix(body: dict) -> tuple[ModelSeen, ...]:
    return tuple(
        ModelSeen(
            make=read_text(make, 60),
            model=read_text(raw.get("model"), 100),
            first_year=_year(raw.get("startYear")),
            last_year=_year(raw.get("endYear")),
            powertrain=read_text(raw.get("type"), 10).upper(),
            permissions=read_ids(raw.get("permissions")),
        )
        for make, models in body.items()
        for raw in _list(models)
        if isinstance(raw, dict)
    )


def _year(raw: object) -> int | None:
    return raw if type(raw) is int and 1900 <= raw <= 2100 else None


def _list(raw: object) -> list:
    return raw if isinstance(raw, list) else []
