"""How many vehicles a second one core judges, with eight lines each, their traces and a forecast included."""

import gc
import time
from datetime import UTC, date, datetime, timedelta

from maintenance.domain.forecast import Pace
from maintenance.domain.held import judge
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Completion, Facts, Line, Recurrence, Sight
from tests.bench import ground

CARS = 2_000
ROUNDS = 7
WANTED = 5_000
TODAY = date(2026, 5, 12)
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
TERMS = [
    {"every_km": 15_000, "every_months": 12, "oil_below_pct": 20},
    {"every_km": 10_000},
    {"every_months": 24},
    {"every_km": 30_000, "every_months": 24},
    {"every_km": 30_000, "distance_recurs": Recurrence.FIXED},
    {"every_km": 20_000, "every_months": 12, "time_recurs": Recurrence.FIXED},
    {"every_km": 60_000, "every_months": 48},
    {"every_months": 12, "grace_days": 7},
]
LINES = [Line(f"Task {place}", "Van, light duty", 3, **terms) for place, terms in enumerate(TERMS)]


def measure() -> None:
    scenes = [scene(number) for number in range(CARS)]
    rates = []
    for _ in range(ROUNDS):
        gc.collect()
        began = time.process_time()
        for facts, jobs in scenes:
            for line, anchor, done in jobs:
                judge(line, None, anchor, done, facts)
        rates.append(CARS / (time.process_time() - began))
    print(f"  {ground.spread(rates)} vehicles a second of one core, 8 lines each, trace included", flush=True)
    assert max(rates) >= WANTED, rates


def scene(number: int):
    """A car with three years behind it; on every other line something was done, on some of them twice."""
    pace = Pace(40.0, 60.0, 90.0, 180.0)
    facts = Facts(
        TODAY,
        Sight(80_000.0 + number, NOON - timedelta(hours=number % 40), "webhook"),
        Sight(float(25 + number % 70), NOON, "webhook"),
        date(2023, 1, 31),
        paces={Axis.DISTANCE: pace, Axis.OIL: Pace(0.2, 0.3, 0.4, 180.0)},
        zone=UTC,
    )
    jobs = []
    for place, line in enumerate(LINES):
        anchor = Anchor(AnchorKind.KNOWN, date(2025, 1 + place, 3), 60_000.0 + 10 * number)
        days = [date(2025, 9, 1 + place), date(2026, 2, 1 + place)][: (number + place) % 3]
        done = [
            Completion(
                on, 72_000.0 + 4_000 * when, False, datetime(on.year, on.month, on.day, 12, tzinfo=UTC), "R. Osei"
            )
            for when, on in enumerate(days)
        ]
        jobs.append((line, anchor, done))
    return facts, jobs


if __name__ == "__main__":
    measure()
