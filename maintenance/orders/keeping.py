"""What is typed on a sheet is kept as it is typed, long before the work is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from fleet.owners.models import Membership
from maintenance.domain.orders import State
from maintenance.models import OrderLine, WorkOrder
from maintenance.orders import moving


@dataclass(frozen=True, slots=True)
class Typed:
    """One line of a sheet: ticks and numbers by the place of their step."""

    meant: str = ""
    note: str = ""
    ticks: frozenset[int] = frozenset()
    values: dict[int, float | None] = field(default_factory=dict)


@transaction.atomic
def keep(order: WorkOrder, typed: Mapping[int, Typed], *, member: Membership, notes: str) -> None:
    """Lines that are settled, and orders that are over, stay as they are: a phone may send late."""
    order = moving.locked(order, member)
    if State(order.state).is_over:
        return
    if order.notes != notes:
        order.notes = notes
        order.save(update_fields=["notes"])
    lines = [take(line, typed[line.pk]) for line in order.lines.filter(outcome="") if line.pk in typed]
    OrderLine.objects.bulk_update(lines, ["meant", "note", "checklist"])


def take(line: OrderLine, said: Typed) -> OrderLine:
    line.meant, line.note = said.meant, said.note
    line.checklist = [
        {**step, "done": place in said.ticks, "value": said.values.get(place, step.get("value"))}
        for place, step in enumerate(line.checklist)
    ]
    return line
