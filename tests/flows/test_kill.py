"""Web, workers and beat die by kill -9 under load. Nothing that was acknowledged is lost or done twice."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
import requests

from tests import servers
from tests.bench import door, ground
from vehicles.smartcar import webhooks

pytestmark = pytest.mark.long

CARS = 40
DELIVERIES = 2_400
MOST_KILLS = 15
MAKE_CARS = f"""
from fleet.owners.models import Fleet
from vehicles.models import Vehicle
fleet = Fleet.objects.create(name="Under fire")
Vehicle.objects.bulk_create(
    Vehicle(fleet=fleet, name=f"Van {{n}}", powertrain="ICE", smartcar_id=f"fire-{{n}}") for n in range({CARS})
)
"""
COUNT = """
import json
from django.db.models import Count
from django.utils import timezone
from maintenance.models import DueItem, Notice
from vehicles.models import Delivery, Gauge, Vehicle
print(json.dumps({
    "waiting": Delivery.objects.filter(state="waiting").count(),
    "done": Delivery.objects.filter(state="done").count(),
    "all": Delivery.objects.count(),
    "events": list(Delivery.objects.values_list("event_id", flat=True)),
    "gauges": dict(Gauge.objects.filter(signal="odometer").values_list("vehicle__smartcar_id", "number")),
    "unreviewed": Vehicle.objects.filter(review_after__lte=timezone.now()).count(),
    "judged": [n for _, n in DueItem.objects.exclude(status_since=None).values_list("vehicle").annotate(Count("pk"))],
    "items": DueItem.objects.count(),
}))
"""


@contextlib.contextmanager
def house(kind: str, folder):
    """The whole portal as ./run starts it, without the sandbox. Yields its environment, port and supervisor."""
    with ground.database("sqlite" if kind == "embedded" else "postgres") as env:
        env |= {"PORT": str(ground.free_port()), "PUBLIC_ORIGIN": "http://localhost", "DEBUG": "0"}
        if kind == "scaled":
            env["REDIS_URL"] = servers.start_redis(folder)
        ground.manage(env, "shell", "-c", MAKE_CARS)
        supervisor = subprocess.Popen(
            [sys.executable, "fleet/supervisor"], cwd=ground.ROOT, env=env, stdout=subprocess.DEVNULL
        )
        try:
            yield env, int(env["PORT"]), supervisor
        finally:
            supervisor.send_signal(signal.SIGTERM)
            supervisor.wait(40)


def children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as told:
        return [int(child) for child in told.read().split()]


def ready(port: int) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200
    return False


def wait_until(true, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.3)


def deliver(port: int, bodies: list[tuple[bytes, str]], acknowledged: set, lock) -> None:
    """Post each until it is acknowledged, as often as it takes; a retry is the same event."""
    session = requests.Session()
    for body, signature in bodies:
        while True:
            with contextlib.suppress(requests.RequestException):
                answer = session.post(
                    f"http://127.0.0.1:{port}/webhooks/smartcar/",
                    data=body,
                    headers={"SC-Signature": signature},
                    timeout=10,
                )
                if answer.ok:
                    break
            time.sleep(0.1)
        with lock:
            acknowledged.add(webhooks.read_keys(body).event_id)


@pytest.mark.parametrize("kind", ["embedded", "scaled"])
def test_kill_9_of_any_part_under_load_loses_nothing(kind, tmp_path):
    chance = random.Random(9)
    with house(kind, tmp_path) as (env, port, supervisor):
        wait_until(lambda: ready(port), 60)
        start_ms = int(time.time() * 1000) - DELIVERIES * 1_000
        token = env["SMARTCAR_MANAGEMENT_TOKENS"].split(",")[0]
        bodies = [door.body_of(f"fire-{n % CARS}", n, start_ms) for n in range(DELIVERIES)]
        signed = [(body, webhooks.sign(token, body)) for body in bodies]
        acknowledged, lock = set(), threading.Lock()
        senders = [
            threading.Thread(target=deliver, args=(port, signed[start::6], acknowledged, lock)) for start in range(6)
        ]
        for sender in senders:
            sender.start()
        kills = 0
        # Not for ever: on a slow machine nothing would live long enough between two kills to take a delivery.
        while (any(sender.is_alive() for sender in senders) and kills < MOST_KILLS) or kills < 6:
            victims = children(supervisor.pid)
            if victims:
                victim = chance.choice(victims)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    kills += 1
            time.sleep(1.5)
        for sender in senders:
            sender.join()
        wait_until(lambda: ready(port), 60)

        def told() -> dict:
            return json.loads(ground.manage(env, "shell", "-v", "0", "-c", COUNT).strip().splitlines()[-1])

        # A lease that a dead worker held runs out by itself; its rows are then opened one by one.
        wait_until(lambda: (now := told())["waiting"] == 0 and now["unreviewed"] == 0, 400)
        end = told()

    assert kills >= 6
    assert len(acknowledged) == DELIVERIES
    assert sorted(end["events"]) == sorted(acknowledged)
    assert (end["done"], end["all"]) == (DELIVERIES, DELIVERIES)
    newest = {f"fire-{n % CARS}": round(40_000 + n * 0.1, 1) for n in range(DELIVERIES)}
    assert end["gauges"] == newest
    assert len(end["judged"]) == CARS and len(set(end["judged"])) == 1  # every car, and all of its items
    assert sum(end["judged"]) == end["items"] >= CARS * 3
