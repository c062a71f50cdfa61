"""How long a what-if of a whole fleet takes: 10,000 vehicles on one line, through the page itself."""

import subprocess
import sys
import time

from tests.bench import ground
from tests.bench.review import fill

CARS = 10_000
ROUNDS = 5
WANTED = 2.0  # seconds


def measure() -> None:
    for kind in ("postgres", "sqlite"):
        with ground.database(kind) as env:
            subprocess.run([sys.executable, "-m", "tests.bench.whatif", kind], cwd=ground.ROOT, env=env, check=True)


def inside(kind: str) -> None:
    from django.db.models import F
    from django.test import Client
    from django.test.utils import override_settings

    from fleet.owners.models import User
    from maintenance.models import DueItem, ProgramLine

    fill(CARS)
    # Spread over the whole interval, so that an edit moves some of them.
    DueItem.objects.update(anchor_km=80_000.0 - (F("vehicle_id") % 20) * 900)
    row = ProgramLine.objects.get(task__key="task-1")
    client = Client(headers={"x-forwarded-proto": "https"})
    client.force_login(User.objects.get())
    asked = {"line": row.pk, "every": "16,000 km", "every_months": "24"}
    taken = []
    with override_settings(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        for turn in range(ROUNDS):
            began = time.perf_counter()
            answer = client.get("/plans/what-if/", asked | {"every": f"{9 + turn},000 km"})
            taken.append(time.perf_counter() - began)
            assert answer.status_code == 200 and b"10,000 vehicles follow this line" in answer.content
    print(f"  {kind}: {ground.spread(taken)} s for {CARS:,} vehicles (wanted: at most {WANTED:g})", flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    inside(sys.argv[1])
