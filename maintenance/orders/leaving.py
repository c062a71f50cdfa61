"""What becomes of somebody's work when they do it no more."""

from datetime import datetime

from django.db import transaction

from fleet.owners.models import Fleet, User
from maintenance.domain.orders import Move, State, advance
from maintenance.models import Alert, WorkOrder
from maintenance.orders import moving


@transaction.atomic
def free(fleet: Fleet, user: User, *, by: User, now: datetime) -> int:
    """Their open orders and alerts are nobody's again; what was at work is on hold. How many orders."""
    theirs = WorkOrder.objects.select_for_update(of=("self",)).filter(
        fleet=fleet, assignee=user, state__in=WorkOrder.OPEN
    )
    orders = list(theirs.order_by("pk"))
    for order in orders:
        if order.state == State.WORKING:
            order.state = advance(State.WORKING, Move.HOLD, reason=WorkOrder.Hold.OTHER).value
            order.hold, order.hold_note = WorkOrder.Hold.OTHER, f"{user} works here no more"[:200]
            order.save(update_fields=["state", "hold", "hold_note"])
            moving.note_down(order, moving.SAID[Move.HOLD], by=by, now=now, note=order.hold_note)
            moving.ring(order, now)
        moving.hand(order, None, what="given back", by=by, now=now)
    Alert.objects.for_fleet(fleet).filter(assignee=user, closed_at=None).update(assignee=None)
    return len(orders)
