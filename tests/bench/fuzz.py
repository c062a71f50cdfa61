"""100,000 hostile bodies at the real door, on both databases: no 5xx, nothing signed lost, all of it drained.

`python -m tests.bench fuzz`, with FUZZ_BODIES and FUZZ_SEED for another number or another chance.
"""

import contextlib
import hashlib
import hmac
import os
import random
import socket
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.bench import ground
from tests.hostile import Forge

BODIES = int(os.environ.get("FUZZ_BODIES") or 100_000)
SEED = int(os.environ.get("FUZZ_SEED") or 20_261_101)
CHUNK = 2_000
SENDERS = 8
CARS = [f"bench-40-{number}" for number in range(20)]
WRONG = ("", "0" * 64, "x" * 4_000, "é" * 64, None, None)


def measure() -> None:
    for kind in ("sqlite", "postgres"):
        with ground.database(kind) as env:
            inside(env, kind, "fill")
            with ground.web(env, "fleet.wsgi") as port:
                identities = Path(env["DATA_DIR"]) / "identities"
                run(kind, env, port, identities)
            inside(env, kind, "drain")


def inside(env: dict, kind: str, what: str) -> None:
    command = [sys.executable, "-m", "tests.bench.fuzz", kind, what]
    subprocess.run(command, cwd=ground.ROOT, env=env, check=True)


def run(kind: str, env: dict, port: int, identities: Path) -> None:
    """Send it all, chunk by chunk; what was signed is written down by an identity of its own.

    A harmless challenge is answered without a signature, as it should be, and is not kept.
    """
    key = env["SMARTCAR_MANAGEMENT_TOKENS"].split(",")[0]
    chance = random.Random(SEED)
    forge = Forge(chance, CARS)
    answers: Counter = Counter()
    memory = []
    with identities.open("w") as told:
        for start in range(0, BODIES, CHUNK):
            requests = []
            for _ in range(min(CHUNK, BODIES - start)):
                body = forge.body()
                signed = chance.random() < 0.8
                told.write(f"{identity(body)}\n" if signed else "")
                sort = "challenge" if identity(body) == "" else "signed" if signed else "unsigned"
                requests.append((sort, request(port, body, key, signed, chance)))
            answers += send(port, requests)
            if start // CHUNK % max(1, BODIES // CHUNK // 5) == 0:
                memory.append(resident_mb(port))
    for (sort, status), count in sorted(answers.items()):
        print(f"  {kind}: {count} {sort} answered {status}", flush=True)
    along = ", ".join(f"{mb:.0f}" for mb in [*memory, resident_mb(port)])
    print(f"  {kind}: memory of the web along the way {along} MiB", flush=True)
    assert not [status for _, status in answers if status >= 500 or status == 0], "the door fell over"
    assert {status for sort, status in answers if sort == "signed"} == {200}, "something signed was refused"
    assert {status for sort, status in answers if sort == "unsigned"} <= {400, 401, 413}, "something unsigned came in"


def request(port: int, body: bytes, key: str, signed: bool, chance: random.Random) -> bytes:
    signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest() if signed else chance.choice(WRONG)
    head = f"POST /webhooks/smartcar/ HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n" + ("" if signature is None else f"SC-Signature: {signature}\r\n")
    return head.encode() + b"\r\n" + body


def send(port: int, requests: list[tuple[str, bytes]]) -> Counter:
    """The answers, by the sort of body and by status; 0 where the line was cut."""
    answers: list[tuple[str, int]] = []

    def sender(mine: list[tuple[str, bytes]]) -> None:
        line = socket.create_connection(("127.0.0.1", port), 60)
        for sort, one in mine:
            answer = b""
            with contextlib.suppress(OSError):
                line.sendall(one)
                answer = ground.whole(line)
            answers.append((sort, int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0))
            if not answer or b"onnection: close" in answer:
                line.close()
                line = socket.create_connection(("127.0.0.1", port), 60)
        line.close()

    threads = [threading.Thread(target=sender, args=(requests[start::SENDERS],)) for start in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


def identity(body: bytes) -> str:
    """By what a body must be found again: its keys, or its bytes where it has none; "" for what is only answered."""
    from vehicles.smartcar import webhooks

    if webhooks.read_challenge(body) is not None:
        return ""
    keys = webhooks.read_keys(body)
    digest = hashlib.sha256(body).hexdigest()
    event, content = (digest, digest) if keys is None else (keys.event_id, keys.data_digest)
    return hashlib.sha256(f"{keys.webhook_id if keys else ''}|{event}|{content}".encode("utf-8", "replace")).hexdigest()


def resident_mb(port: int) -> float:
    """Of all processes that serve this port."""
    mark, total = f"127.0.0.1:{port}".encode(), 0
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and mark in (entry / "cmdline").read_bytes():
                total += resident_kb(entry)
    return total / 1024


def resident_kb(process: Path) -> int:
    return next(int(line.split()[1]) for line in (process / "status").read_text().splitlines() if "VmRSS" in line)


def fill(kind: str) -> None:
    from tests.bench import yard

    yard.fill(40)


def drain(kind: str) -> None:
    """Compare what is kept with what was sent, and open it all, through every wait of the ladder."""
    from django.conf import settings
    from django.db.models import Count

    from vehicles.models import Delivery, Reading, Vehicle
    from vehicles.post import inbox
    from vehicles.waist import rebuilding

    sent = set((settings.DATA_DIR / "identities").read_text().split())
    kept = set()
    for row in Delivery.objects.values_list("webhook_id", "event_id", "digest").iterator(5_000):
        kept.add(hashlib.sha256("|".join(row).encode("utf-8", "replace")).hexdigest())
    print(f"  {kind}: {len(sent)} signed and distinct, {Delivery.objects.count()} rows kept", flush=True)
    assert sent == kept and len(kept) == Delivery.objects.count(), (
        f"{len(sent - kept)} lost, {len(kept - sent)} made up"
    )

    last = Delivery.objects.latest("received_at").received_at
    begun, opened = 0.0, 0
    for hours in range(12):
        while count := inbox.sweep(now=last + timedelta(hours=hours)):
            opened += count
            begun = begun or resident_kb(Path("/proc/self")) / 1024
    ended = resident_kb(Path("/proc/self")) / 1024
    print(
        f"  {kind}: memory of the worker {begun:.0f} MiB after its first batch, {ended:.0f} MiB at the end", flush=True
    )
    ends = Delivery.objects.values_list("state", "error").annotate(Count("pk")).order_by("state", "error")
    for state, error, count in ends:
        print(f"  {kind}: {count} {state} {error}".rstrip(), flush=True)
    stuck = Delivery.objects.filter(open_after__isnull=False).count()
    failed = Delivery.objects.filter(state="quarantined", attempts__gt=1)
    cars = Vehicle.objects.filter(smartcar_id__in=CARS)
    differences = []
    for car in cars[:5]:
        differences += rebuilding.try_out(partial(rebuilding.rebuild, car, now=last))
    print(f"  {kind}: {Reading.objects.filter(vehicle__in=cars).count()} readings, {len(differences)} differences")
    assert not stuck, f"{stuck} stuck"
    assert not failed, f"{failed.count()} broke the inbox: {set(failed.values_list('error', flat=True))}"
    assert not differences, differences[:5]


if __name__ == "__main__":
    import django

    django.setup()
    {"fill": fill, "drain": drain}[sys.argv[2]](sys.argv[1])
