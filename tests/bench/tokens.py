"""v2 tokens renewed by 16 processes, 15 % of the calls ending in kill -9: grants lost, and calls a needed rotation.

The far end is the sandbox behind a door that knows who calls and may kill the caller: before the exchange, between
exchange and answer, or between answer and write. All times are halved, the grace, a minute of it, too.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

from tests.bench import ground

SCALE = 2
KILLED = 0.15
BELL_SECONDS = 5
GRACE_SECONDS = 60 / SCALE  # the shortest that Smartcar has promised
BACK = "http://localhost/connect/back/"


def measure() -> None:
    for kind in ("sqlite", "postgres"):
        told = rotate(kind, grants=250, rounds=8, workers=16)
        print(
            f"  {kind}: {told['needed']:,} rotations, {told['killed']} processes killed, {told['lost']} grants lost, "
            f"{told['calls'] / told['needed']:.2f} calls a needed rotation, {told['seconds']:.0f} s",
            flush=True,
        )


def rotate(kind: str, *, grants: int, rounds: int, workers: int, share: float = KILLED, seed: int = 8) -> dict:
    """Let every token run out `rounds` times, and once more in peace. What was needed, called, killed and lost."""
    with ground.database(kind) as env, door(env, share, seed) as (port, counts):
        kept = keep_pairs(counts.sandbox, grants)
        env |= {"BENCH_DOOR": str(port), "BENCH_WORKERS": str(workers), "BENCH_ROUNDS": str(rounds)}
        command = [sys.executable, "-m", "tests.bench.tokens"]
        subprocess.run([*command, "fill"], cwd=ground.ROOT, env=env, check=True, input=json.dumps(kept), text=True)
        began = time.monotonic()
        stable = subprocess.Popen([*command, "work"], cwd=ground.ROOT, env=env)
        try:
            # The watcher calls nobody, so nobody kills it. It tells when the killing ends.
            with subprocess.Popen([*command, "watch"], cwd=ground.ROOT, env=env, stdout=subprocess.PIPE) as watcher:
                watcher.stdout.readline()
                calls, killed, seconds = counts.calls, counts.killed, time.monotonic() - began
                counts.is_peace = True
                lost = int(watcher.stdout.readline() or -1)
        finally:
            stable.terminate()
            stable.wait(20)
    return {"needed": grants * rounds, "calls": calls, "killed": killed, "lost": lost, "seconds": seconds}


class Counts:
    def __init__(self, sandbox, seed: int):
        self.sandbox, self.chance, self.lock = sandbox, random.Random(seed), threading.Lock()
        self.calls = self.killed = 0
        self.is_peace = False

    def fate(self) -> float:
        with self.lock:
            return 1 if self.is_peace else self.chance.random()

    def kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            with self.lock:
                self.killed += 1


@contextlib.contextmanager
def door(env: dict, share: float, seed: int):
    """The sandbox's hosts; the first part of a path is the process that calls. Yields the port and the counts."""
    from pathlib import Path

    from werkzeug.serving import WSGIRequestHandler, make_server

    from vehicles.smartcar.sandbox import server
    from vehicles.smartcar.sandbox.settings import Settings
    from vehicles.smartcar.sandbox.v2_grants import GRACE_SECONDS as THEIRS

    began, faster = time.time(), THEIRS / GRACE_SECONDS
    told = Settings(
        folder=Path(env["DATA_DIR"]) / "far-end",
        application_id=env["SMARTCAR_APPLICATION_ID"],
        client_id=env["SMARTCAR_CLIENT_ID"],
        client_secret=env["SMARTCAR_CLIENT_SECRET"],
        legacy_client_secret=env["SMARTCAR_LEGACY_CLIENT_SECRET"],
        management_tokens=(env["SMARTCAR_MANAGEMENT_TOKENS"],),
        live=False,
    )
    sandbox = server.create_app(told, lambda: began + (time.time() - began) * faster)
    counts = Counts(sandbox, seed)

    def answer(environ, start_response):
        pid, _, path = environ["PATH_INFO"].lstrip("/").partition("/")
        fate = counts.fate()
        if fate < share / 3:
            counts.kill(int(pid))
            start_response("503 Service Unavailable", [])
            return []
        with counts.lock:
            counts.calls += 1
        body = list(sandbox(environ | {"PATH_INFO": f"/{path}"}, start_response))
        if fate < share * 2 / 3:
            counts.kill(int(pid))
        elif fate < share:
            threading.Timer(random.uniform(0, 0.01), counts.kill, [int(pid)]).start()
        return body

    class Quiet(WSGIRequestHandler):
        def log(self, *words) -> None:
            pass

    serving = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=Quiet)
    serving.daemon_threads = True
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    try:
        yield serving.port, counts
    finally:
        serving.shutdown()
        serving.server_close()


