"""Start, hold, resume, cancel, and hand over. Each is written down as a step."""

from datetime import datetime

from django.db import transaction

from fleet.owners.models import Membership, Role, User
from maintenance.domain.orders import Illegal, Move, State, advance
from maintenance.models import OrderStep, WorkOrder
from maintenance.refusals import Refused
from vehicles.models import Vehicle

SAID = {Move.START: "started", Move.HOLD: "held", Move.RESUME: "resumed", Move.CANCEL: "cancelled"}


def locked(order: WorkOrder, member: Membership) -> WorkOrder:
    """The order as it stands now, held until the transaction ends; refused if it went into other hands meanwhile."""
    order = WorkOrder.objects.select_for_update(of=("self",)).select_related("assignee", "fleet").get(pk=order.pk)
    if member.role == Role.TECHNICIAN and order.assignee_id not in (None, member.user_id):
        raise Refused("", f"{order.called} is with {order.assignee} now.")
    return order


def note_down(order: WorkOrder, what: str, *, by: User, now: datetime, note: str = "") -> None:
    OrderStep.objects.create(order=order, what=what, note=note[:200], by_name=str(by)[:120], at=now)


@transaction.atomic
def move(
    order: WorkOrder, to: Move, *, member: Membership, now: datetime, reason: str = "", note: str = ""
) -> WorkOrder:
    """Start, hold, resume or cancel. `reason` of a hold is one of `WorkOrder.Hold`; of cancelling, words."""
    order = locked(order, member)
    before = State(order.state)
    if to is Move.HOLD and reason == WorkOrder.Hold.OTHER and not note.strip():
        raise Refused("hold_note", "Say in a few words why it waits.")
    if to is Move.HOLD and reason and reason not in WorkOrder.Hold.values:
        raise Refused("hold", "Choose why it waits.")
    try:
        after = advance(before, to, reason=reason)
    except Illegal as illegal:
        raise Refused("hold" if to is Move.HOLD else "", str(illegal)) from None
    if after is before:
        return order
    order.state = after.value
    words = note.strip()
    if to is Move.HOLD:
        order.hold, order.hold_note = reason, words[:200]
        words = ": ".join(filter(None, (order.get_hold_display(), words)))
    elif to is Move.CANCEL:
        words = reason.strip()
        order.cancel_why, order.ended_at, order.ended_by = words[:200], now, str(member.user)[:120]
        free_lines(order, by=member.user, now=now)
    else:
        order.hold, order.hold_note = "", ""
        order.started_at = order.started_at or now
    order.save()
    ring(order, now)
    note_down(order, SAID[to], by=member.user, now=now, note=words)
    if to in (Move.START, Move.RESUME) and order.assignee is None:
        hand(order, member.user, what="taken", by=member.user, now=now)
    return order


def ring(order: WorkOrder, now: datetime) -> None:
    """While somebody works on a car its alerts wait. After the commit: cars are locked first."""
    car = Vehicle.objects.filter(pk=order.vehicle_id)
    transaction.on_commit(lambda: car.update(review_after=now))


def free_lines(order: WorkOrder, *, by: User, now: datetime) -> None:
    """What a cancelled order did not come to is free for another one."""
    order.lines.filter(outcome="").update(outcome="dropped", settled_at=now, settled_by=str(by)[:120])


@transaction.atomic
def assign(order: WorkOrder, to: User | None, *, member: Membership, now: datetime) -> WorkOrder:
    """A manager gives it to anybody who works here, or to nobody; a technician takes what is free, or gives it back."""
    order = locked(order, member)
    if State(order.state).is_over:
        raise Refused("assignee", f"{order.called} is over; nobody needs to do it.")
    if order.assignee_id == (to.pk if to else None):
        return order
    if not member.plans and to is not None and to.pk != member.user_id:
        raise Refused("assignee", "Only a manager gives an order to somebody else.")
    if to is None and order.state == State.WORKING:
        raise Refused("assignee", "Put it on hold first, so that everybody sees that nobody works on it.")
    if to is not None and not works_here(to, order.fleet_id):
        raise Refused("assignee", "Choose somebody who works in this fleet.")
    what = "given back" if to is None else "taken" if to.pk == member.user_id else "assigned"
    hand(order, to, what=what, by=member.user, now=now)
    return order


def hand(order: WorkOrder, to: User | None, *, what: str, by: User, now: datetime) -> None:
    order.assignee = to
    order.save(update_fields=["assignee"])
    note_down(order, what, by=by, now=now, note=f"to {to}" if what == "assigned" else "")


def works_here(user: User, fleet_id: int) -> bool:
    return workers(fleet_id).filter(user=user).exists()


def workers(fleet_id: int):
    """Memberships of those who do the work, by name."""
    found = Membership.objects.filter(fleet_id=fleet_id, role__in=[Role.MANAGER, Role.TECHNICIAN], user__is_active=True)
    return found.select_related("user").order_by("user__name", "user__email", "pk")
