"""A yard full of cars with plans, verdicts and readings, made in bulk."""

from datetime import timedelta

from django.utils import timezone

from fleet.owners.models import Fleet, Membership, Owner, Role, User
from maintenance import review
from maintenance.domain.plan import AnchorKind
from maintenance.models import DueItem
from tests import plan
from vehicles.domain.measurements import Measurement, Snapshot
from vehicles.domain.signals import Signal
from vehicles.models import Connection, Source, Vehicle
from vehicles.waist import ingest


def fill(count: int) -> Membership:
    """A fleet of so many connected cars, each with verdicts; every seventh has something due."""
    now = timezone.now()
    fleet = Fleet.objects.create(name=f"Yard of {count}")
    user = User.objects.create_user(f"manager-{count}@fleet.example", "bench-pass-phrase")
    member = Membership.objects.create(user=user, fleet=fleet, role=Role.MANAGER)
    plan.lay(fleet)
    owner = Owner.objects.create(fleet=fleet, name="Owner")
    connections = Connection.objects.bulk_create(
        Connection(fleet=fleet, owner=owner, connection_id=f"c-{count}-{n}", user_id="u") for n in range(count)
    )
    Vehicle.objects.bulk_create(
        (
            Vehicle(
                fleet=fleet,
                name=f"Van {n:05d}",
                plate=f"BT {n:05d}",
                make="FORD",
                model="Transit",
                year=2021,
                powertrain="ICE",
                smartcar_id=f"bench-car-{n}" if count == 500 else f"bench-{count}-{n}",
                connection=connections[n],
            )
            for n in range(count)
        ),
        batch_size=2_000,
    )
    ids = list(Vehicle.objects.filter(fleet=fleet).order_by("pk").values_list("pk", flat=True))
    for start in range(0, count, 200):
        batch = ids[start : start + 200]
        ingest.record_all([arrival(pk, start + n, now) for n, pk in enumerate(batch)], now=now)
        review.review(batch, now=now)
    due = DueItem.objects.filter(fleet=fleet)
    due.update(anchor=AnchorKind.KNOWN, anchor_km=38_000, anchor_on=(now - timedelta(days=100)).date())
    for start in range(0, count, 200):
        review.review(ids[start : start + 200], now=now)
    return member


def arrival(pk: int, number: int, now) -> ingest.Arrival:
    km = 47_000.0 if number % 7 == 0 else 39_000.0 + number % 900
    at = now - timedelta(minutes=number % 600)
    told = [
        Measurement(Signal.ODOMETER, km, at, at),
        Measurement(Signal.OIL_LIFE, 15.0 if number % 31 == 0 else 60.0, at, at),
        Measurement(Signal.FUEL_LEVEL, float(number % 100), at, at),
        Measurement(Signal.BATTERY_12V, 88.0, at, at),
        Measurement(Signal.TROUBLE_CODES, [{"code": "P0420", "since": None}] if number % 50 == 0 else [], at, at),
    ]
    return ingest.Arrival(pk, Snapshot(tuple(told)), Source.WEBHOOK, now)
