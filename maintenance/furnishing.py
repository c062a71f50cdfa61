"""The demo fleet: people, owners and their consents through the real doors, a past, and the work done in it."""

import os
import time
from datetime import date, datetime

import requests
from django.utils import timezone

from fleet.owners.models import Fleet, Membership, Owner, Role, User, new_external_id
from fleet.watch.models import Pulse
from maintenance import hindsight, review
from maintenance.forecasts import pacing
from maintenance.models import ServiceRecord, Task
from maintenance.plans import library
from maintenance.proving import watching
from vehicles.consent import enrolment, subscribing
from vehicles.models import ConnectAttempt, Delivery, Vehicle

FLEET = "Northgate Mechanical"
ZONE = "America/Halifax"
PEOPLE = (
    ("manager@northgate.example", "Ana Sørlie", Role.MANAGER),
    ("technician@northgate.example", "Robert Osei", Role.TECHNICIAN),
    ("viewer@northgate.example", "Lena Maro", Role.VIEWER),
)
PAST = "past delivered"
OURS = "@northgate.example"
ADMIN = ("admin@fettle.example", "Site admin")
TASKS = {
    "oil_change": "oil-change",
    "tyre_rotation": "tyre-rotation",
    "brake_inspection": "brake-inspection",
    "cabin_filter": "cabin-filter",
    "brake_fluid": "brake-fluid",
}
VANS = ("transit", "promaster", "express", "savana", "van", "sprinter")
PICKUPS = ("f-150", "silverado", "sierra", "1500", "2500", "ranger", "colorado", "tacoma")
NAMES = {"van": "Van", "pickup": "Pickup", "ev": "EV", "car": "Car"}


def people(password: str) -> Fleet:
    """The fleet and one sign-in a role. Known ones keep what they are, but for the password of this demo."""
    fleet, _ = Fleet.objects.get_or_create(name=FLEET, defaults={"time_zone": ZONE, "settled_at": timezone.now()})
    for email, name, role in PEOPLE:
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, password, name=name)
        Membership.objects.get_or_create(user=user, fleet=fleet, defaults={"role": role})
    if not User.objects.filter(email=ADMIN[0]).exists():
        User.objects.create_superuser(ADMIN[0], password, name=ADMIN[1])
    library.stock(fleet)
    return fleet


class Sandbox:
    """The control calls of the demo's stand-in for the makers and their drivers."""

    def __init__(self, origin: str):
        self.origin, self.session = origin, requests.Session()

    def get(self, path: str) -> dict:
        answer = self.session.get(f"{self.origin}/control/{path}", timeout=30)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, content: dict) -> dict:
        answer = self.session.post(f"{self.origin}/control/{path}", json=content, timeout=60)
        answer.raise_for_status()
        return answer.json()


def sandbox() -> Sandbox:
    return Sandbox(f"http://127.0.0.1:{os.environ.get('SANDBOX_PORT', '8001')}")


def consents(fleet: Fleet, makers: Sandbox) -> int:
    """Each maker account of this fleet's becomes an owner who has consented. How many vehicles there are then.

    Accounts of other companies stay unconnected, for a newcomer to connect by hand.
    """
    for account in makers.get("accounts")["accounts"]:
        email = account["account"]
        if not email.endswith(OURS):
            continue
        owner, _ = Owner.objects.get_or_create(
            fleet=fleet, name=f"{account['brand']} account", defaults={"email": email}
        )
        if owner.connections.exists():
            continue
        makers.post("consent", {"account": email, "externalId": owner.external_id})
        now = timezone.now()
        attempt = ConnectAttempt.objects.create(
            fleet=fleet,
            owner=owner,
            by=fleet.memberships.filter(role=Role.MANAGER).first().user,
            state_hash=new_external_id(),
            session_hash="",
            purpose="demo",
            ends_at=now,
            stage=ConnectAttempt.Stage.LOOKING,
        )
        enrolment.look(attempt, now)
    return Vehicle.objects.for_fleet(fleet).count()


