"""A car with many of all that can hang on one, for tests that count what a page asks."""

from datetime import datetime, timedelta

from maintenance.models import (
    Alert,
    Breach,
    DueItem,
    OrderLine,
    Pace,
    Proof,
    Proposal,
    ServiceRecord,
    Snooze,
    Task,
    Threshold,
    WorkOrder,
)
from tests.scenes import a_car, unique
from vehicles.models import (
    Capability,
    DealerRecord,
    Fault,
    Gauge,
    Light,
    MeterNote,
    Reading,
    Segment,
    Source,
    Standing,
    Vehicle,
)


def a_talker(fleet, now: datetime) -> Vehicle:
    """One that tells all sorts of things, stands in the workshop, and whose owner left something out."""
    car = a_car(fleet)
    said = {"vehicle": car, "at": now, "received_at": now, "measured_at": now, "source": Source.WEBHOOK}
    Gauge.objects.create(signal="odometer", number=50_000, **said)
    Gauge.objects.create(signal="in_service", detail=True, **said)
    Gauge.objects.create(signal="system_mil", detail={"status": "ALERT", "description": None}, **said)
    for signal, state in (("odometer", "given"), ("system_mil", "given"), ("oil_life", "not_permitted")):
        Capability.objects.create(vehicle=car, signal=signal, state=state, since=now, checked_at=now)
    Pace.objects.create(vehicle=car, axis="distance", usual=80, at=now)
    return car


def load(car: Vehicle, times: int, now: datetime) -> None:
    """So many more of everything, each an hour older than the one before."""
    for place in range(times):
        at = now - timedelta(hours=Fault.objects.filter(vehicle=car).count() + 1)
        due, log = job(car, at)
        fault = trouble(car, log, at)
        order = WorkOrder.objects.create(
            fleet=car.fleet,
            vehicle=car,
            number=WorkOrder.objects.count() + 1,
            key=unique("form"),
            created_by="Ana",
            created_at=at,
        )
        OrderLine.objects.create(order=order, title=f"Job {place}", item=due, fault=fault)
        told_by_the_dealer(car, due.task, at)
        turn_the_meter(car, log, at)


def job(car: Vehicle, at: datetime) -> tuple[DueItem, ServiceRecord]:
    """A task that is due, is snoozed, and was done before."""
    of = {"fleet": car.fleet}
    task = Task.objects.create(key=unique("task")[:40], name=unique("Task"), **of)
    due = DueItem.objects.create(vehicle=car, task=task, status="due", rank=3, due_on=at.date(), **of)
    Snooze.objects.create(vehicle=car, task=task, item=due, reason="Busy", status="due", by_name="Ana", set_at=at, **of)
    about = {"vehicle": car, "task": task, "done_on": at.date(), "done_at": at, "key": unique("form")}
    return due, ServiceRecord.objects.create(**about, **of)


def trouble(car: Vehicle, log: ServiceRecord, at: datetime) -> Fault:
    """A code, a light, a threshold that is passed, and two claims that the car contradicts."""
    of = {"fleet": car.fleet, "vehicle": car}
    seen = {"opened_at": at, "last_seen_at": at}
    fault = Fault.objects.create(code=f"P00{Fault.objects.filter(vehicle=car).count():02d}", **seen, **of)
    episode = Light.objects.filter(vehicle=car).count() + 1
    Light.objects.create(signal="system_mil", occurrence=episode, **seen, **of)
    claim = {"claimed_at": at, "until": at, "state": "contradicted"}
    Proof.objects.create(watches="oil", record=log, facts={"signal": "oil_life", "value": 18.0}, **claim, **of)
    Proof.objects.create(watches="code", fault=fault, **claim, **of)
    rule, _ = Threshold.objects.get_or_create(
        fleet=car.fleet,
        name="Battery",
        signal="battery_12v",
        level="warning",
        defaults={"opens_at": 9, "closes_at": 11},
    )
    past = {"began_at": at, "opened_at": at, "worst": 8, "last": 8, "last_at": at}
    breach = Breach.objects.create(threshold=rule, vehicle=car, part=unique("axle")[:8], **past)
    levels = {"level": "warning", "opened_at": at, "level_at": at}
    Alert.objects.create(kind="threshold", subject=str(breach.pk), occurrence="1", **levels, **of)
    return fault


def told_by_the_dealer(car: Vehicle, task: Task, at: datetime) -> None:
    visit = DealerRecord.objects.create(
        vehicle=car, content=unique("visit")[:16], done_at=at, told_at=at, received_at=at
    )
    Proposal.objects.create(
        fleet=car.fleet,
        vehicle=car,
        task=task,
        source="dealer",
        key=unique("sign"),
        done_on=at.date(),
        facts={"dealer": visit.pk},
        created_at=at,
    )


def turn_the_meter(car: Vehicle, log: ServiceRecord, at: datetime) -> None:
    """A believed reading, one typed with the job, a doubted one, a replacement taken back, and a word on them."""
    told = {"vehicle": car, "signal": "odometer", "received_at": at}
    Reading.objects.create(number=50_000, at=at, source=Source.WEBHOOK, **told)
    log.reading = Reading.objects.create(number=50_000, at=at + timedelta(minutes=1), source=Source.BENCH, **told)
    log.save(update_fields=["reading"])
    later = at + timedelta(minutes=2)
    odd = Reading.objects.create(number=90_000, at=later, source=Source.POLL, standing=Standing.SUSPECT, **told)
    of = {"fleet": car.fleet, "vehicle": car, "by_name": "Ana"}
    cluster = {"begins_at": at, "offset_km": 1, "reason": "cluster", "created_at": at, "voided_at": at}
    segment = Segment.objects.create(**cluster, **of)
    MeterNote.objects.create(reading=odd, segment=segment, what="doubted", at=at, **of)
