"""Services that seem to have been done and that nobody has logged. They are asked about, never taken for done."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from maintenance.domain import dealt
from maintenance.domain.proof import ROSE_POINTS
from maintenance.domain.undeclared import LOGGED_BEFORE, accounts_for, rises, undeclared
from maintenance.models import Bookmark, DueItem, Proposal, ServiceRecord
from maintenance.proving.asked import open_ones, rise_of, same_rise, same_visit, settle, subject, write
from vehicles.domain.signals import Signal
from vehicles.models import DealerRecord, Reading, Standing, Vehicle

BATCH = 2_000
HISTORY = timedelta(days=400)  # what lies further back tells nothing of today's oil
LATELY = timedelta(days=60)  # enough for a reading that came in time
LATE = timedelta(days=1)
SAME_JOB = timedelta(days=7)  # a dealer's day and the day somebody logged may differ by so much
SETTLED = timedelta(minutes=5)  # rows that are younger are read once more: an older one may still be on its way


def sweep(*, now: datetime) -> int:
    """Look at what came since the last time. How many rows were read; a full batch is worth another look."""
    with transaction.atomic():
        oil = Reading.objects.filter(signal=Signal.OIL_LIFE)
        readings, risen = newer("oil readings", oil.filter(number__gte=ROSE_POINTS), "received_at", now)
        low = oil.filter(number__lt=ROSE_POINTS, received_at__gt=F("at") + LATE)  # it may lie before a known high one
        past, late = newer("late oil readings", low, "received_at", now)
        told, dealers = newer("dealer records", DealerRecord.objects.all(), "received_at", now)
        enrolled, items = newer("items", DueItem.objects.all(), None, now)
        logged, done = newer("records", ServiceRecord.objects.all(), "created_at", now)
        answered_by(ServiceRecord.objects.standing().filter(vehicle_id__in=done))
        whole = late | items | done
        after_oil(risen - whole, now=now, since=now - LATELY)
        after_oil(whole, now=now)
        after_dealer(dealers | items | done, now=now)
    return max(readings, past, told, enrolled, logged)


def newer(name: str, rows, received: str | None, now: datetime) -> tuple[int, set[int]]:
    """How many rows were written since this was asked last, and of which vehicles."""
    mark, _ = Bookmark.objects.select_for_update().get_or_create(name=name)
    columns = ("pk", "vehicle_id", received) if received else ("pk", "vehicle_id")
    found = list(rows.filter(pk__gt=mark.place).order_by("pk").values_list(*columns)[:BATCH])
    for row in found:
        if received and row[2] > now - SETTLED:
            break
        mark.place = row[0]
    mark.save(update_fields=["place"])
    return len(found) if found and found[-1][0] == mark.place else 0, {row[1] for row in found}


def after_oil(vehicle_ids: Iterable[int], *, now: datetime, since: datetime | None = None) -> None:
    """Ask about the last rise of each vehicle’s oil life, where no logged service accounts for it."""
    items = list(
        DueItem.objects.standing()
        .filter(vehicle_id__in=vehicle_ids, line__oil_below_pct__isnull=False)
        .select_related("vehicle__fleet")
    )
    if not items:
        return
    ids = {item.vehicle_id for item in items}
    readings = defaultdict(list)
    since = since or now - HISTORY
    told = Reading.objects.filter(
        vehicle_id__in=ids, signal=Signal.OIL_LIFE, standing=Standing.ACCEPTED, at__gte=since, at__lte=now
    )
    for vehicle_id, at, value in told.values_list("vehicle_id", "at", "number"):
        readings[vehicle_id].append((at, value))
    done = days_done(ids)
    asked = list(Proposal.objects.filter(source=Proposal.Source.OIL_ROSE, vehicle_id__in=ids))
    held = open_ones(asked)
    found = []
    for item in items:
        fleet = item.vehicle.fleet
        logged = done[item.vehicle_id, item.task_id]
        every = rises(readings[item.vehicle_id])
        # Of a past that came in at once the last alone is asked about; what was asked stands beside what comes after.
        asks = [one for one in every[:-1] if any(one.overlaps(rise_of(old)) for old in held[subject(item)])]
        asks += every[-1:]
        for rise in undeclared(asks, logged, day=fleet.day):
            on = fleet.day(rise.at)
            if any(day > on for day in logged) or is_stated(item, on):
                continue
            facts = {"low": rise.low, "low_at": rise.low_at.isoformat(), "high": rise.high, "at": rise.at.isoformat()}
            found.append(
                Proposal(
                    fleet_id=item.fleet_id,
                    vehicle=item.vehicle,
                    task_id=item.task_id,
                    source=Proposal.Source.OIL_ROSE,
                    key=rise.low_at.isoformat(),
                    done_on=on,
                    odometer_km=None,
                    facts=facts,
                    created_at=now,
                )
            )
    new, moved = settle(found, asked, same_rise, may_go=lambda one: rise_of(one).low_at >= since)
    fill_odometers([*new, *moved])
    write(new, moved)


def is_stated(item: DueItem, on: date) -> bool:
    """A manager has said when the last service was, and that covers it."""
    return item.anchor_on is not None and item.anchor == "known" and item.anchor_on >= on - LOGGED_BEFORE


def days_done(vehicle_ids: Iterable[int]) -> dict[tuple[int, int], list[date]]:
    done = defaultdict(list)
    records = ServiceRecord.objects.standing().filter(vehicle_id__in=vehicle_ids)
    for vehicle_id, task_id, on in records.values_list("vehicle_id", "task_id", "done_on"):
        done[vehicle_id, task_id].append(on)
    return done


def fill_odometers(proposals: list[Proposal]) -> None:
    """Where the car stood when its oil rose: the last accepted odometer before."""
    for proposal in proposals:  # few: a car's oil is changed some times a year
        before = Reading.objects.filter(
            vehicle_id=proposal.vehicle_id,
            signal=Signal.ODOMETER,
            standing=Standing.ACCEPTED,
            at__lte=datetime.fromisoformat(proposal.facts["at"]),
        )
        proposal.odometer_km = before.order_by("-at").values_list("number", flat=True).first()


def after_dealer(vehicle_ids: Iterable[int], *, now: datetime) -> None:
    """Ask about the dealer’s last visit for each task that the dealer’s words name, where nobody has logged it.

    What was asked of an earlier visit stands beside it.
    """
    records = list(
        DealerRecord.objects.filter(vehicle_id__in=vehicle_ids, done_at__isnull=False, done_at__lte=now)
        .exclude(their_id=None, vehicle_id__in=with_names(vehicle_ids))
        .order_by("done_at", "pk")
    )
    ids = {record.vehicle_id for record in records}
    if not ids:
        return
    items = defaultdict(dict)
    for item in DueItem.objects.standing().filter(vehicle_id__in=ids).select_related("task"):
        items[item.vehicle_id][item.task.key] = item
    fleets = {v.pk: v.fleet for v in Vehicle.objects.filter(pk__in=ids).select_related("fleet")}
    asked = list(Proposal.objects.filter(source=Proposal.Source.DEALER, vehicle_id__in=ids))
    held = open_ones(asked)
    newest: dict[tuple[int, str], DealerRecord] = {}
    earlier: list[tuple[int, str, DealerRecord]] = []
    for record in records:
        own = items[record.vehicle_id]
        names = {key: item.task.name for key, item in own.items()}
        for key in {key for said in record.tasks for key in dealt.match(said["name"], names)}:
            newest[record.vehicle_id, key] = record
            if any(old.key == record.content for old in held[subject(own[key])]):
                earlier.append((record.vehicle_id, key, record))
    visits = {(pk, key, record.pk): record for pk, key, record in earlier}
    visits |= {(pk, key, record.pk): record for (pk, key), record in newest.items()}
    done = days_done(ids)
    found = []
    for (vehicle_id, key, _), record in visits.items():
        item, fleet = items[vehicle_id][key], fleets[vehicle_id]
        on = fleet.day(record.done_at)
        if any(day >= on - SAME_JOB for day in done[vehicle_id, item.task_id]):
            continue
        if item.anchor == "known" and item.anchor_on is not None and item.anchor_on >= on:
            continue
        found.append(
            Proposal(
                fleet=fleet,
                vehicle_id=vehicle_id,
                task_id=item.task_id,
                source=Proposal.Source.DEALER,
                key=record.content,
                done_on=on,
                odometer_km=record.odometer_km,
                facts={"dealer": record.pk, "at": record.done_at.isoformat()},
                created_at=now,
            )
        )
    write(*settle(found, asked, same_visit))


def with_names(vehicle_ids: Iterable[int]) -> list[int]:
    """Vehicles whose dealer tells ids: what was told without one has come again with one."""
    named = DealerRecord.objects.filter(vehicle_id__in=vehicle_ids, their_id__isnull=False)
    return list(named.values_list("vehicle_id", flat=True).distinct())


def answered_by(records: Iterable[ServiceRecord]) -> None:
    """Logging a job answers the question whether it was done, where the day fits. Voiding it asks again."""
    records = list(records)
    asked = defaultdict(list)
    open_ones = Proposal.objects.filter(
        vehicle_id__in={record.vehicle_id for record in records}, state=Proposal.State.OPEN
    ).select_related("fleet")
    for proposal in open_ones:
        asked[proposal.vehicle_id, proposal.task_id].append(proposal)
    for record in records:
        for proposal in asked[record.vehicle_id, record.task_id]:
            if answers(record, proposal):
                proposal.state, proposal.record = Proposal.State.TAKEN, record
                proposal.answered_by, proposal.answered_at = record.by_name, record.created_at
                proposal.save(update_fields=["state", "record", "answered_by", "answered_at"])


def answers(record: ServiceRecord, proposal: Proposal) -> bool:
    if record.done_on - SAME_JOB <= proposal.done_on <= record.done_on + LOGGED_BEFORE:
        return True
    if proposal.source != Proposal.Source.OIL_ROSE:
        return False
    return accounts_for(record.done_on, rise_of(proposal), day=proposal.fleet.day)


def look_again(vehicle: Vehicle, *, now: datetime) -> None:
    """After a job was taken back: what it had answered, or kept from being asked, is asked."""
    after_oil([vehicle.pk], now=now)
    after_dealer([vehicle.pk], now=now)
