"""A job that an open order has, logged past its sheet: by one who may work on that order, and the order follows."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from fleet.owners.models import Membership, Role
from maintenance import workshop
from maintenance.domain.orders import is_its_work
from maintenance.models import DueItem, OrderLine, ServiceRecord, WorkOrder
from maintenance.orders import finding, settling
from maintenance.refusals import Refused


@transaction.atomic
def complete(
    item: DueItem, *, member: Membership, done_on: date, now: datetime, also: Iterable[DueItem] = (), **said
) -> ServiceRecord:
    """As `workshop.complete`. Refused to a technician where somebody else has the job."""
    also = list(also)
    orders = list(
        WorkOrder.objects.open()
        .filter(vehicle_id=item.vehicle_id)
        .select_for_update(of=("self",))
        .select_related("fleet", "assignee")
        .order_by("pk")
    )
    orders = [order for order in orders if is_its_work(done_on, written_on=order.fleet.day(order.created_at))]
    finding.follow(item.vehicle_id)
    for order in orders:
        if not may_work_on(order, member):
            refuse_what_is_on(order, {job.task_id for job in (item, *also)})
    record = workshop.complete(item, by=member.user, done_on=done_on, now=now, also=also, **said)
    for order in orders:
        if may_work_on(order, member) and record.created_at >= order.created_at:
            settle(order, written_with(record), member=member, now=now)
    return record


def may_work_on(order: WorkOrder, member: Membership) -> bool:
    return member.role != Role.TECHNICIAN or order.assignee_id in (None, member.user_id)


def refuse_what_is_on(order: WorkOrder, task_ids: Collection[int]) -> None:
    if line := order.lines.filter(outcome="", task_id__in=task_ids).first():
        said = f"{line.title} is on {order.called}, which {order.assignee} has. They or a manager can log it."
        raise Refused("", said)


def written_with(record: ServiceRecord) -> dict[int, ServiceRecord]:
    """All that one form logged, by task: the jobs that were named, and what those include."""
    named = Q(pk=record.pk) | Q(key__startswith=f"{record.key}+")
    records = ServiceRecord.objects.standing().filter(named, vehicle_id=record.vehicle_id)
    parts = ServiceRecord.objects.standing().filter(because_of__in=records)
    return {one.task_id: one for one in (*parts, *records)}


def settle(order: WorkOrder, records: dict[int, ServiceRecord], *, member: Membership, now: datetime) -> None:
    to_do = order.lines.filter(outcome="")
    lines = list(to_do.filter(task_id__in=records))
    for line in lines:
        line.record = records[line.task_id]
        settling.mark(line, OrderLine.Outcome.DONE, order=order, by=member.user, now=now)
    if lines and not to_do.exists():
        settling.end(order, by=member.user, now=now)
