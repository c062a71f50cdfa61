"""A claim is written down: which signal of the car will bear it out, and until when."""

from datetime import datetime, timedelta

from django.db.models import Q

from maintenance.domain import proof as rules
from maintenance.domain.proof import Watch
from maintenance.models import Policy, ProgramLine, Proof, ServiceRecord
from vehicles.domain.signals import Signal
from vehicles.models import Fault, Gauge, Vehicle


def start(records: list[ServiceRecord], vehicle: Vehicle, *, exact: bool = False) -> list[Proof]:
    """Watch the car after these jobs of one visit. Jobs that no signal of a car shows are not watched.

    `exact`: the moment of the work is known, not its day alone.
    """
    by_oil = set(
        ProgramLine.objects.filter(task_id__in={record.task_id for record in records})
        .exclude(oil_below_pct=None)
        .values_list("task_id", flat=True)
    )
    lit = lit_on(vehicle)
    wait = timedelta(days=Policy.of(vehicle.fleet).proof_days)
    proofs = []
    for record in records:
        watch = rules.watch_for(record.task.name, by_oil=record.task_id in by_oil, lit=lit)
        if watch is None:
            continue
        proofs.append(
            Proof(
                fleet_id=record.fleet_id,
                vehicle=vehicle,
                record=record,
                watches=watch[0],
                facts={"signal": watch[1]} | ({"exact": True} if exact else {}),
                claimed_by=record.by_name,
                claimed_at=record.done_at,
                until=record.done_at + wait,
            )
        )
    return Proof.objects.bulk_create(proofs)


def begin(record: ServiceRecord, began_at: datetime) -> None:
    """The work of a job whose moment is known was begun before: a rise from then on is of this job."""
    proofs = Proof.objects.filter(Q(record=record) | Q(record__because_of=record), watches=Watch.OIL)
    for proof in proofs.select_for_update(of=("self",)):
        proof.facts = proof.facts | {"began": began_at.isoformat()}
        proof.save(update_fields=["facts"])


def claim_fixed(fault: Fault, *, by_name: str, now: datetime) -> Proof:
    """Somebody says that the cause of a code is mended. The episode stays open: the car has the last word."""
    vehicle = Vehicle.objects.select_for_update(no_key=True).get(pk=fault.vehicle_id)
    held = Proof.objects.filter(fault=fault, state=Proof.State.WATCHING, claimed_at__lte=now).first()
    if held is not None:
        return held
    return Proof.objects.create(
        fleet_id=fault.fleet_id,
        vehicle=vehicle,
        fault=fault,
        watches=Watch.CODE,
        facts={"signal": Signal.TROUBLE_CODES.value, "code": fault.code},
        claimed_by=by_name[:120],
        claimed_at=now,
        until=now + timedelta(days=Policy.of(vehicle.fleet).proof_days),
    )


def lit_on(vehicle: Vehicle) -> set[str]:
    """The warning lights that are on, as the car says."""
    lights = [signal.value for signal in Signal if signal.is_system]
    told = Gauge.objects.filter(vehicle=vehicle, signal__in=lights).values_list("signal", "detail")
    return {signal for signal, detail in told if detail and detail.get("status") == "ALERT"}
