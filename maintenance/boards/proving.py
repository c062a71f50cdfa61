"""What the car says of work that was called done, and what seems done without anybody having said so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from fleet.kit.units import number, percent, show_distance
from fleet.owners.models import Fleet, Membership
from maintenance.boards import pages
from maintenance.models import Proof, Proposal, ServiceRecord
from maintenance.proving import saying
from vehicles.models import DealerRecord, Vehicle

TITLES = {
    "": "The car says otherwise",
    "watching": "Watched now",
    "untellable": "The car cannot tell",
    "confirmed": "Confirmed by the car",
}
STATES = {"": Proof.State.CONTRADICTED} | {state: Proof.State(state) for state in TITLES if state}
MOST_ASKED = 30


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as a page shows it."""

    proof: Proof
    status: str
    head: str
    sentence: str
    step: str

    @property
    def is_open(self) -> bool:
        """The car says otherwise, and nobody has answered."""
        return self.proof.state == Proof.State.CONTRADICTED and self.proof.answered_at is None

    @property
    def about(self) -> str:
        return self.proof.record.task.name if self.proof.record_id else self.proof.fault.code


@dataclass(frozen=True, slots=True)
class Question:
    """One service to be confirmed by a person."""

    proposal: Proposal
    title: str
    grounds: str

    @property
    def id(self) -> str:
        return f"ask-{self.proposal.pk}"

    @property
    def drawn(self) -> str:
        return "src-dealer" if self.proposal.source == "dealer" else "oil"


def shown(proof: Proof, fleet: Fleet) -> Claim:
    state = Proof.State(proof.state)
    settled = proof.answered_at is not None
    return Claim(
        proof,
        status="info" if settled else saying.STATUSES[state],
        head="settled by hand" if settled else saying.HEADS[state],
        sentence=saying.sentence(proof, fleet.zone),
        step=saying.STEPS[proof.watches] if state == Proof.State.CONTRADICTED and not settled else "",
    )


def of_records(records: Iterable[ServiceRecord], fleet: Fleet) -> dict[int, Claim]:
    """What the car says of each of these, by key. They come with their proofs."""
    proofs = (getattr(record, "proof", None) for record in records)
    return {proof.record_id: shown(proof, fleet) for proof in proofs if proof is not None}


def of_vehicle(vehicle: Vehicle, fleet: Fleet) -> list[Claim]:
    """What was claimed of its faults, and the jobs that the car contradicts; the newest claim comes last. One query."""
    doubted = Q(state=Proof.State.CONTRADICTED, answered_at=None, record__voided_at=None)
    found = Proof.objects.filter(Q(fault__isnull=False) | Q(doubted, record__isnull=False), vehicle=vehicle)
    return [shown(proof, fleet) for proof in found.select_related("record__task", "fault").order_by("claimed_at", "pk")]


def questions(found: QuerySet[Proposal], fleet: Fleet, known: Iterable[DealerRecord] = ()) -> list[Question]:
    """Open proposals in words, in two queries however many they are; in one if their dealer records are `known`."""
    rows = found.filter(state=Proposal.State.OPEN).select_related("task", "vehicle").order_by("-done_on", "pk")
    rows = list(rows[:MOST_ASKED])
    dealers = told_by_dealers(rows, known)
    return [question(row, dealers, fleet) for row in rows]


def alone(proposal: Proposal, fleet: Fleet) -> Question:
    return question(proposal, told_by_dealers([proposal]), fleet)


def told_by_dealers(rows: list[Proposal], known: Iterable[DealerRecord] = ()) -> dict[int, DealerRecord]:
    found = {record.pk: record for record in known}
    ids = [row.facts["dealer"] for row in rows if "dealer" in row.facts and row.facts["dealer"] not in found]
    return found | DealerRecord.objects.in_bulk(ids) if ids else found


def question(proposal: Proposal, dealers: dict[int, DealerRecord], fleet: Fleet) -> Question:
    on = f"{proposal.done_on:%-d %B %Y}"
    at = f" at {show_distance(proposal.odometer_km, fleet.units)}" if proposal.odometer_km is not None else ""
    name = proposal.task.name
    if proposal.source == Proposal.Source.DEALER:
        record = dealers.get(proposal.facts.get("dealer"))
        parts = [", ".join(task["name"] for task in record.tasks)] if record else []
        if record and record.cost is not None:
            parts.append(f"{number(float(record.cost), 2)} {record.currency}".strip())
        title = f"{name}: done by the dealer on {on}{at}?"
        grounds = f"The dealer’s records say: {' · '.join(parts)}." if parts else "The dealer’s records say so."
    else:
        facts = proposal.facts
        title = f"{name}: was it done around {on}{at}?"
        grounds = f"Oil life rose from {percent(facts['low'])} to {percent(facts['high'])}, and nobody has logged it."
    return Question(proposal, title, grounds)


def board(member: Membership, *, show: str, page: str, now: datetime) -> dict:
    show = show if show in TITLES else ""
    fleet = member.fleet
    standing = Proof.objects.seen_by(member).filter(
        Q(record=None) | Q(record__voided_at=None), vehicle__retired_at=None
    )
    counts = dict(standing.filter(answered_at=None).order_by().values_list("state").annotate(n=Count("pk")))
    found = standing.filter(state=STATES[show]).select_related("record__task", "fault", "vehicle")
    if show == "":
        found = found.filter(answered_at=None)
    leaf = pages.leaf(found.order_by("-claimed_at", "-pk"), page, {"show": show})
    asked = Proposal.objects.seen_by(member).filter(vehicle__retired_at=None)
    return {
        "here": "proofs",
        "show": show,
        "title": TITLES[show],
        "tabs": [{"show": name, "title": title, "n": counts.get(STATES[name], 0)} for name, title in TITLES.items()],
        "page": leaf,
        "claims": [shown(proof, fleet) for proof in leaf.rows],
        "questions": questions(asked, fleet) if show == "" else [],
        "today": fleet.day(now),
    }
