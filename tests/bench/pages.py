"""Due list and vehicle page: queries and milliseconds in the server at 40 and at 10,000 vehicles."""

import statistics
import subprocess
import sys
import time

from tests.bench import ground

LOOKS = 30


def measure() -> None:
    for kind in ("sqlite", "postgres"):
        with ground.database(kind) as env:
            subprocess.run([sys.executable, "-m", "tests.bench.pages", kind], cwd=ground.ROOT, env=env, check=True)


def inside(kind: str) -> None:
    from django.test import Client

    from tests.bench import yard
    from vehicles.models import Vehicle

    taken: dict[str, list[float]] = {}
    for count in (40, 10_000):
        member = yard.fill(count)
        client = Client(HTTP_HOST="localhost")
        client.force_login(member.user)
        car = Vehicle.objects.filter(fleet=member.fleet).order_by("pk").first()
        addresses = {"due list": "/", "vehicle list": "/vehicles/", "vehicle page": f"/vehicles/{car.pk}/"}
        for name, address in addresses.items():
            ms, queries, size = look(client, address)
            taken.setdefault(name, []).append(ms)
            print(f"  {kind}: {name} at {count}: {ms:.1f} ms, {queries} queries, {size / 1024:.0f} KiB", flush=True)
    for name, (small, large) in taken.items():
        print(f"  {kind}: {name}, 10,000 against 40: {large / small:.2f}", flush=True)


def look(client, address: str) -> tuple[float, int, int]:
    """Median milliseconds, the queries of a look, and the bytes of the page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    times = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
    assert answer.status_code == 200, answer.status_code
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    return statistics.median(times), len(queries), len(answer.content)


if __name__ == "__main__":
    import django

    django.setup()
    inside(sys.argv[1])