def subscriptions(fleet: Fleet) -> None:
    """Wait until each vehicle is subscribed; the workers do the same sweep meanwhile."""
    for _ in range(60):
        if not Vehicle.objects.for_fleet(fleet).filter(subscribed_at=None).exists():
            return
        subscribing.sweep(now=timezone.now())
        time.sleep(0.5)


def past(makers: Sandbox, *, days: int, say) -> None:
    """Have the past delivered through the webhook door, and wait until it is read."""
    makers.post("replay", {"days": days})
    told = -1
    while True:
        replay = makers.get("status")["replay"]
        share = 100 * replay["sent"] // max(1, replay["total"])
        if share // 20 != told // 20 or replay["done"]:
            say(f"{share} % of the past delivered")
            told = share
        if replay["done"]:
            break
        time.sleep(0.5)
    for _ in range(600):
        if not Delivery.objects.filter(state=Delivery.State.WAITING).exists():
            Pulse.beat(PAST, timezone.now())
            return
        time.sleep(0.5)


def has_a_past() -> bool:
    """Whether the whole past came in once. One that was cut short is delivered again, and is the same."""
    return Pulse.objects.filter(name=PAST).exists()


def completions(fleet: Fleet, makers: Sandbox) -> int:
    """The sandbox's own service log, written down as work done. Each entry once, however often this runs."""
    tasks = {task.key: task for task in Task.objects.for_fleet(fleet)}
    vehicles = {v.smartcar_id: v for v in Vehicle.objects.for_fleet(fleet).exclude(smartcar_id=None)}
    records = []
    for entry in makers.get("service-log")["services"]:
        vehicle, task = vehicles.get(entry["vehicleId"]), tasks.get(TASKS.get(entry["task"], ""))
        if vehicle is None or task is None:
            continue
        records.append(
            ServiceRecord(
                fleet=fleet,
                vehicle=vehicle,
                task=task,
                done_on=date.fromisoformat(entry["on"]),
                done_at=datetime.fromisoformat(entry["at"].replace("Z", "+00:00")),
                odometer_km=round(entry["odometerKm"], 1),
                by_name=entry.get("by") or "Workshop",
                key=f"demo-{vehicle.pk}-{task.key}-{entry['on']}",
            )
        )
    ServiceRecord.objects.bulk_create(records, ignore_conflicts=True)
    claims(list(vehicles.values()))
    review.review([vehicle.pk for vehicle in vehicles.values()], now=timezone.now())
    return len(records)


def claims(vehicles: list[Vehicle]) -> None:
    """Each of those jobs is held against what its car said, as if it had been logged here; so the past comes first."""
    for vehicle in vehicles if has_a_past() else []:
        unwatched = ServiceRecord.objects.standing().filter(vehicle=vehicle, key__startswith="demo-", proof=None)
        watching.start(list(unwatched.select_related("task")), vehicle)


def forecasts(fleet: Fleet, *, days: int) -> int:
    """What the weekly back-test would have written in this past, and the paces of today."""
    now = timezone.now()
    written = hindsight.foretell(fleet, days=days, now=now)
    ids = list(Vehicle.objects.for_fleet(fleet).active().values_list("pk", flat=True))
    pacing.look(ids, now=now)
    review.review(ids, now=now)
    return written


def names(fleet: Fleet) -> None:
    """Numbers on the doors and plates, as a yard gives them; only where nobody has named the car."""
    counts: dict[str, int] = {}
    for vehicle in Vehicle.objects.for_fleet(fleet).order_by("pk"):
        kind = NAMES[kind_of(vehicle)]
        counts[kind] = counts.get(kind, 0) + 1
        if not vehicle.plate:
            vehicle.name = f"{kind} {counts[kind]:02d}"
            vehicle.plate = f"B{'KNRTX'[vehicle.pk % 5]} {10 + vehicle.pk * 7 % 90} {100 + vehicle.pk * 137 % 900}"
            vehicle.save(update_fields=["name", "plate"])


def kind_of(vehicle: Vehicle) -> str:
    if vehicle.powertrain == "BEV":
        return "ev"
    model = vehicle.model.lower()
    kinds = {"van": VANS, "pickup": PICKUPS}
    return next((kind for kind, words in kinds.items() if any(word in model for word in words)), "car")