def keep_pairs(sandbox, count: int) -> list[dict]:
    """As many grants as asked, at the far end."""
    world = sandbox.world
    email, car = next((email, cars[0]) for email in world.accounts if (cars := world.cars_of(email)))
    user_id = world.ledger.grant(email, [car.id], ["read_odometer"], "", "live")
    codes = [world.grants.promise(user_id, [car.id], BACK) for _ in range(count)]
    return [world.grants.redeem(code, BACK) for code in codes]


def fill() -> None:
    from django.utils import timezone

    from fleet.owners.models import Fleet, Owner
    from vehicles.line import grants
    from vehicles.models import Connection, Generation
    from vehicles.smartcar.v2.tokens import TokenPair

    fleet = Fleet.objects.create(name="Sixteen")
    owner = Owner.objects.create(fleet=fleet, name="Halifax Leasing")
    for number, pair in enumerate(json.load(sys.stdin)):
        kept = TokenPair(pair["access_token"], pair["refresh_token"], pair["expires_in"])
        grant = grants.keep(owner, kept, now=timezone.now())
        name = f"bench-{number}"
        Connection.objects.create(
            fleet=fleet, owner=owner, connection_id=name, user_id=name, generation=Generation.V2, grant=grant
        )


def work() -> None:
    """Loaded once and then forked, so that the next is there as soon as one has died."""
    from vehicles.line import grants
    from vehicles.smartcar.v2 import tokens

    grants.LEASE /= SCALE
    grants.DRAW_OUT_SECONDS /= SCALE
    grants.FIRST_REST /= SCALE
    grants.PATIENCE_SECONDS /= SCALE
    tokens.TIMEOUT_SECONDS = tuple(seconds / SCALE for seconds in tokens.TIMEOUT_SECONDS)
    alive: dict[int, object] = {}

    def end(*told) -> None:
        for pid in alive:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    waiting = [ring_for_ever] + [call_for_ever] * (int(os.environ["BENCH_WORKERS"]) - 1)
    while True:
        for job in waiting:
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                job()
            alive[pid] = job
        pid, _ = os.wait()
        waiting = [alive.pop(pid)]


def knock() -> None:
    """From now on this process calls by its own number."""
    from django.conf import settings

    settings.SMARTCAR_ORIGINS["auth"] = f"http://127.0.0.1:{os.environ['BENCH_DOOR']}/{os.getpid()}/auth"


def call_for_ever() -> None:
    """What pollers do with grants."""
    from django.utils import timezone

    from vehicles.line import grants
    from vehicles.models import Grant
    from vehicles.smartcar.errors import SmartcarProblem

    knock()
    while True:
        stale = Grant.objects.filter(access_until__lte=timezone.now() + grants.EARLY)
        for grant in stale.order_by("?")[:5]:
            with contextlib.suppress(SmartcarProblem):
                grants.bearer(grant)
        time.sleep(random.uniform(0.1, 0.4))


def ring_for_ever() -> None:
    """What beat and the worker behind it do. They are killed like all others."""
    from django.utils import timezone

    from vehicles.line import grants

    knock()
    while True:
        grants.sweep(now=timezone.now())
        time.sleep(BELL_SECONDS / SCALE)


def watch() -> None:
    from django.utils import timezone

    from vehicles.models import Grant

    def run_out_and_wait() -> bool:
        Grant.objects.update(access_until=timezone.now() - timedelta(hours=1))
        patience = time.monotonic() + 300
        while time.monotonic() < patience:
            if not Grant.objects.filter(dead_at=None, access_until__lte=timezone.now()).exists():
                return True
            time.sleep(0.2)
        return False

    rounds = int(os.environ["BENCH_ROUNDS"])
    came = all([run_out_and_wait() for _ in range(rounds)])
    print("rounds done", flush=True)
    came = run_out_and_wait() and came
    lost = Grant.objects.exclude(dead_at=None).count() if came else -1
    print(lost, flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    {"fill": fill, "work": work, "watch": watch}[sys.argv[1]]()
