"""The maker's service history becomes rows of its own. All of it comes with every answer: each visit is kept once."""

import hashlib
import json
from datetime import datetime
from decimal import Decimal

from vehicles.models import DealerRecord, Reading, Vehicle

FIELDS = ["their_id", "content", "done_at", "odometer_km", "tasks", "details", "cost", "currency"]


def take(readings: list[Reading]) -> set[int]:
    """Write what the newest telling says of each visit, whatever order they come in. The vehicles that changed."""
    if not readings:
        return set()
    known = {}
    for row in DealerRecord.objects.filter(vehicle_id__in={r.vehicle_id for r in readings}):
        known[key_of(row.vehicle_id, row.their_id, row.content)] = row
    changed = set()
    for reading in readings:
        for told in reading.detail:
            if take_one(reading, columns(told), known):
                changed.add(reading.vehicle_id)
    return changed


def take_one(reading: Reading, values: dict, known: dict) -> bool:
    key = key_of(reading.vehicle_id, values["their_id"], values["content"])
    row = known.get(key)
    if row is None:
        receipt = {"told_at": reading.at, "received_at": reading.received_at}
        known[key] = DealerRecord.objects.create(vehicle_id=reading.vehicle_id, **receipt, **values)
        return True
    held = {name: getattr(row, name) for name in FIELDS}
    if newness(reading.at, values) <= newness(row.told_at, held):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.told_at = reading.at  # told again is told later: what comes in from in between is older news
    row.save()
    return held != values


def key_of(vehicle_id: int, their_id: str | None, content: str) -> tuple:
    return (vehicle_id, "id", their_id) if their_id else (vehicle_id, "content", content)


def newness(at: datetime, values: dict) -> tuple:
    """Of two tellings the later stands; at one moment their own words decide."""
    return at, json.dumps(values, sort_keys=True, default=str)


def visits(vehicle: Vehicle) -> list[DealerRecord]:
    """Each visit once: what was told without an id may have been told with one too."""
    rows = list(DealerRecord.objects.filter(vehicle=vehicle))
    named = {row.content for row in rows if row.their_id}
    return [row for row in rows if row.their_id or row.content not in named]


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
