"""The sandbox with a thousand cars, connected and subscribed. A WSGI application, since what is measured is not it."""

import json
import os
from pathlib import Path

from vehicles.smartcar.sandbox import catalogue, garage, server
from vehicles.smartcar.sandbox.settings import from_environment

CARS = 1_000
LATENCY_MS = 300

garage.FLEET = (garage.FLEET * (CARS // len(garage.FLEET) + 1))[:CARS]
application = server.create_app(from_environment())


def furnish() -> list[list[str]]:
    """Each car's id, its owner's, and a token for the SDK, which has none for the application."""
    world, told = application.world, []
    world.bucket.is_on = False
    for account in world.accounts:
        ids = [car.id for car in world.cars_of(account)]
        user_id = world.ledger.grant(account, ids, catalogue.DEFAULT_PERMISSIONS, "bench", "live")
        for vehicle_id in ids:
            world.ledger.subscribe(user_id, vehicle_id)
        pair = world.grants.redeem(world.grants.promise(user_id, ids, ""), "")
        told += [[vehicle_id, user_id, pair["access_token"]] for vehicle_id in ids]
    world.weather.turn("hosts", {"latency_ms": LATENCY_MS})
    return told


Path(os.environ["BENCH_CARS"]).write_text(json.dumps(furnish()))
