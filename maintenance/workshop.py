"""The verbs of people with tools."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from fleet.owners.models import Membership, Role, User
from maintenance import one_offs, punctuality, review, standins, stood, typed
from maintenance.models import DueItem, Proposal, ServiceRecord, Task
from maintenance.proving import proposals, watching
from maintenance.refusals import Asked, Refused
from vehicles.models import Reading, Vehicle
from vehicles.waist import meters

__all__ = ["Asked", "Refused", "complete", "void"]


def complete(
    item: DueItem,
    *,
    by: User,
    done_on: date,
    odometer_km: float | None,
    notes: str,
    key: str,
    now: datetime,
    parts: str = "",
    hours: float | None = None,
    checklist: Iterable[dict] = (),
    also: Iterable[DueItem] = (),
    confirmed: Collection[str] = (),
    at: datetime | None = None,
) -> ServiceRecord:
    """Write down that the work was done, and judge the vehicle anew. The same `key` twice is one completion.

    `also`: other items of the vehicle done in the same visit. `confirmed`: the questions of `refusals` that were
    answered with yes. `at`: the moment of the work where one is known; a bare date counts at local noon, today's now.
    Raises Asked where a yes would do, and Refused where nothing would.
    """
    if known := ServiceRecord.objects.filter(key=key, vehicle_id=item.vehicle_id).first():
        if known.voided_at is not None:
            raise Refused("", "This form was sent before and taken back. Open it anew to log the work again.")
        return known
    try:
        with transaction.atomic():
            vehicle = Vehicle.objects.select_for_update(no_key=True, of=("self",)).select_related("fleet")
            visit = Visit(
                vehicle.get(pk=item.vehicle_id), by=by, done_on=done_on, at=at, notes=notes, parts=parts, now=now
            )
            jobs = [item, *(other for other in also if other.vehicle_id == item.vehicle_id and other.pk != item.pk)]
            return visit.write_down(
                jobs, odometer_km, key=key, hours=hours, checklist=list(checklist), confirmed=confirmed
            )
    except IntegrityError:
        return ServiceRecord.objects.get(key=key, vehicle_id=item.vehicle_id)


class Visit:
    """One vehicle in the workshop on one day: every job of it has the same odometer."""

    def __init__(
        self,
        vehicle: Vehicle,
        *,
        by: User,
        done_on: date,
        at: datetime | None,
        notes: str,
        parts: str,
        now: datetime,
    ):
        today = vehicle.fleet.day(now)
        if done_on > today:
            raise Refused("done_on", "This day is still to come.")
        if done_on < built_after(vehicle, today):
            raise Refused("done_on", "This vehicle was not built then. Check the year.")
        if vehicle.meter_asked_at is not None:
            raise Refused("", "First say whether the meter was replaced: its readings went back.")
        self.vehicle, self.by, self.now = vehicle, by, now
        self.done_on = done_on
        # A bare date counts at noon. Today's counts now: what the car said this afternoon was said before the job, and
        # the dash is read now. Of an earlier day on which a new cluster came, the dash that was read is the new one.
        noon = standins.noon(done_on, vehicle.fleet.zone)
        moment = now if done_on == today else noon
        self.done_at, self.is_exact = min(at or moment, now), at is not None
        morning, evening = noon - timedelta(hours=12), min(now, noon + timedelta(hours=12))
        self.read_at = (None if at else meters.begun_between(vehicle.pk, self.done_at, evening)) or self.done_at
        # Jobs of one day are one visit. What is logged of it in the evening may have been read at noon.
        self.begun_at = morning if at is None and done_on == today else self.read_at
        may_be_noon = at is None and noon < self.read_at and not meters.begun_between(vehicle.pk, noon, now)
        self.moments = (self.read_at, noon) if may_be_noon else (self.read_at,)
        self.notes, self.parts = notes, parts
        self.reading: Reading | None = None
        self.odometer_km: float | None = None
        self.is_stand_in = self.is_doubted = False

    def write_down(
        self,
        jobs: list[DueItem],
        odometer_km: float | None,
        *,
        key: str,
        hours: float | None,
        checklist: list[dict],
        confirmed: Collection[str],
    ) -> ServiceRecord:
        if odometer_km is not None:
            self.check_neighbours([job.task for job in jobs], odometer_km, confirmed)
        self.read_odometer(odometer_km, confirmed)
        records = []
        for job in jobs:
            own = key if job is jobs[0] else f"{key}+{job.pk}"
            records.append(self.record(job.task, own, hours=hours, checklist=checklist if job is jobs[0] else []))
        records += self.included(records)
        stood.remember(self.vehicle, records)
        for record in records:
            record.save(force_insert=True)
        punctuality.write(self.vehicle, [one.task_id for one in records], since=self.done_on, now=self.now)
        watching.start(records, self.vehicle, exact=self.is_exact)
        proposals.answered_by(records)
        one_offs.settle(self.vehicle, records, now=self.now)
        review.review([self.vehicle.pk], now=self.now, by=self.by)
        return records[0]

    def check_neighbours(self, tasks: list[Task], odometer_km: float, confirmed: Collection[str]) -> None:
        km = meters.to_true(self.vehicle.pk, odometer_km, self.read_at)
        parts = {part.pk: part for task in tasks for part in inside(task)}
        for task in tasks:
            parts.pop(task.pk, None)
            typed.check_neighbours(self.vehicle, task, self.done_on, km, confirmed)
        for part in parts.values():
            typed.check_neighbours(self.vehicle, part, self.done_on, km, confirmed, part=True)

    def read_odometer(self, odometer_km: float | None, confirmed: Collection[str]) -> None:
        if odometer_km is not None:
            self.odometer_km = meters.to_true(self.vehicle.pk, odometer_km, self.read_at)  # what is typed is the dash
            self.reading, self.is_doubted = self.take(odometer_km, confirmed)
        elif reading := standins.find(self.vehicle.pk, self.done_at):
            self.reading, self.odometer_km, self.is_stand_in = reading, standins.true_km(reading), True

    def take(self, odometer_km: float, confirmed: Collection[str]) -> tuple[Reading | None, bool]:
        """Read at the first moment at which it fits the readings around; asked about where it fits at none."""
        about = {"now": self.now, "since": self.begun_at}
        for at in self.moments:
            with suppress(Asked), transaction.atomic():
                return typed.take(self.vehicle, odometer_km, at=at, **about)
        return typed.take(self.vehicle, odometer_km, at=self.read_at, confirmed=confirmed, **about)

    def record(self, task: Task, key: str, **more) -> ServiceRecord:
        return ServiceRecord(
            fleet_id=self.vehicle.fleet_id,
            vehicle=self.vehicle,
            task=task,
            done_on=self.done_on,
            done_at=self.done_at,
            odometer_km=self.odometer_km,
            odometer_is_stand_in=self.is_stand_in,
            odometer_is_doubted=self.is_doubted,
            reading=self.reading,
            notes=self.notes,
            parts=self.parts,
            by=self.by,
            by_name=str(self.by)[:120],
            key=key,
            created_at=self.now,
            **more,
        )

    def included(self, records: list[ServiceRecord]) -> list[ServiceRecord]:
        """The smaller jobs that these ones include, written down because of them and voided with them."""
        logged = {record.task_id for record in records}
        found = []
        for record in records:
            for task in inside(record.task):
                if task.pk in logged:
                    continue
                logged.add(task.pk)
                small = self.record(task, f"{record.key}/{task.pk}"[-64:], because_of=record)
                found.append(small)
        return found


def built_after(vehicle: Vehicle, today: date) -> date:
    """No job was done before. A car is built in the year before that of its model at the earliest, and sold then."""
    years = (vehicle.year, vehicle.registered_on.year if vehicle.registered_on else None)
    known = [year for year in years if year]
    return date(max(min(*known, today.year) - 1, 1), 1, 1) if known else date.min


def inside(task: Task) -> list[Task]:
    """All that a task includes, and what that includes; a circle ends where it began."""
    found: dict[int, Task] = {}
    ahead = list(task.includes.all())
    while ahead:
        one = ahead.pop()
        if one.pk != task.pk and one.pk not in found:
            found[one.pk] = one
            ahead += one.includes.all()
    return list(found.values())


@transaction.atomic
def void(record: ServiceRecord, *, by: User, now: datetime) -> None:
    """Take a completion back: its own, or any for a manager. The verdict becomes what it was before."""
    vehicle = Vehicle.objects.select_for_update(no_key=True, of=("self",)).select_related("fleet")
    vehicle = vehicle.get(pk=record.vehicle_id)
    record = ServiceRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if record.voided_at is not None:
        return
    if record.because_of_id is not None:
        raise Refused("", "This was part of a larger job. Take that one back, and this goes with it.")
    if record.by_id != by.pk and not manages(by, record.fleet_id):
        raise Refused("", "Only the person who logged it, or a manager, may take it back.")
    gone = [record, *record.included.filter(voided_at=None)]
    for one in gone:
        one.voided_at, one.voided_by = now, by
        one.save(update_fields=["voided_at", "voided_by"])
    typed.take_back(record, now=now)
    touched = [*gone, *standins.choose_again(vehicle)]
    Proposal.objects.filter(record__in=gone).update(
        state=Proposal.State.OPEN, record=None, answered_by="", answered_at=None
    )
    one_offs.bring_back(vehicle, gone)
    stood.bring_back(vehicle, gone)
    proposals.look_again(vehicle, now=now)
    review.review([record.vehicle_id], now=now, by=by)
    punctuality.write_after(touched, vehicle, now=now)


def manages(user: User, fleet_id: int) -> bool:
    return Membership.objects.filter(user=user, fleet_id=fleet_id, role=Role.MANAGER).exists()
