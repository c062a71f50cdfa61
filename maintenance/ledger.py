"""Due items and records of work as plain values, without the long columns: a review reads them by the ten thousand."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime

import orjson
from django.db.models import F, Q

from maintenance.domain.plan import Anchor, AnchorKind, Completion
from maintenance.models import DueItem, ServiceRecord

KINDS = {kind.value: kind for kind in AnchorKind}


@dataclass(slots=True)
class Item:
    """As much of a due item as judging it asks for. `told_digest` stands for the verdict that is stored."""

    pk: int
    fleet_id: int
    vehicle_id: int
    task_id: int
    line_id: int | None
    task_key: str
    task_name: str
    held_line: dict | None
    once_km: float | None
    once_on: date | None
    once_by: str
    left_at: datetime | None
    anchor: str
    anchor_on: date | None
    anchor_km: float | None
    anchor_hours: float | None
    anchor_by: str
    status: str
    sort_on: date | None
    likely_from: date | None
    likely_to: date | None
    changes_on: date | None
    status_since: datetime | None
    told_digest: str

    @property
    def is_asked_once(self) -> bool:
        """A one-off that is still to be done stays what it is, whatever a program asks."""
        return self.line_id is None and self.left_at is None

    @property
    def start(self) -> Anchor:
        by = self.anchor_by or self.once_by
        return Anchor(KINDS[self.anchor], self.anchor_on, self.anchor_km, self.anchor_hours, by)


@dataclass(slots=True)
class Done:
    """As much of a standing record."""

    pk: int
    vehicle_id: int
    task_id: int
    done_on: date
    done_at: datetime
    odometer_km: float | None
    odometer_is_stand_in: bool
    hours: float | None
    by_name: str
    part_of: str | None
    created_at: datetime
    early_km: float | None
    early_days: int | None

    @property
    def completion(self) -> Completion:
        return Completion(
            on=self.done_on,
            odometer_km=self.odometer_km,
            odometer_is_stand_in=self.odometer_is_stand_in,
            at=self.done_at,
            by=self.by_name,
            hours=self.hours,
            part_of=self.part_of or "",
        )


ITEM, DONE = [field.name for field in fields(Item)], [field.name for field in fields(Done)]


def items(vehicle_ids: Iterable[int]) -> list[Item]:
    """All items of these vehicles, in the order of their keys; one-offs that are done are among them."""
    told = DueItem.objects.filter(vehicle_id__among=vehicle_ids).order_by("pk")
    told = told.annotate(task_key=F("task__key"), task_name=F("task__name"))
    return [Item(*row) for row in told.values_list(*ITEM)]


def done(records: Q) -> dict[tuple[int, int], list[Done]]:
    """The standing records, by vehicle and task, each in the order in which they count."""
    found: dict[tuple[int, int], list[Done]] = defaultdict(list)
    told = ServiceRecord.objects.standing().filter(records).order_by("done_on", "pk")
    for row in told.annotate(part_of=F("because_of__task__name")).values_list(*DONE):
        one = Done(*row)
        found[one.vehicle_id, one.task_id].append(one)
    return found


def digest(*told) -> str:
    """Sixteen letters for what a verdict says: JSON values, days among them."""
    return hashlib.blake2b(orjson.dumps(told), digest_size=8).hexdigest()
