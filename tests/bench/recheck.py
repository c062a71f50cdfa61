"""An edited rule on a fleet of 100,000: how fast one worker reviews it anew, and what the pages take meanwhile."""

import http.client
import re
import statistics
import subprocess
import sys
import threading
import time
from itertools import cycle

from tests.bench import ground

CARS = 100_000
IDLE_SECONDS = 20
PAUSE = 0.2  # between two pages of the person who reads on
PAGES = {"due list": "/", "vehicle list": "/vehicles/", "vehicle page": "/vehicles/{car}/", "bar": "/plans/recheck/"}


def measure() -> None:
    for kind in ("postgres", "sqlite"):
        with ground.database(kind) as env:
            env |= {"ALLOWED_HOSTS": "localhost,127.0.0.1"}
            subprocess.run([sys.executable, "-m", "tests.bench.recheck", kind], cwd=ground.ROOT, env=env, check=True)


def inside(kind: str) -> None:
    import os

    from django.utils import timezone

    from fleet.owners.models import Fleet
    from maintenance.models import ProgramLine
    from maintenance.plans import rechecks

    car = multiply()
    with ground.web(dict(os.environ), "fleet.wsgi:application") as port:
        reader = Reader(port, car)
        idle = reader.read(until=time.monotonic() + IDLE_SECONDS)
        ProgramLine.objects.filter(task__key="task-1").update(every_km=11_000.0)
        rechecks.begin(Fleet.objects.get(), "Van", by_name="Bench", now=timezone.now())
        over = threading.Event()
        began = time.monotonic()
        worker = subprocess.Popen([sys.executable, "-m", "tests.bench.recheck", "work"])
        threading.Thread(target=lambda: (worker.wait(), over.set()), daemon=True).start()
        busy = reader.read(until_set=over)
        took = time.monotonic() - began
        after = reader.read(until=time.monotonic() + IDLE_SECONDS)
    assert worker.returncode == 0, worker.returncode
    print(f"  {kind}: {CARS:,} vehicles in {took:.0f} s, {CARS / took:.0f} a second, one worker", flush=True)
    for name, before in idle.items():
        during = busy[name]
        three = before, during, after[name]
        told = [f"{statistics.median(times):.0f} / {ground.percentile(times, 0.95):.0f}" for times in three]
        # What the edit made due makes a page longer: it is held against the page as it is then.
        ratio = statistics.median(during) / max(statistics.median(before), statistics.median(after[name]))
        said = f"{told[0]} ms before, {told[1]} meanwhile, {told[2]} after (median / 95 %): {ratio:.2f}"
        print(f"  {kind}: {name}: {said}", flush=True)
    assert reader.bar == sorted(reader.bar), reader.bar
    print(f"  {kind}: the bar was read {len(reader.bar)} times and never went back", flush=True)


class Reader:
    """A manager who opens one page after the other, in a browser that is signed in."""

    def __init__(self, port: int, car: int):
        from django.conf import settings
        from django.test import Client

        from fleet.owners.models import User

        client = Client()
        client.force_login(User.objects.get())
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "X-Forwarded-Proto": "https"}
        self.pages = {name: address.format(car=car) for name, address in PAGES.items()}
        self.bar: list[int] = []

    def read(self, *, until: float = 0.0, until_set: threading.Event | None = None) -> dict[str, list[float]]:
        """Milliseconds of each page."""
        taken: dict[str, list[float]] = {name: [] for name in self.pages}
        for name, address in cycle(self.pages.items()):
            if until_set.is_set() if until_set else time.monotonic() > until:
                return taken
            began = time.perf_counter()
            self.line.request("GET", address, headers=self.headers)
            answer = self.line.getresponse()
            body = answer.read().decode()
            taken[name].append((time.perf_counter() - began) * 1000)
            assert answer.status == 200, (address, answer.status)
            if name == "bar" and until_set and (found := re.search(r'value="(\d+)"', body)):
                self.bar.append(int(found[1]))
            time.sleep(PAUSE)
        raise AssertionError("there are pages")


def multiply() -> int:
    """One vehicle with its verdicts, and as many copies as are wanted. Returns the key of one."""
    from django.db import connection

    from maintenance.models import DueItem, Pace
    from tests.bench.review import fill
    from vehicles.models import Gauge, Vehicle

    (first,) = fill(1)
    model = Vehicle.objects.get(pk=first)
    alike = {"fleet_id": model.fleet_id, "make": "FORD", "powertrain": "ICE", "connection_id": model.connection_id}
    quiet = {"review_after": None, "watch_after": None, "pace_after": None}
    Vehicle.objects.filter(pk=first).update(**quiet)
    copies = (Vehicle(name=f"Van {n}", **alike, **quiet) for n in range(1, CARS))
    Vehicle.objects.bulk_create(copies, batch_size=5_000)
    with connection.cursor() as cursor:
        for kind in (Gauge, Pace, DueItem):
            table, names = kind._meta.db_table, [f.column for f in kind._meta.concrete_fields if not f.primary_key]
            others = ", ".join("car.id" if name == "vehicle_id" else f"one.{name}" for name in names)
            source = f"{table} one, {Vehicle._meta.db_table} car WHERE one.vehicle_id = %s AND car.id <> %s"
            cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {others} FROM {source}", [first, first])
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
    return first


def work() -> None:
    """As the worker does, until the recheck is over."""
    from django.utils import timezone

    from maintenance import review
    from maintenance.models import Recheck
    from maintenance.plans import rechecks

    while Recheck.objects.filter(over_at=None).exists():
        now = timezone.now()
        rechecks.sweep(now=now)
        if not review.sweep(now=now):
            time.sleep(0.1)


if __name__ == "__main__":
    import django

    django.setup()
    work() if sys.argv[1] == "work" else inside(sys.argv[1])
