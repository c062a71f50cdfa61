"""How early or late each job was is written beside it, and anew where an earlier job was added or taken back."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from fleet.kit import rows
from maintenance import gathering
from maintenance.domain.punctual import early_or_late
from maintenance.models import ServiceRecord
from vehicles.models import Vehicle


def write(vehicle: Vehicle, task_ids: Iterable[int], *, since: date, now: datetime) -> None:
    """For the standing records of these tasks from that day on; what came before has not moved."""
    scene, wanted, changed = gathering.Scene([vehicle], now), set(task_ids), []
    for item in scene.items:
        if item.task_id not in wanted:
            continue
        line, start, completions = scene.line(item), item.start, scene.completions(item)
        for record in scene.done[vehicle.pk, item.task_id]:
            if record.done_on < since:
                continue
            early = early_or_late(line, start, completions, record.completion, scene.facts(vehicle), item.held_line)
            if early != (record.early_km, record.early_days):
                record.early_km, record.early_days = early
                changed.append(record)
    rows.update(changed, ["early_km", "early_days"], into=ServiceRecord)


def write_after(changed: Collection[ServiceRecord], vehicle: Vehicle, *, now: datetime) -> None:
    """Where these were taken back, or have another odometer now."""
    if changed:
        first = min(record.done_on for record in changed)
        write(vehicle, {record.task_id for record in changed}, since=first, now=now)
