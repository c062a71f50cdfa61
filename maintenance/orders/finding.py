"""Which open orders hold an item, a fault or an alert already."""

from collections.abc import Collection

from django.db.models import Q

from maintenance.models import DueItem, OrderLine
from vehicles.models import Fault


def open_lines(
    *, items: Collection[int] = (), faults: Collection[int] = (), alerts: Collection[int] = ()
) -> list[OrderLine]:
    """The unsettled lines of these, with their orders; at most one each, which the database holds."""
    wanted = Q(item__in=items) | Q(fault__in=faults) | Q(alert__in=alerts)
    lines = OrderLine.objects.filter(wanted, outcome="").select_related("order__assignee")
    return list(lines.order_by("order__number", "place", "pk"))


def follow(vehicle_id: int) -> None:
    """Open lines whose item or episode went away take the one that came in its place, if it is free.

    A change of plan drops an item and makes another for the same task; late history folds an episode anew, and the
    row that was the open one may tell of an older one then.
    """
    lost = OrderLine.objects.filter(order__vehicle_id=vehicle_id, outcome="", item=None)
    lost = lost.filter(Q(fault=None) | Q(fault__closed_at__isnull=False))
    for line in lost.exclude(task=None, code=""):
        if line.task_id is not None:
            found = DueItem.objects.standing().filter(vehicle_id=vehicle_id, task_id=line.task_id).first()
            taken = OrderLine.objects.filter(item=found, outcome="")
        else:
            found = Fault.objects.open().filter(vehicle_id=vehicle_id, code=line.code).first()
            taken = OrderLine.objects.filter(fault=found, outcome="")
        if found is None or taken.exists():
            continue
        name = "item" if line.task_id is not None else "fault"
        setattr(line, name, found)
        line.save(update_fields=[name])
