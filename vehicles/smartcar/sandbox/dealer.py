"""What a maker heard from its dealers: visits, with what was done and what it cost."""

import random
from collections.abc import Iterable
from itertools import groupby

from vehicles.smartcar.sandbox.roads import HOUR
from vehicles.smartcar.sandbox.stamps import iso
from vehicles.smartcar.sandbox.upkeep import DEALER, Service

VISIT_SECONDS = 3 * HOUR
KEPT = 12
TASKS = {
    "oil_change": ("3262", "Engine oil and filter change", 89),
    "tyre_rotation": ("3041", "Tire rotation", 45),
    "brake_inspection": ("2207", "Brake inspection", 60),
    "cabin_filter": ("4410", "Cabin air filter replacement", 52),
    "brake_fluid": ("2215", "Brake fluid exchange", 119),
}


def visits(done: Iterable[Service], at: float) -> list[dict]:
    """The newest dozen up to `at`, newest first. What was done at one time is one visit."""
    at_dealer = sorted((s for s in done if s.by == DEALER and s.at <= at), key=lambda s: s.at, reverse=True)
    return [_visit(when, list(group)) for when, group in groupby(at_dealer, key=lambda s: s.at)][:KEPT]


def is_there(done: Iterable[Service], at: float) -> bool:
    return any(s.by == DEALER and s.at - VISIT_SECONDS <= at < s.at for s in done)


def _visit(when: float, services: list[Service]) -> dict:
    number = random.Random(f"{services[0].vehicle_id}:{when}").randrange(10**6, 10**7)
    known = [TASKS[service.task] for service in services]
    return {
        "id": str(number),
        "cost": {"amount": float(sum(price for *_, price in known)), "currency": "CAD"},
        "time": iso(when),
        "tasks": [{"id": task_id, "description": words} for task_id, words, _ in known],
        "details": [{"type": "dealer", "value": services[0].by}],
        "odometer": round(services[0].odometer_km, 1),
    }
