"""The inbox drained to verdicts: deliveries a second, 12 signals each, for 40 and for 10,000 vehicles."""

import subprocess
import sys
import time

from tests.bench import ground

DELIVERIES = 4_000


def measure() -> None:
    for kind in ("sqlite", "postgres"):
        with ground.database(kind) as env:
            subprocess.run([sys.executable, "-m", "tests.bench.drain", kind], cwd=ground.ROOT, env=env, check=True)


def inside(kind: str) -> None:
    from django.utils import timezone

    from maintenance import review
    from tests.bench import door, yard
    from vehicles.models import Vehicle
    from vehicles.post import inbox, letterbox

    rates = []
    for count in (40, 10_000):
        yard.fill(count)
        Vehicle.objects.update(review_after=None)
        now = timezone.now()
        start_ms = int(now.timestamp() * 1000) - DELIVERIES * 1_000
        for number in range(DELIVERIES):
            letterbox.keep(door.body_of(f"bench-{count}-{number % count}", number, start_ms), now=now)
        began = time.perf_counter()
        while inbox.sweep(now=timezone.now()):
            review.sweep(now=timezone.now())
        while review.sweep(now=timezone.now()):
            pass
        rates.append(DELIVERIES / (time.perf_counter() - began))
        print(f"  {kind}: {count} vehicles: {rates[-1]:.0f} deliveries/s to verdicts", flush=True)
    print(f"  {kind}: 10,000 against 40 vehicles: {rates[1] / rates[0]:.2f}", flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    inside(sys.argv[1])
