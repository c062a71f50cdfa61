"""What a new order of one vehicle may be about: what was asked for is ticked, what else is near stands beside it."""

from dataclasses import dataclass
from datetime import datetime

from fleet.owners.models import Membership
from maintenance import letters
from maintenance.boards import gauges
from maintenance.boards.orders import Held, holding
from maintenance.domain.status import Status
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Alert, DueItem
from vehicles.models import Fault, Vehicle

FEW = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One job to tick. `held` is the open order that has it already."""

    name: str
    pk: int
    title: str
    status: str
    aside: str
    is_chosen: bool
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address or a form names: keys only, of whatever fleet."""

    items: frozenset[int] = frozenset()
    faults: frozenset[int] = frozenset()
    alerts: frozenset[int] = frozenset()
    vehicle: int = 0

    def of(self, member: Membership) -> Vehicle | None:
        """The vehicle that it is about, if it is one of this fleet’s."""
        cars = Vehicle.objects.seen_by(member).select_related("fleet").filter(retired_at=None)
        if self.vehicle:
            return cars.filter(pk=self.vehicle).first()
        for model, keys in ((DueItem, self.items), (Fault, self.faults), (Alert, self.alerts)):
            if keys and (found := model.objects.seen_by(member).filter(pk__in=keys).order_by("pk").first()):
                return cars.filter(pk=found.vehicle_id).first()
        return None


def choosing(member: Membership, q: str) -> dict:
    """The vehicles to choose from before there is a form: the first by name that the words fit."""
    found = list(Vehicle.objects.seen_by(member).active().called(q).order_by("name", "pk")[: FEW + 1])
    return {"q": q, "cars": found[:FEW], "is_more": len(found) > FEW, "here": "orders"}


def board(vehicle: Vehicle, asked: Asked, member: Membership, now: datetime) -> dict:
    readings = gauges.of([vehicle.pk])
    alerts = list(Alert.objects.seen_by(member).filter(pk__in=asked.alerts, vehicle=vehicle)) if asked.alerts else []
    tasks = {alert.subject for alert in alerts if alert.kind == Alert.Kind.DUE}
    found = {alert.subject for alert in alerts if alert.kind == Alert.Kind.FAULT}
    items = list(DueItem.objects.standing().filter(vehicle=vehicle).select_related("task").by_urgency())
    faults = list(Fault.objects.open().filter(vehicle=vehicle).order_by("code", "pk"))
    held = holding(
        member,
        items=[item.pk for item in items],
        faults=[fault.pk for fault in faults],
        alerts=[alert.pk for alert in alerts],
    )
    choices = []
    for item in items:
        why = readings.explain(item, member.fleet, now)
        choices.append(
            Choice(
                name="item",
                pk=item.pk,
                title=item.task.name,
                status=item.status if why else Status.UNKNOWN.value,
                aside=why.headline if why else "not looked at yet",
                is_chosen=item.pk in asked.items or item.task.key in tasks,
                held=held["item"].get(item.pk),
            )
        )
    book = Rulebook([member.fleet_id] if faults else [])
    for fault in faults:
        meaning = book.read(fault.code, vehicle)
        choices.append(
            Choice(
                name="fault",
                pk=fault.pk,
                title=f"{fault.code}: {meaning.text}",
                status=Status.UNKNOWN.value if meaning.is_ignored else str(meaning.severity),
                aside=f"since {fault.opened_at.astimezone(member.fleet.zone):%-d %b %Y}",
                is_chosen=fault.pk in asked.faults or fault.code in found,
                held=held["fault"].get(fault.pk),
            )
        )
    for alert in alerts:
        if alert.kind not in (Alert.Kind.DUE, Alert.Kind.FAULT):
            about = alert.get_kind_display()
            title = letters.sentence(alert, now) or about
            choices.append(Choice("alert", alert.pk, title, alert.level, about, True, held["alert"].get(alert.pk)))
    return {"vehicle": vehicle, "choices": choices, "here": "orders"}
