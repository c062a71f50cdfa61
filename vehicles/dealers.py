"""The maker's service history becomes rows of its own. All of it comes with every answer: each visit is kept once."""

import hashlib
import json
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from vehicles.models import DealerRecord, Reading

FIELDS = ["their_id", "content", "done_at", "odometer_km", "tasks", "details", "cost", "currency"]


def take(readings: list[Reading]) -> set[int]:
    """Write what the newest telling says of each visit. The vehicles whose records changed."""
    if not readings:
        return set()
    known = defaultdict(list)
    for row in DealerRecord.objects.filter(vehicle_id__in={r.vehicle_id for r in readings}):
        known[row.vehicle_id].append(row)
    changed = set()
    for reading in sorted(readings, key=lambda reading: reading.at):
        for told in reading.detail:
            if take_one(reading, told, known[reading.vehicle_id]):
                changed.add(reading.vehicle_id)
    return changed


def take_one(reading: Reading, told: dict, known: list[DealerRecord]) -> bool:
    values = columns(told)
    row = same_visit(values, known)
    if row is None:
        row = DealerRecord.objects.create(
            vehicle_id=reading.vehicle_id, told_at=reading.at, received_at=reading.received_at, **values
        )
        known.append(row)
        return True
    values["their_id"] = values["their_id"] or row.their_id
    if reading.at < row.told_at:  # an older telling only lends its id
        values = {"their_id": row.their_id or values["their_id"]}
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.told_at = max(row.told_at, reading.at)
    row.save()
    return True


def same_visit(values: dict, known: list[DealerRecord]) -> DealerRecord | None:
    """By the dealer's id; where either has none, by the content."""
    if values["their_id"]:
        by_id = next((row for row in known if row.their_id == values["their_id"]), None)
        return by_id or next((row for row in known if row.their_id is None and row.content == values["content"]), None)
    return next((row for row in known if row.content == values["content"]), None)


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
