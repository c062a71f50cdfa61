"""A person answers what the portal asks: was this service done, and what of work that the car denies."""

from datetime import datetime, timedelta

from django.db import transaction

from fleet.kit.units import percent
from fleet.owners.models import User
from maintenance import review, workshop
from maintenance.models import DueItem, Proof, Proposal, ServiceRecord
from maintenance.refusals import Refused
from vehicles.models import Vehicle


def log(proposal: Proposal, *, by: User, now: datetime) -> ServiceRecord:
    """Yes, it was done: write it down for the day and the odometer that it was read from."""
    item = DueItem.objects.standing().filter(vehicle=proposal.vehicle, task=proposal.task).select_related("task")
    item = item.first()
    if item is None:
        raise Refused("", "This vehicle’s plan does not have this task any more.")
    # One answer, however often it is sent; what was taken back may be logged again.
    taken_back = ServiceRecord.objects.filter(key__startswith=f"proposal-{proposal.pk}-", voided_at__isnull=False)
    key = f"proposal-{proposal.pk}-{taken_back.filter(because_of=None).count()}"
    is_dealer = proposal.source == Proposal.Source.DEALER
    at = datetime.fromisoformat(proposal.facts["at"])
    before = at - timedelta(seconds=1)  # the reading that shows it is of the new oil
    fleet = proposal.vehicle.fleet
    at = before if not is_dealer and fleet.day(before) == fleet.day(at) else at
    return workshop.complete(
        item,
        by=by,
        done_on=proposal.done_on,
        odometer_km=proposal.odometer_km if is_dealer else None,
        notes=note(proposal),
        key=key,
        now=now,
        at=at,
    )


def note(proposal: Proposal) -> str:
    if proposal.source == Proposal.Source.DEALER:
        return "From the dealer’s records."
    facts = proposal.facts
    return f"Logged after oil life rose from {percent(facts['low'])} to {percent(facts['high'])}."


@transaction.atomic
def refuse(proposal: Proposal, *, by: User, why: str, now: datetime) -> None:
    """No, it was not: kept with the reason, and not asked again."""
    if not why.strip():
        raise Refused("why", "Say what it was instead, or how you know.")
    held = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if held.state != Proposal.State.OPEN:
        return
    held.state, held.answered_by, held.answered_at = Proposal.State.REFUSED, str(by)[:120], now
    held.facts = held.facts | {"why_not": why.strip()[:200]}
    held.save(update_fields=["state", "answered_by", "answered_at", "facts"])


@transaction.atomic
def settle(proof: Proof, *, by: User, why: str, now: datetime) -> None:
    """Somebody looked, and says why the car is wrong: its alert closes, and what the car said stays to be read."""
    if not why.strip():
        raise Refused("why", "Say what was found.")
    Vehicle.objects.select_for_update(no_key=True).get(pk=proof.vehicle_id)
    open_ones = Proof.objects.filter(pk=proof.pk, answered_at=None, state=Proof.State.CONTRADICTED)
    open_ones.update(answered_by=str(by)[:120], answered_at=now, answered_why=why.strip()[:200])
    review.review([proof.vehicle_id], now=now)
