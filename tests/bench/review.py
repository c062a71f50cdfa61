"""How many vehicles a second one worker and two judge through the database, eight lines each; queries a batch."""

import contextlib
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from tests.bench import ground

CARS = 2_000
ROUNDS = 3
WANTED = 1_500
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
NEAR_KM, FAR_KM = 60_000.0, 75_000.0  # where the last service was: due by now, and not yet
EVERY_KM = (15_000, 12_000, 16_000, 14_000, 13_000, 15_500, 12_500, 14_500)


def measure() -> None:
    for kind in ("postgres", "sqlite"):
        with ground.database(kind) as env:
            subprocess.run([sys.executable, "-m", "tests.bench.review", kind], cwd=ground.ROOT, env=env, check=True)


def inside(kind: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from maintenance import review
    from vehicles.models import Vehicle

    ids = fill()
    now = NOON
    for workers in (1, 2) if kind == "postgres" else (1,):  # SQLite has one writer at a time
        for every in (0, 10, 1):
            taken = []
            for turn in range(ROUNDS):
                now += timedelta(minutes=10)
                changing = change(every, far=turn % 2 == 1)
                with second(kind, now) if workers == 2 else contextlib.nullcontext():
                    began = time.perf_counter()
                    drain(now)
                    while Vehicle.objects.filter(review_after__lte=now).exists():  # the other one's last batch
                        time.sleep(0.005)
                    taken.append(CARS / (time.perf_counter() - began))
                ring(now)
            share = {0: "nothing", 10: f"a tenth of the verdicts (wanted: {WANTED:,})", 1: "all verdicts"}[every]
            rate = f"{ground.spread(taken)} vehicles a second"
            print(f"  {kind}, {workers} at work: {rate}, {share} changing ({changing:,} items)", flush=True)
    change(10, far=False)
    with CaptureQueriesContext(connection) as caught:
        review.sweep(now=NOON + timedelta(days=1))
    words = Counter(query["sql"].split()[0] for query in caught)
    print(f"  {kind}: {len(caught)} queries for a batch of {review.batch()}: {dict(words)}", flush=True)
    assert len(ids) == CARS


def drain(now: datetime) -> None:
    from maintenance import review

    while review.sweep(now=now):
        pass


@contextlib.contextmanager
def second(kind: str, now: datetime):
    """Another worker, warm and waiting when the measuring begins."""
    command = [sys.executable, "-m", "tests.bench.review", kind, now.isoformat()]
    with subprocess.Popen(command, cwd=ground.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "ready\n"
        other.stdin.write("go\n")
        other.stdin.flush()
        yield
    assert other.returncode == 0


def be_second(now: datetime) -> None:
    from django.db import transaction

    from maintenance import review

    with transaction.atomic():  # a batch that is thrown away: what is loaded once is loaded
        assert review.sweep(now=now)
        transaction.set_rollback(True)
    print("ready", flush=True)
    sys.stdin.readline()
    drain(now)


def change(every: int, *, far: bool) -> int:
    """Move the last service of each tenth item to where it is due, or back; and ring for all."""
    from django.db.models import F

    from maintenance.models import DueItem

    if not every:
        return 0
    items = DueItem.objects.annotate(place=F("pk") % every).filter(place=0)
    return items.update(anchor_km=FAR_KM if far else NEAR_KM)


def ring(now) -> None:
    from vehicles.models import Vehicle

    Vehicle.objects.update(review_after=now)


def fill(cars_wanted: int = CARS) -> list[int]:
    from fleet.owners.models import Fleet, Membership, Owner, Role, User
    from maintenance import review
    from maintenance.domain.plan import AnchorKind
    from maintenance.models import DueItem, Pace, Program, ProgramLine, Task
    from vehicles.models import Connection, Gauge, Source, Vehicle

    fleet = Fleet.objects.create(name="Review")
    user = User.objects.create_user("manager@fleet.example", "bench-pass-phrase")
    Membership.objects.create(user=user, fleet=fleet, role=Role.MANAGER)
    program = Program.objects.create(fleet=fleet, name="Van")
    for place, km in enumerate(EVERY_KM):
        task = Task.objects.create(fleet=fleet, key=f"task-{place}", name=f"Task {place}")
        oil = 20 if place == 0 else None
        ProgramLine.objects.create(program=program, task=task, every_km=km, every_months=24, oil_below_pct=oil)
    owner = Owner.objects.create(fleet=fleet, name="Owner")
    consents = Connection.objects.bulk_create(
        Connection(fleet=fleet, owner=owner, connection_id=f"review-{n}") for n in range(cars_wanted)
    )
    cars = Vehicle.objects.bulk_create(
        Vehicle(fleet=fleet, name=f"Van {n}", make="FORD", powertrain="ICE", connection=consents[n])
        for n in range(cars_wanted)
    )
    told = {"at": NOON, "received_at": NOON, "source": Source.WEBHOOK}
    for signal, value in (("odometer", 80_000.0), ("oil_life", 70.0)):
        Gauge.objects.bulk_create(Gauge(vehicle=car, signal=signal, number=value, **told) for car in cars)
    for axis, fast in (("distance", 90.0), ("oil", 0.4)):
        Pace.objects.bulk_create(
            Pace(vehicle=car, axis=axis, slow=fast / 2, usual=fast / 1.5, fast=fast, days=180, at=NOON) for car in cars
        )
    ring(NOON)
    while review.sweep(now=NOON):
        pass
    started = (NOON - timedelta(days=100)).date()
    DueItem.objects.update(anchor=AnchorKind.KNOWN, anchor_km=FAR_KM, anchor_on=started)
    ring(NOON)
    while review.sweep(now=NOON + timedelta(minutes=2)):
        pass
    ring(NOON)
    return [car.pk for car in cars]


if __name__ == "__main__":
    import django

    django.setup()
    inside(sys.argv[1]) if len(sys.argv) == 2 else be_second(datetime.fromisoformat(sys.argv[2]))
