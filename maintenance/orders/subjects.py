"""What an order can be about: a due item, a fault, an alert, or words; as the line that will be written."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from fleet.owners.models import Fleet
from maintenance import letters
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Alert, DueItem, OrderLine, Task
from vehicles.models import Fault

LONGEST = OrderLine._meta.get_field("title").max_length


@dataclass(slots=True)
class Subject:
    """One line to come. `vehicle_id` is 0 for what was only typed."""

    title: str
    vehicle_id: int = 0
    instructions: str = ""
    parts: str = ""
    checklist: list[dict] = field(default_factory=list)
    code: str = ""
    task: Task | None = None
    item: DueItem | None = None
    fault: Fault | None = None
    alert: Alert | None = None

    def line(self, place: int) -> OrderLine:
        return OrderLine(
            place=place,
            title=self.title[:LONGEST],
            instructions=self.instructions,
            parts=self.parts,
            checklist=self.checklist,
            code=self.code,
            task=self.task,
            item=self.item,
            fault=self.fault,
            alert=self.alert,
        )


def gather(
    fleet: Fleet,
    *,
    items: Collection[int] = (),
    faults: Collection[int] = (),
    alerts: Collection[int] = (),
    typed: str = "",
    now: datetime,
) -> list[Subject]:
    """What was asked for and belongs to this fleet, each once. An alert leads to the item or fault it speaks of."""
    found: dict[tuple, Subject] = {}
    for alert in Alert.objects.for_fleet(fleet).filter(pk__in=alerts).select_related("vehicle__fleet").order_by("pk"):
        subject = of_alert(alert, now)
        found[key(subject)] = subject
    due = DueItem.objects.for_fleet(fleet).standing().filter(pk__in=items).select_related("task").by_urgency()
    for item in due:
        found.setdefault(("item", item.pk), of_item(item))
    for fault in (
        Fault.objects.for_fleet(fleet).open().filter(pk__in=faults).select_related("vehicle").order_by("code", "pk")
    ):
        found.setdefault(("fault", fault.pk), of_fault(fault))
    subjects = list(found.values())
    if words := " ".join(typed.split()):
        subjects.append(Subject(words))
    return subjects


def key(subject: Subject) -> tuple:
    if subject.item is not None:
        return "item", subject.item.pk
    if subject.fault is not None:
        return "fault", subject.fault.pk
    return "alert", subject.alert.pk


def of_item(item: DueItem) -> Subject:
    task = item.task
    steps = [
        {"text": step["text"], "unit": step.get("unit", ""), "done": False, "value": None} for step in task.checklist
    ]
    return Subject(
        title=task.name,
        vehicle_id=item.vehicle_id,
        instructions=task.instructions,
        parts=task.parts,
        checklist=steps,
        task=task,
        item=item,
    )


def of_fault(fault: Fault) -> Subject:
    meaning = Rulebook([fault.fleet_id]).read(fault.code, fault.vehicle)
    return Subject(title=f"{fault.code}: {meaning.text}", vehicle_id=fault.vehicle_id, code=fault.code, fault=fault)


def of_alert(alert: Alert, now: datetime) -> Subject:
    subject = None
    items = DueItem.objects.standing().filter(vehicle_id=alert.vehicle_id, task__key=alert.subject)
    faults = Fault.objects.open().select_related("vehicle").filter(vehicle_id=alert.vehicle_id, code=alert.subject)
    if alert.kind == Alert.Kind.DUE and (item := items.select_related("task").first()):
        subject = of_item(item)
    elif alert.kind == Alert.Kind.FAULT and (fault := faults.first()):
        subject = of_fault(fault)
    if subject is None:
        said = letters.sentence(alert, now) or f"{alert.get_kind_display()}: {alert.subject}"
        subject = Subject(said[:1].upper() + said[1:], vehicle_id=alert.vehicle_id)
    subject.alert = alert
    return subject
