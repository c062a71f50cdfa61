"""The maker's service history becomes rows of its own. All of it comes with every answer: each visit is kept once."""

import hashlib
import json
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from fleet.kit import rows
from vehicles.models import DealerRecord, Vehicle
from vehicles.waist.arriving import Heard

FIELDS = ["their_id", "content", "done_at", "odometer_km", "tasks", "details", "cost", "currency"]


def take(readings: list[Heard]) -> set[int]:
    """Write what the newest telling says of each visit, whatever order they come in. The vehicles that changed."""
    if not readings:
        return set()
    known = {}
    for row in DealerRecord.objects.filter(vehicle_id__in={r.vehicle_id for r in readings}):
        known[key_of(row.vehicle_id, row.their_id, row.content)] = row
    new, changed, told_again = [], {}, {}
    for reading in readings:
        for values in map(columns, reading.detail):
            key = key_of(reading.vehicle_id, values["their_id"], values["content"])
            row = known.get(key)
            if row is None:
                receipt = {"told_at": reading.at, "received_at": reading.received_at}
                known[key] = DealerRecord(vehicle_id=reading.vehicle_id, **receipt, **values)
                new.append(known[key])
                continue
            if reading.at < row.told_at:
                continue
            held = {name: getattr(row, name) for name in FIELDS}
            if reading.at == row.told_at and spelling(values) <= spelling(held):
                continue
            for name, value in values.items():
                setattr(row, name, value)
            row.told_at = reading.at  # told again is told later: what comes in from in between is older news
            if row.pk is not None:
                (told_again if held == values else changed)[row.pk] = row
    write(new, changed, told_again)
    return {row.vehicle_id for row in (*new, *changed.values())}


def write(new: list[DealerRecord], changed: dict[int, DealerRecord], told_again: dict[int, DealerRecord]) -> None:
    """What is told again unchanged comes with every answer, so that goes by moments and not row by row."""
    rows.insert(new)
    for row in changed.values():
        row.save()
    moments = defaultdict(list)
    for pk, row in told_again.items():
        if pk not in changed:
            moments[row.told_at].append(pk)
    for told_at, pks in moments.items():
        DealerRecord.objects.filter(pk__in=pks).update(told_at=told_at)


def key_of(vehicle_id: int, their_id: str | None, content: str) -> tuple:
    return (vehicle_id, "id", their_id) if their_id else (vehicle_id, "content", content)


def spelling(values: dict) -> str:
    """Of two tellings the later stands; at one moment their own words decide, by this."""
    return json.dumps(values, sort_keys=True, default=str)


def visits(vehicle: Vehicle) -> list[DealerRecord]:
    """Each visit once: what was told without an id may have been told with one too."""
    held = list(DealerRecord.objects.filter(vehicle=vehicle))
    named = {row.content for row in held if row.their_id}
    return [row for row in held if row.their_id or row.content not in named]


def columns(told: dict) -> dict:
    cost = told["cost"] or {}
    return {
        "their_id": told["id"],
        "content": content_of(told),
        "done_at": datetime.fromisoformat(told["at"]) if told["at"] else None,
        "odometer_km": told["odometer_km"],
        "tasks": told["tasks"],
        "details": told["details"],
        "cost": Decimal(str(cost["amount"])).quantize(Decimal("0.01")) if cost else None,
        "currency": cost.get("currency") or "",
    }


def content_of(told: dict) -> str:
    """When, at what odometer and what: the price and the fine print may be told later."""
    visit = [told["at"], told["odometer_km"], sorted(task["name"] for task in told["tasks"])]
    return hashlib.sha256(json.dumps(visit).encode()).hexdigest()[:16]
