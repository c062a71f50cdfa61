"""1,000 cars polled at 300 ms latency, against the ideal of 64 threads and against Smartcar's SDK in a plain loop."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

from tests.bench import ground

CARS = 1_000  # as `makers` furnishes them
LATENCY_MS = 300
THREADS = 64
ROUNDS = 3
LOOPED = 40  # cars that the plain loop asks; all of them would take five minutes and tell no more
IDEAL_SECONDS = CARS * LATENCY_MS / 1_000 / THREADS


def measure() -> None:
    for kind in ("sqlite", "postgres"):
        with ground.database(kind) as env, sandbox(env) as told:
            env = env | origins(told["origin"]) | {"SMARTCAR_BUCKET": "off", "POLL_THREADS": str(THREADS)}
            looped = float(run("sdk", env, json.dumps(told)))
            seconds = json.loads(run("ours", env, json.dumps(told)))
            plain = looped * CARS
            print(f"  {kind}: {CARS} cars in {ground.spread(seconds)} s, ideal {IDEAL_SECONDS:.2f} s", flush=True)
            print(f"  {kind}: of the ideal: {ground.spread([took / IDEAL_SECONDS for took in seconds])}", flush=True)
            print(f"  {kind}: the SDK in a loop takes {looped * 1000:.0f} ms a car, {plain:.0f} s for all", flush=True)
            print(f"  {kind}: times faster: {ground.spread([plain / took for took in seconds])}", flush=True)


@contextlib.contextmanager
def sandbox(env: dict):
    """The sandbox in a process of its own. Yields its origin and its cars."""
    cars = Path(env["DATA_DIR"]) / "cars.json"
    env = env | {"BENCH_CARS": str(cars), "SANDBOX_LIVE": "0"}
    with ground.web(env, "tests.bench.makers:application", workers=1, threads=THREADS + 8) as port:
        yield {"origin": f"http://127.0.0.1:{port}", "cars": json.loads(cars.read_text())}


def origins(origin: str) -> dict[str, str]:
    hosts = {"CONNECT": "connect", "AUTH": "auth", "IAM": "iam", "API": "api", "VEHICLE": "vehicle"}
    hosts |= {"MANAGEMENT": "management", "MANAGEMENT_V3": "management-v3", "VEHICLE_API_V3": "vehicle"}
    return {f"SMARTCAR_{name}_ORIGIN": f"{origin}/{prefix}" for name, prefix in hosts.items()}


def run(part: str, env: dict, told: str) -> str:
    command = [sys.executable, "-m", "tests.bench.poll", part]
    done = subprocess.run(command, cwd=ground.ROOT, env=env, input=told, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[-3_000:])
    return done.stdout.strip().splitlines()[-1]


def be_sdk(told: dict) -> None:
    import smartcar

    smartcar.set_api_version("2.0")
    began = time.perf_counter()
    for vehicle_id, _, token in told["cars"][:LOOPED]:
        assert smartcar.Vehicle(vehicle_id, token).get_signals()["body"]["data"]
    print((time.perf_counter() - began) / LOOPED)


def be_ours(told: dict) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from fleet.owners.models import Fleet, Owner
    from vehicles.asking import polling
    from vehicles.models import Connection, Reading, Vehicle

    fleet = Fleet.objects.create(name="Polled")
    owner = Owner.objects.create(fleet=fleet, name="Owner")
    seconds = []
    for number, (vehicle_id, user_id, _) in enumerate(told["cars"]):
        consent = Connection.objects.create(fleet=fleet, owner=owner, connection_id=f"c{number}", user_id=user_id)
        Vehicle.objects.create(fleet=fleet, name=f"Van {number}", smartcar_id=vehicle_id, connection=consent)
    for number in range(ROUNDS):
        Vehicle.objects.update(poll_after=timezone.now(), poll_rank=4)
        began = time.perf_counter()
        asked = polling.sweep(now=timezone.now())
        seconds.append(time.perf_counter() - began)
        assert asked == CARS, asked
        answered = Vehicle.objects.filter(poll_failures=0, polled_at__isnull=False, month_calls=number + 1).count()
        assert answered == CARS, answered
    assert Reading.objects.values("vehicle").distinct().count() == CARS
    print(json.dumps(seconds))


if __name__ == "__main__":
    {"sdk": be_sdk, "ours": be_ours}[sys.argv[1]](json.load(sys.stdin))
