"""What pages cost in the server at 40, 10,000 and 100,000 vehicles: milliseconds, queries, bytes; and a renewal."""

import html
import json
import re
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


COUNTS = (40, 10_000, 100_000)


def inside(kind: str, counts: list[int]) -> None:
    from django.test import Client

    from tests.bench import yard
    from vehicles.models import Vehicle

    taken: dict[str, list[float]] = {}
    for count in counts or COUNTS:
        member = yard.fill(count)
        analyse(kind)
        client = Client(HTTP_HOST="localhost")
        client.force_login(member.user)
        car = Vehicle.objects.filter(fleet=member.fleet).order_by("pk").first()
        addresses = {
            "due list": "/",
            "due list by vehicle": "/?by=vehicle",
            "due list by week": "/?by=week&show=all",
            "due list, a page on": "/?show=all&page=40",
            "due list, a search": "/?q=van+00012",
            "vehicle list": "/vehicles/",
            "vehicle page": f"/vehicles/{car.pk}/",
            "orders": "/orders/",
            "faults": "/faults/",
            "connect": "/connect/",
        }
        for name, address in addresses.items():
            ms, queries, size = look(client, address)
            taken.setdefault(name, []).append(ms)
            print(f"  {kind}: {name} at {count:,}: {ms:.1f} ms, {queries} queries, {size / 1024:.0f} KiB", flush=True)
        stamp = re.search(r'hx-vals="([^"]+)"', client.get("/", headers=HTMX).content.decode())[1]
        ms, queries, size = look(client, "/", told=json.loads(html.unescape(stamp)), status=204, headers=HTMX)
        print(f"  {kind}: a renewal at {count:,}: {ms:.1f} ms, {queries} queries, {size} bytes", flush=True)
    for name, times in taken.items():
        print(f"  {kind}: {name}, the largest against the smallest: {times[-1] / times[0]:.2f}", flush=True)


HTMX = {"HX-Request": "true"}


def analyse(kind: str) -> None:
    """As a database does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if kind == "postgres" else "ANALYZE")


def look(client, address: str, *, told=None, status=200, headers=None) -> tuple[float, int, int]:
    """Median milliseconds, the queries of a look, and the bytes of the page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address, told, headers=headers)
    times = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        answer = client.get(address, told, headers=headers)
        times.append((time.perf_counter() - began) * 1000)
    assert answer.status_code == status, answer.status_code
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, told, headers=headers)
    return statistics.median(times), len(queries), len(answer.content)


if __name__ == "__main__":
    import django

    django.setup()
    inside(sys.argv[1], [int(count) for count in sys.argv[2:]])
