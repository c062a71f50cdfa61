"""Finish an order: each line that was dealt with is settled, all of them in one visit and one transaction."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction

from fleet.owners.models import Membership, User
from maintenance import workshop
from maintenance.domain.orders import Illegal, Move, State, advance
from maintenance.models import DueItem, OrderLine, ServiceRecord, WorkOrder
from maintenance.orders import finding, moving
from maintenance.proving import watching
from maintenance.refusals import Refused

Outcome = OrderLine.Outcome


@transaction.atomic
def finish(
    order: WorkOrder,
    outcomes: Mapping[int, str],
    *,
    member: Membership,
    done_on: date,
    odometer_km: float | None,
    now: datetime,
    confirmed: Collection[str] = (),
) -> int:
    """Settle the lines that have an outcome. Returns how many are still to do; with none left the order is done.

    A line is settled once: what was settled before, by the same form sent again or by somebody else, stays.
    """
    order = moving.locked(order, member)
    chosen = {pk: outcome for pk, outcome in outcomes.items() if outcome}
    finding.follow(order.vehicle_id)
    lines = list(order.lines.select_related("task", "item", "fault"))
    to_settle = [line for line in lines if line.pk in chosen and not line.outcome]
    if not to_settle and chosen:
        return sum(not line.outcome for line in lines)
    try:
        advance(State(order.state), Move.FINISH)
    except Illegal as illegal:
        raise Refused("", str(illegal)) from None
    if not to_settle:
        raise Refused("", "Say of at least one job what came of it.")
    visit = Visit(order, member, done_on=done_on, odometer_km=odometer_km, now=now, confirmed=confirmed)
    for line in to_settle:
        visit.settle(line, chosen[line.pk])
    left = sum(not line.outcome for line in lines)
    if not left:
        end(order, by=member.user, now=now)
    moving.ring(order, now)  # when the work began is known to its proofs only now
    return left


def mark(line: OrderLine, outcome: str, *, order: WorkOrder, by: User, now: datetime) -> None:
    """What came of it, and its record where there is one."""
    line.outcome, line.meant = outcome, ""
    line.settled_at, line.settled_by = now, str(by)[:120]
    line.save(update_fields=["outcome", "meant", "record", "settled_at", "settled_by"])
    said = f"{line.title}: {line.get_outcome_display().lower()}"
    moving.note_down(order, "settled", by=by, now=now, note=said)


def end(order: WorkOrder, *, by: User, now: datetime) -> None:
    """Nothing of it is left to do."""
    order.state, order.ended_at, order.ended_by = State.DONE.value, now, str(by)[:120]
    order.save(update_fields=["state", "ended_at", "ended_by"])
    moving.note_down(order, "done", by=by, now=now)
    moving.ring(order, now)


class Visit:
    """The same day, odometer and hands for every line."""

    def __init__(
        self,
        order: WorkOrder,
        member: Membership,
        *,
        done_on: date,
        odometer_km: float | None,
        now: datetime,
        confirmed: Collection[str],
    ):
        self.order, self.by, self.now = order, member.user, now
        self.done_on, self.odometer_km, self.confirmed = done_on, odometer_km, confirmed
        # Finished on the day of the work, the moment is known; noon would stand before what the car said since.
        self.at = now if done_on == order.fleet.day(now) else None

    def settle(self, line: OrderLine, outcome: str) -> None:
        if outcome != Outcome.DROPPED and line.task_id is not None:
            line.record = self.complete(line, outcome)
        elif outcome == Outcome.DONE and line.fault is not None and line.fault.closed_at is None:
            watching.claim_fixed(line.fault, by_name=str(self.by), now=self.now)
        mark(line, outcome, order=self.order, by=self.by, now=self.now)

    def complete(self, line: OrderLine, outcome: str) -> ServiceRecord:
        """A job that was found to need nothing was still done: its next point counts from here."""
        # A plan may have dropped the task meanwhile; what was done is written down all the same.
        item = line.item or DueItem(fleet=self.order.fleet, vehicle_id=self.order.vehicle_id, task=line.task)
        fine = outcome == Outcome.FINE
        words = [Outcome.FINE.label if fine else "", line.note, self.order.called]
        record = workshop.complete(
            item,
            by=self.by,
            done_on=self.done_on,
            odometer_km=self.odometer_km,
            notes=" · ".join(filter(None, words)),
            key=f"order-{self.order.pk}-{line.pk}",
            now=self.now,
            parts="" if fine else line.parts,
            checklist=line.checklist,
            confirmed=self.confirmed,
            at=self.at,
        )
        watching.begin(record, self.order.started_at)
        return record
