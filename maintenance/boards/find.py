"""Find anything by a word: vehicles, orders, tasks, groups, and what one can do."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from fleet.owners.models import Membership, Role
from maintenance.models import Task, WorkOrder
from vehicles.models import Group, Vehicle

MOST = 8  # of each kind
VIN_END = 4  # so many of its last letters at least


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    icon: str
    text: str
    aside: str
    href: str


# Where one can go: name, other words for it, address, icon, and who may.
ACTS = (
    ("Due list", "home overdue soon", "maintenance:due", "due", Role.VIEWER),
    ("What costs most to wait for", "overdue ranking", "maintenance:overdue", "overdue", Role.VIEWER),
    ("Vehicles", "cars fleet", "maintenance:vehicles", "vehicles", Role.VIEWER),
    ("Faults", "trouble codes dtc", "maintenance:faults", "lamp", Role.VIEWER),
    ("Work orders", "jobs", "maintenance:orders", "orders", Role.VIEWER),
    ("Alerts", "new acknowledged inbox", "maintenance:alerts", "alerts", Role.VIEWER),
    ("Workshop’s screen", "wallboard wall", "maintenance:wall", "orders", Role.VIEWER),
    ("Proof of work", "claims confirmed", "maintenance:proofs", "ok", Role.VIEWER),
    ("Thresholds", "limits tyre battery fuel", "maintenance:thresholds", "alerts", Role.MANAGER),
    ("Programs", "plans intervals", "maintenance:programs", "plans", Role.VIEWER),
    ("Task library", "jobs checklists", "maintenance:tasks", "plans", Role.VIEWER),
    ("What if", "interval try", "maintenance:what-if", "plans", Role.VIEWER),
    ("Groups of vehicles", "depots", "maintenance:groups", "vehicles", Role.VIEWER),
    ("Stickers to print", "qr code label", "maintenance:stickers", "print", Role.VIEWER),
    ("Last services", "baselines start", "maintenance:all-baselines", "wrench", Role.MANAGER),
    ("Policy", "decisions snooze warning", "maintenance:policy", "plans", Role.MANAGER),
    ("Fault rules", "ignore codes", "maintenance:fault-rules", "lamp", Role.MANAGER),
    ("How forecasts held", "hit rate", "maintenance:forecast", "soon", Role.MANAGER),
    ("Connections", "connect owner consent reconnect", "vehicles:connect", "connections", Role.MANAGER),
    ("Polling", "calls budget", "vehicles:polling", "src-poll", Role.MANAGER),
    ("Outbox", "mail notices sent", "maintenance:outbox", "mail", Role.MANAGER),
    ("First hour", "guide steps begin start", "maintenance:start", "info", Role.MANAGER),
    ("Settings of the fleet", "units time zone name wall address", "owners:settings", "settings", Role.VIEWER),
    ("People", "invite role technician member", "owners:people", "user", Role.VIEWER),
    ("Notices on this device", "push messages phone", "maintenance:devices", "alerts", Role.VIEWER),
    ("Yours", "theme dark light name", "owners:yours", "user", Role.VIEWER),
    ("Another fleet", "new begin", "owners:fleet-new", "add", Role.MANAGER),
    ("Change password", "account", "account_change_password", "user", Role.VIEWER),
    ("Two-step sign-in", "account mfa", "mfa_index", "user", Role.VIEWER),
)

# What one can begin: name, other words for it, address, what follows the address, icon, and who may.
DOES = (
    ("Write a work order", "new job", "maintenance:order-new", "", "order-add", Role.TECHNICIAN),
    ("Connect an owner", "new car consent", "vehicles:connect", "#new", "connections", Role.MANAGER),
    ("Ask somebody to join", "invite new person", "owners:people", "#invite", "user", Role.MANAGER),
    ("Save the due list as a file", "csv export", "maintenance:due-csv", "", "copy", Role.VIEWER),
    ("Save the vehicles as a file", "csv export", "maintenance:vehicles-csv", "", "copy", Role.VIEWER),
    ("New program", "plan interval", "maintenance:program-new", "", "plans", Role.MANAGER),
    ("New task", "job checklist", "maintenance:task-new", "", "plans", Role.MANAGER),
    ("New threshold", "limit watch", "maintenance:threshold-new", "", "alerts", Role.MANAGER),
    ("Paste last services", "baselines import list", "maintenance:paste-baselines", "", "wrench", Role.MANAGER),
    ("Sign out", "leave log out", "account_logout", "", "user", Role.VIEWER),
)
# What one can begin on a vehicle: words with its name, address, whether its number goes into the path, icon, and who.
ON_VEHICLE = (
    ("Write a work order for {}", "maintenance:order-new", "?vehicle={}", "order-add", Role.TECHNICIAN),
    ("Type a reading of {}", "maintenance:meter-type", "", "src-bench", Role.TECHNICIAN),
    ("Print the sticker of {}", "maintenance:stickers", "?car={}", "print", Role.VIEWER),
    ("Edit {}", "maintenance:edit", "", "src-bench", Role.MANAGER),
)
FEW = 2  # vehicles found: then it is plain which one is meant


def board(member: Membership, q: str) -> dict:
    found = list(everything(member, q)) if q else list(acts(member, ""))
    return {"q": q, "found": found, "here": ""}


def everything(member: Membership, q: str) -> Iterator[Found]:
    """Vehicles first: they are what people look for. Four queries at most, each for a handful of rows."""
    cars = vehicles(member, q)
    yield from (found for _, found in cars)
    if len(cars) <= FEW:
        for car, _ in cars:
            yield from on_vehicle(member, car)
    yield from orders(member, q)
    yield from acts(member, q)
    yield from tasks(member, q)
    yield from groups(member, q)


def on_vehicle(member: Membership, car: Vehicle) -> Iterator[Found]:
    for words, name, query, icon, role in ON_VEHICLE:
        if member.may(role):
            where = reverse(name) + query.format(car.pk) if query else reverse(name, args=[car.pk])
            yield Found("Do", icon, words.format(car.name), car.plate, where)


def vehicles(member: Membership, q: str) -> list[tuple[Vehicle, Found]]:
    """By parts of the name and plate, or the end of the VIN. In the order of the index, so that it may stop early."""
    cars = Vehicle.objects.seen_by(member).active()
    for word in q.split():
        named = Q(name__icontains=word) | Q(plate__icontains=word)
        cars = cars.filter(named | Q(vin__iendswith=word) if len(word) >= VIN_END else named)
    found = []
    for car in cars.only("name", "plate", "make", "model", "year").order_by("name", "pk")[:MOST]:
        aside = " · ".join(filter(None, (car.plate, car.kind)))
        where = reverse("maintenance:vehicle", args=[car.pk])
        found.append((car, Found("Vehicle", "vehicles", car.name, aside, where)))
    return found


def orders(member: Membership, q: str) -> Iterator[Found]:
    """By the number alone: “1042” or “WO-1042”."""
    number = q.strip().lower().removeprefix("wo").lstrip("- ")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        return
    seen = WorkOrder.objects.seen_by(member).select_related("vehicle").filter(number=int(number))
    for order in seen[:MOST]:
        aside = f"{order.vehicle.name} · {order.get_state_display().lower()}"
        yield Found("Work order", "orders", order.called, aside, reverse("maintenance:order", args=[order.pk]))


def tasks(member: Membership, q: str) -> Iterator[Found]:
    for task in Task.objects.seen_by(member).filter(retired_at=None, name__icontains=q).only("name")[: MOST // 2]:
        yield Found("Task", "wrench", task.name, "", reverse("maintenance:task", args=[task.pk]))


def groups(member: Membership, q: str) -> Iterator[Found]:
    for group in Group.objects.seen_by(member).filter(name__icontains=q).only("name")[: MOST // 2]:
        yield Found("Group", "vehicles", group.name, "", reverse("maintenance:group", args=[group.pk]))


def acts(member: Membership, q: str) -> Iterator[Found]:
    words = q.lower().split()
    for name, also, where, icon, role in ACTS:
        if member.may(role) and all(word in f"{name} {also}".lower() for word in words):
            yield Found("Go to", icon, name, "", reverse(where))
    for name, also, where, tail, icon, role in DOES:
        if member.may(role) and all(word in f"{name} {also}".lower() for word in words):
            yield Found("Do", icon, name, "", reverse(where) + tail)
