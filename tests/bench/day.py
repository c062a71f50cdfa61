"""24 simulated hours at Smartcar's real limit of 120 calls and 2 a minute: how much of it is used, and no 429 comes."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

from tests.bench import ground

CARS = 2_000  # more than the calls of a day reach with a second try for each
SIZE, PER_MINUTE = 120, 2
STEP = timedelta(seconds=30)  # a call comes back in that time
START = datetime(2026, 5, 12, tzinfo=UTC)


def measure() -> None:
    for kind in ("sqlite", "postgres"):
        with ground.database(kind) as env:
            env = env | {"SMARTCAR_BUCKET": f"{SIZE}:{PER_MINUTE}", "POLL_THREADS": "1"}
            subprocess.run([sys.executable, "-m", "tests.bench.day", kind], cwd=ground.ROOT, env=env, check=True)


def inside(kind: str) -> None:
    """The sandbox's own bucket stands for Smartcar's; a call reaches it up to ten seconds after we counted it."""
    from vehicles.asking import polling
    from vehicles.domain.cadence import Rank, Why
    from vehicles.domain.measurements import Snapshot
    from vehicles.line import budget, turns
    from vehicles.models import Vehicle
    from vehicles.smartcar.sandbox.bucket import Bucket

    cars = fill()
    theirs_now = [START]
    theirs = Bucket(SIZE, PER_MINUTE, lambda: theirs_now[0].timestamp())
    asked, refused, arriving = Counter(), 0, []
    now, shares, number = START, polling.Shares(), 0
    while now < START + timedelta(days=1):
        if number % 120 == 0:  # once an hour somebody asks for five cars, and an outage or a new owner adds others
            turns.ring(Vehicle.objects.filter(pk__in=cars[number % 1_900 :][:5]), Why.ASKED, now=now)
            turns.ring(Vehicle.objects.filter(pk__in=cars[number % 1_700 :][:9]), Why.OUTAGE, now=now)
        claimed = turns.claim(200, now=now)
        asked.update(Rank(car.poll_rank).name for car in claimed)
        arriving += [now + timedelta(seconds=(car.pk * 7 + number) % 11) for car in claimed]
        for moment in sorted(at for at in arriving if at <= now + STEP):
            theirs_now[0] = max(moment, theirs_now[0])
            refused += not theirs.take()
        arriving = [at for at in arriving if at > now + STEP]
        if claimed:
            polling.settle_all([polling.Asked(car, Snapshot(())) for car in claimed], shares, now=now)
        # There is always demand: who was asked wants to be asked again.
        Vehicle.objects.filter(pk__in=[car.pk for car in claimed]).update(poll_after=now)
        now, number = now + STEP, number + 1
    granted = SIZE + PER_MINUTE * 60 * 24
    used, left = sum(asked.values()), budget.left(now)
    words = ", ".join(f"{count:,} {name.lower()}" for name, count in sorted(asked.items()))
    print(f"  {kind}: {used:,} of {granted:,} calls used, {used / granted:.1%}, {left:.0f} left; {words}", flush=True)
    print(f"  {kind}: refused by Smartcar: {refused}", flush=True)
    assert refused == 0, refused
    assert used >= 0.95 * granted, used


def fill() -> list[int]:
    from fleet.owners.models import Fleet, Owner
    from vehicles.models import Connection, Vehicle

    for number, count in enumerate((CARS - 20, 20)):
        fleet = Fleet.objects.create(name=f"Fleet of {count}")
        owner = Owner.objects.create(fleet=fleet, name="Owner")
        consents = Connection.objects.bulk_create(
            Connection(fleet=fleet, owner=owner, connection_id=f"day-{number}-{n}") for n in range(count)
        )
        Vehicle.objects.bulk_create(
            Vehicle(fleet=fleet, name=f"Van {n}", connection=consents[n], poll_after=START, poll_rank=4)
            for n in range(count)
        )
    return list(Vehicle.objects.order_by("pk").values_list("pk", flat=True))


if __name__ == "__main__":
    import django

    django.setup()
    inside(sys.argv[1])
