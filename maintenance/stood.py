"""What an item said before a job was logged. Taking the job back says it again, as if it had never been logged."""

from collections.abc import Iterable
from datetime import date, datetime

from maintenance.models import DueItem, ServiceRecord
from vehicles.models import Vehicle


def remember(vehicle: Vehicle, records: Iterable[ServiceRecord]) -> None:
    """What is due by these jobs' tasks as it stands before they count. The records are not written yet."""
    said = {item.task_id: item for item in DueItem.objects.filter(vehicle=vehicle).defer("trace", "forecast")}
    for record in records:
        item = said.get(record.task_id)
        if item is not None and item.status_since is not None:
            record.stood = {
                "status": item.status,
                "since": item.status_since.isoformat(),
                "sort_on": item.sort_on and item.sort_on.isoformat(),
                "reading": item.reading,
            }


def bring_back(vehicle: Vehicle, gone: Iterable[ServiceRecord]) -> None:
    """Let the next review judge from where it stood before these jobs: what is overdue again has been so since then.

    Where a later one of the same task stands, that one was logged in their place, and remembers what they did.
    """
    for record in gone:
        standing = ServiceRecord.objects.standing().filter(vehicle=vehicle, task_id=record.task_id)
        if later := standing.filter(pk__gt=record.pk).order_by("pk").first():
            later.stood = record.stood
            later.save(update_fields=["stood"])
        elif record.stood:
            DueItem.objects.filter(vehicle=vehicle, task_id=record.task_id).update(
                status=record.stood["status"],
                status_since=datetime.fromisoformat(record.stood["since"]),
                sort_on=record.stood["sort_on"] and date.fromisoformat(record.stood["sort_on"]),
                reading=record.stood["reading"],
                told_digest="",
            )
