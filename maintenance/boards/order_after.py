"""What follows from the work of an order: when it is due again, and what the car is watched for until when."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from fleet.kit.units import number, show_distance
from fleet.owners.models import Fleet
from maintenance.domain.orders import RECENT
from maintenance.models import DueItem, OrderLine, Proof, WorkOrder
from maintenance.proving import saying

DONE = (OrderLine.Outcome.DONE, OrderLine.Outcome.FINE)


@dataclass(slots=True)
class After:
    """One sentence: its beginning, and the points at which something is due."""

    icon: str
    head: str
    marks: list[str] = field(default_factory=list)


def lines(shown, fleet: Fleet, now: datetime) -> list[After]:
    """Of what was done lately; later the vehicle's own page knows better. `shown` are the lines of the sheet."""
    found = []
    for one in shown:
        line, record = one.line, one.line.record
        is_lately = line.settled_at is not None and now - line.settled_at < RECENT
        if not is_lately or line.outcome not in DONE or (record is not None and record.voided_at is not None):
            continue
        if line.item is not None and (marks := points(line.item, fleet)):
            found.append(After("plans", f"{line.title} is next due at ", marks))
        if one.watched:
            found.append(After("odometer", one.watched))
    return found


def points(item: DueItem, fleet: Fleet) -> list[str]:
    said = [
        (item.due_km, lambda km: show_distance(km, fleet.units)),
        (item.due_on, lambda day: f"{day:%-d %b %Y}"),
        (item.due_hours, lambda hours: f"{number(hours)} h"),
    ]
    return [words(point) for point, words in said if point is not None]


def watched(order: WorkOrder, settled_at: datetime) -> list[str]:
    """For the receipt: what the car is watched for, of the jobs that were settled in this moment."""
    settled = order.lines.filter(settled_at=settled_at, outcome__in=DONE)
    codes = [code for code in settled.values_list("code", flat=True) if code]
    of_codes = Q(vehicle=order.vehicle_id, facts__code__in=codes, claimed_at=settled_at)
    proofs = Proof.objects.filter(Q(record__order_lines__in=settled) | of_codes, state=Proof.State.WATCHING)
    return [saying.sentence(proof, order.fleet.zone) for proof in proofs.order_by("pk").distinct()]
