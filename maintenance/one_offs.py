"""What was asked for once leaves when it is done, and is to do again when that is taken back."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from maintenance.models import DueItem, ServiceRecord
from vehicles.models import Vehicle


def settle(vehicle: Vehicle, records: Iterable[ServiceRecord], *, now: datetime) -> None:
    of_the_work(vehicle, records).filter(left_at=None).update(left_at=now)


def bring_back(vehicle: Vehicle, gone: Iterable[ServiceRecord]) -> None:
    for item in of_the_work(vehicle, gone).filter(left_at__isnull=False):
        done = ServiceRecord.objects.standing().filter(vehicle=vehicle, task_id=item.task_id)
        if item.once_since is not None:
            done = done.filter(Q(because_of=None) | Q(done_on__gte=item.once_since))
        if not done.filter(created_at__gte=item.left_at).exists():
            item.left_at = None
            item.save(update_fields=["left_at"])


def of_the_work(vehicle: Vehicle, records: Iterable[ServiceRecord]) -> QuerySet[DueItem]:
    """What was asked for once of the work that these records tell of, whether alone or as part of a larger job.

    A larger job that was done before anybody asked settles nothing, however late it is logged.
    """
    asked = Q(pk=None)
    for record in records:
        work = Q(task_id=record.task_id)
        asked |= work if record.because_of_id is None else work & ~Q(once_since__gt=record.done_on)
    return DueItem.objects.filter(asked, vehicle=vehicle, line=None).exclude(once_km=None, once_on=None)
