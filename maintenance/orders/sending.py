"""What a sheet sends counts once, however often it arrives."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from fleet.owners.models import Membership
from maintenance.models import OrderSend, WorkOrder
from maintenance.orders import moving

KEPT = timedelta(days=60)  # a phone lies in a drawer for a while


def receipt(order: WorkOrder, act: str, key: str) -> str:
    """What was answered to this send before; nothing to a first one."""
    known = OrderSend.objects.filter(order=order, act=act, key=key).first() if key else None
    return known.words if known else ""


@transaction.atomic
def once(order: WorkOrder, act: str, key: str, work: Callable[[], str], *, member: Membership, now: datetime) -> str:
    """The words of the receipt. `work` is done, and its words written down, in one transaction with the order held."""
    order = moving.locked(order, member)
    if known := receipt(order, act, key):
        return known
    words = work()
    if key:
        OrderSend.objects.create(order=order, act=act, key=key, words=words[:600], at=now)
    return words


def forget(*, now: datetime) -> None:
    OrderSend.objects.filter(at__lt=now - KEPT).delete()
