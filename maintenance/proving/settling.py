"""All claims of a batch of vehicles against what the cars say, in a handful of queries."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from django.db.models import F, Q

from maintenance.domain import proof as rules
from maintenance.domain.proof import Look, State, Watch
from maintenance.models import Proof, ServiceRecord
from vehicles.domain.faults import CodeRead
from vehicles.models import Capability, Fault, Reading, Standing
from vehicles.waist import sightings

HINDSIGHT = timedelta(days=7)  # a reading may come late and still speak of the time before the deadline
BEFORE = timedelta(days=60)  # how far back the oil life before the job is looked for
LACKING = (Capability.State.UNSUPPORTED, Capability.State.NOT_PERMITTED)
OPEN = (Proof.State.WATCHING, Proof.State.CONTRADICTED)
# Of an episode that did not stand when they were made. These go to the right one, however long they are settled.
BEGAN_LATER, WAS_OVER = Q(fault__opened_at__gt=F("claimed_at")), Q(fault__closed_at__lt=F("claimed_at"))
ASTRAY = Q(watches=Watch.CODE) & (Q(fault=None) | BEGAN_LATER | WAS_OVER)
WRITTEN = ["state", "why", "facts", "settled_at"]


def settle(vehicle_ids: list[int], *, now: datetime) -> list[Proof]:
    """Bring each claim to what the readings say of it. Returns those that still concern somebody."""
    unsettled = (Q(state__in=OPEN) | Q(until__gte=now - HINDSIGHT)) & Q(answered_at=None)
    proofs = list(
        Proof.objects.filter(unsettled | ASTRAY, vehicle_id__among=vehicle_ids)
        .exclude(record__voided_at__isnull=False)
        .select_related("record__task", "fault", "vehicle__fleet")
        .order_by("pk")
    )
    if not proofs:
        return []
    follow(proofs)
    proofs = [proof for proof in proofs if is_unsettled(proof, now)]
    if not proofs:
        return []
    scene = Scene(proofs)
    changed = [proof for proof in proofs if take(proof, scene, now)]
    Proof.objects.bulk_update(changed, WRITTEN)
    lost = {proof.pk for proof in proofs if proof.watches == Watch.CODE and proof.fault is None}
    return [proof for proof in proofs if proof.pk not in scene.done_again | lost]


def is_unsettled(proof: Proof, now: datetime) -> bool:
    return proof.answered_at is None and (proof.state in OPEN or proof.until >= now - HINDSIGHT)


def follow(proofs: list[Proof]) -> None:
    """A claim is of the episode that stood when it was made, which late history may have folded into another row."""
    of_codes = [proof for proof in proofs if proof.watches == Watch.CODE]
    lost = [proof for proof in of_codes if proof.fault is None or not stood(proof.fault, proof.claimed_at)]
    if not lost:
        return
    ids, codes = {proof.vehicle_id for proof in lost}, {proof.facts["code"] for proof in lost}
    held = defaultdict(list)
    for fault in Fault.objects.filter(vehicle_id__among=ids, code__in=codes).order_by("opened_at"):
        held[fault.vehicle_id, fault.code].append(fault)
    for proof in lost:
        begun = held[proof.vehicle_id, proof.facts["code"]]
        begun = [fault for fault in begun if fault.opened_at <= proof.claimed_at] or begun[:1]
        if begun and begun[-1] != proof.fault:
            proof.fault = begun[-1]
            proof.save(update_fields=["fault"])


def stood(fault: Fault, at: datetime) -> bool:
    return fault.opened_at <= at and (fault.closed_at is None or fault.closed_at >= at)


class Scene:
    """The readings, answers and later jobs that a set of claims is held against."""

    def __init__(self, proofs: list[Proof]):
        ids = {proof.vehicle_id for proof in proofs}
        signals = {proof.facts["signal"] for proof in proofs}
        of_codes = [proof for proof in proofs if proof.watches == Watch.CODE]
        shown = {proof.facts["signal"] for proof in proofs if proof.watches != Watch.CODE}
        since = min(proof.claimed_at for proof in proofs) - BEFORE
        self.readings: dict[tuple[int, str], list[Reading]] = defaultdict(list)
        told = Reading.objects.filter(
            vehicle_id__among=ids, signal__in=shown, at__gte=since, standing=Standing.ACCEPTED
        ).only("vehicle_id", "signal", "number", "detail", "at")
        for reading in told.order_by("at"):
            self.readings[reading.vehicle_id, reading.signal].append(reading)
        self.code_reads: dict[int, list[CodeRead]] = {}
        if of_codes:
            claimed = min(proof.claimed_at for proof in of_codes)
            self.code_reads = sightings.codes_since({proof.vehicle_id for proof in of_codes}, claimed)
        lacks = Capability.objects.filter(vehicle_id__among=ids, signal__in=signals, state__in=LACKING)
        self.lacks = set(lacks.values_list("vehicle_id", "signal"))
        self.jobs: dict[tuple[int, int], list[datetime]] = defaultdict(list)
        tasks = {proof.record.task_id for proof in proofs if proof.record}
        done = ServiceRecord.objects.standing().filter(vehicle_id__among=ids, task_id__in=tasks, done_at__gte=since)
        for vehicle_id, task_id, at in done.values_list("vehicle_id", "task_id", "done_at"):
            self.jobs[vehicle_id, task_id].append(at)
        self.done_again: set[int] = set()

    def gives(self, proof: Proof) -> bool:
        return (proof.vehicle_id, proof.facts["signal"]) not in self.lacks

    def next_job(self, proof: Proof) -> datetime | None:
        """When the same job was done again: what the car says from then on speaks of that one."""
        if proof.record is None:
            return None
        later = [at for at in self.jobs[proof.vehicle_id, proof.record.task_id] if at > proof.claimed_at]
        if later:
            self.done_again.add(proof.pk)
        return min(later, default=None)

    def looks(self, proof: Proof) -> tuple[float | None, list[Look]]:
        if proof.watches == Watch.CODE:
            reads = [read for read in self.code_reads.get(proof.vehicle_id, []) if read.at > proof.claimed_at]
            return None, list(rules.code_looks(reads, proof.facts["code"]))
        readings = self.readings[proof.vehicle_id, proof.facts["signal"]]
        if proof.watches == Watch.OIL:
            told = [(reading.at, reading.number) for reading in readings]
            return rules.oil_looks(told, rises_from=self.rises_from(proof), done_at=proof.claimed_at)
        since = [reading for reading in readings if reading.at > proof.claimed_at]
        return None, [Look(reading.at, reading.detail.get("status") == "OK") for reading in since]

    def rises_from(self, proof: Proof) -> datetime:
        """Of a job whose moment is known, when its work began; of a bare date it may have been done at any hour."""
        if proof.facts.get("exact"):
            began = proof.facts.get("began")
            return min(datetime.fromisoformat(began), proof.claimed_at) if began else proof.claimed_at
        zone = proof.vehicle.fleet.zone
        return datetime.combine(proof.claimed_at.astimezone(zone).date(), time(), tzinfo=zone)


def take(proof: Proof, scene: Scene, now: datetime) -> bool:
    """Put what the car says into the claim. True if anything stored differs."""
    before, looks = scene.looks(proof)
    ends, gives = scene.next_job(proof), scene.gives(proof)
    until = proof.until if ends is None else min(proof.until, ends)
    finding = rules.settle(looks, watch=Watch(proof.watches), until=until, now=now, gives=gives, ends=ends)
    facts = {name: proof.facts[name] for name in ("signal", "code", "exact", "began") if name in proof.facts}
    told = {"before": before, "value": finding.value}
    facts |= {name: value for name, value in told.items() if value is not None}
    wanted = {
        "state": finding.state.value,
        "why": "not_given" if finding.state is State.UNTELLABLE and not gives and not looks else "",
        "facts": facts,
        "settled_at": finding.at,
    }
    if all(getattr(proof, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(proof, name, value)
    return True


def contradicted(proofs: list[Proof]) -> list[Proof]:
    return [proof for proof in proofs if proof.state == State.CONTRADICTED]


def next_looks(proofs: list[Proof], *, now: datetime) -> dict[int, datetime]:
    """When time alone will settle something, per vehicle: at the deadline."""
    moments: dict[int, datetime] = {}
    for proof in proofs:
        if proof.state == State.WATCHING and proof.until > now:
            moments[proof.vehicle_id] = min(proof.until, moments.get(proof.vehicle_id, proof.until))
    return moments
