"""Webhooks acknowledged a second, against a bare view that checks the signature and inserts one row."""

import hashlib
import hmac
import json
import sqlite3
import uuid
from urllib.parse import urlsplit

from tests.bench import ground

ROUNDS = 5
DELIVERIES = 3_000
SIGNALS = 12


def measure() -> None:
    for kind in ("sqlite", "postgres"):
        with ground.database(kind) as env:
            make_floor(env)
            with ground.web(env, "tests.bench.floor:application") as floor, ground.web(env, "fleet.wsgi") as door:
                run(kind, env, floor, door)


def run(kind: str, env: dict, floor: int, door: int) -> None:
    key = env["SMARTCAR_MANAGEMENT_TOKENS"].split(",")[0]
    for port in (floor, door):
        ground.post_all(port, bodies(key, 200))
    ratios, floors, doors, slow = [], [], [], []
    for _ in range(ROUNDS):
        below, _, bad_below = ground.post_all(floor, bodies(key, DELIVERIES))
        ours, seconds, bad = ground.post_all(door, bodies(key, DELIVERIES))
        assert not bad and not bad_below, f"{bad} and {bad_below} not acknowledged"
        floors.append(below)
        doors.append(ours)
        ratios.append(ours / below)
        slow.append(ground.percentile(seconds, 0.99) * 1000)
    print(f"  {kind}: door {ground.spread(doors)}/s, floor {ground.spread(floors)}/s, ratio {ground.spread(ratios)}")
    print(f"  {kind}: door p99 {ground.spread(slow)} ms with 8 senders at full speed", flush=True)


def bodies(key: str, count: int) -> list[tuple[bytes, str]]:
    """Distinct signed deliveries of 12 signals each."""
    made = []
    for number in range(count):
        body = body_of(f"bench-car-{number % 500}", number)
        made.append((body, hmac.new(key.encode(), body, hashlib.sha256).hexdigest()))
    return made


def body_of(vehicle: str, number: int, at_ms: int = 1_790_000_000_000) -> bytes:
    stamp = {"oemUpdatedAt": at_ms + number * 1_000, "retrievedAt": at_ms + number * 1_000 + 500}
    values = [("odometer-traveleddistance", {"value": 40_000 + number * 0.1, "unit": "km"})]
    values.append(("internalcombustionengine-oillife", {"value": 60, "unit": "percent"}))
    values.append(("internalcombustionengine-fuellevel", {"value": number % 100, "unit": "percent"}))
    values.append(("lowvoltagebattery-stateofcharge", {"value": 90, "unit": "percent"}))
    values.append(("diagnostics-dtclist", {"values": []}))
    wheels = [{"row": r, "column": c, "tirePressure": 240 + number % 9} for r in (0, 1) for c in (0, 1)]
    values.append(("wheel-tires", {"values": wheels, "rowCount": 2, "columnCount": 2, "unit": "kPa"}))
    for light in ("abs", "mil", "airbag", "oilpressure", "transmission", "brakefluid"):
        values.append((f"diagnostics-{light}", {"status": "OK", "description": None}))
    signals = [
        {"code": code, "name": code, "group": "g", "status": {"value": "SUCCESS"}, "body": body, "meta": stamp}
        for code, body in values[:SIGNALS]
    ]
    content = {
        "eventId": str(uuid.uuid4()),
        "eventType": "VEHICLE_STATE",
        "vehicleId": vehicle,
        "data": {"user": {"id": "u"}, "vehicle": {"id": vehicle, "make": "FORD"}, "triggers": [], "signals": signals},
        "meta": {"version": "4.0", "webhookId": "w", "deliveryId": str(uuid.uuid4()), "deliveredAt": at_ms},
    }
    return json.dumps(content).encode()


def make_floor(env: dict) -> None:
    """One plain table for the floor to insert into."""
    url = urlsplit(env["DATABASE_URL"])
    if url.scheme == "sqlite":
        with sqlite3.connect(url.path) as db:
            db.execute("CREATE TABLE bench_floor (id INTEGER PRIMARY KEY, body BLOB, at TEXT)")
        return
    import psycopg

    with psycopg.connect(env["DATABASE_URL"]) as db:
        db.execute("CREATE TABLE bench_floor (id BIGSERIAL PRIMARY KEY, body BYTEA, at TIMESTAMPTZ)")
